import { fillQuery, fillTemplate, hasQuotedPlaceholder, malformedPaths } from '../../operations/trigger';

const event = {
  id: 'e-1',
  source: 'com.example.orders',
  'detail-type': 'OrderWithdrawn',
  detail: {
    orderId: '1234',
    lines: [{ sku: 'a/b' }],
    count: 3,
    urgent: true,
    sly: '<$.detail.orderId>',
    nothing: null,
  },
};

describe('a template', () => {
  test.each([
    ['order-<$.detail.orderId>', 'order-1234'],
    ['<$.detail.lines[0].sku>', 'a/b'],
    ['<$.detail.count>-<$.detail.urgent>', '3-true'],
    ['<$.detail-type> of <$.source>', 'OrderWithdrawn of com.example.orders'],
    ['no path at all', 'no path at all'],
    ['<$.detail.sly>', '<$.detail.orderId>'],
  ])('%s is filled', (template, filled) => {
    expect(fillTemplate(template, event)).toBe(filled);
  });

  test.each([
    '<$.detail.missing>',
    '<$.detail.lines>',
    '<$.detail.nothing>',
    '<$.detail.constructor>',
    '<$.detail.lines[7]>',
  ])('%s has no value to be filled with: the path is named', (template) => {
    expect(() => fillTemplate(template, event)).toThrow(template.slice(1, -1));
  });

  test('is checked when it is configured', () => {
    expect(malformedPaths('order-<$.detail.orderId>')).toEqual([]);
    expect(malformedPaths('<detail.orderId> <$> <$..x> <$.a[*]>')).toEqual(['detail.orderId', '$', '$..x', '$.a[*]']);
  });
});

describe('a query template', () => {
  const from = (customer: unknown) => ({ ...event, detail: { customer } });

  test('is filled with quoted values', () => {
    expect(
      fillQuery('CustomerId = <$.detail.orderId> AND Urgent = <$.detail.urgent> AND N > <$.detail.count>', event),
    ).toBe("CustomerId = '1234' AND Urgent = true AND N > 3");
  });

  test.each(["x' OR WorkflowType != '", 'x" OR "1', 'x\\', 'x`', 'x\n', "'"])(
    'cannot have its meaning changed by the value %j: it is refused',
    (value) => {
      expect(() => fillQuery('CustomerId = <$.detail.customer>', from(value))).toThrow('cannot be part of a query');
    },
  );

  test('keeps a value that looks like a query a value', () => {
    expect(fillQuery('CustomerId = <$.detail.customer>', from('x OR 1 = 1)'))).toBe("CustomerId = 'x OR 1 = 1)'");
  });

  test('must not quote its paths itself', () => {
    expect(hasQuotedPlaceholder("CustomerId = '<$.detail.customer>'")).toBe(true);
    expect(hasQuotedPlaceholder('CustomerId = "c-<$.detail.customer>"')).toBe(true);
    expect(hasQuotedPlaceholder("CustomerId = <$.detail.customer> AND WorkflowType = 'order'")).toBe(false);
  });
});
