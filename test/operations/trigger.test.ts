import * as fc from 'fast-check';
import { OperationFailure } from '../../api/failures';
import {
  fillQuery,
  fillTemplate,
  malformedPaths,
  malformedQueryPaths,
  placesValuesSafely,
} from '../../operations/trigger';
import { anyJson, anyText } from '../support/arbitraries';

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
  ])('fills %s', (template, filled) => {
    expect(fillTemplate(template, event)).toBe(filled);
  });

  test.each([
    '<$.detail.missing>',
    '<$.detail.lines>',
    '<$.detail.nothing>',
    '<$.detail.constructor>',
    '<$.detail.lines[7]>',
  ])('refuses %s without a value, and names the path', (template) => {
    expect(() => fillTemplate(template, event)).toThrow(template.slice(1, -1));
  });

  const numbered = (text: string) => ({ ...event, detail: JSON.parse(`{"n": ${text}}`) as object });

  test.each(['0', '-7', '1234567', '9007199254740991', '-9007199254740991'])('keeps the number %s', (text) => {
    expect(fillTemplate('order-<$.detail.n>', numbered(text))).toBe(`order-${text}`);
    expect(fillQuery('N = <$.detail.n>', numbered(text))).toBe(`N = ${text}`);
  });

  // JSON.parse changes the digits of these, or may.
  test.each([
    '18014401185133493',
    '9007199254740992',
    '-9007199254740993',
    '12.50',
    '12.5',
    '0.1',
    '1e30',
    '1e400',
    '-0',
  ])('refuses the number %s in a workflow id and requires text', (text) => {
    expect(() => fillTemplate('order-<$.detail.n>', numbered(text))).toThrow('send it as a string');
    expect(() => fillQuery('N = <$.detail.n>', numbered(text))).toThrow('send it as a string');
  });

  test('is validated when it is configured', () => {
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

  test.each(["x' OR WorkflowType != '", 'x" OR "1', 'x\\', 'x\n', "'"])(
    'refuses the value %j, which could change its meaning',
    (value) => {
      expect(() => fillQuery('CustomerId = <$.detail.customer>', from(value))).toThrow('cannot be part of a query');
    },
  );

  test('quotes a value that looks like a query', () => {
    expect(fillQuery('CustomerId = <$.detail.customer>', from('x OR 1 = 1)'))).toBe("CustomerId = 'x OR 1 = 1)'");
  });

  test.each([
    "CustomerId = '<$.detail.customer>'",
    'CustomerId = "c-<$.detail.customer>"',
    "CustomerId = 'it\\'s <$.detail.customer>'",
    "CustomerId = 'it''s <$.detail.customer>'",
    '`<$.detail.customer>` = 1',
    'Urgent = true /* for <$.detail.customer> */',
    'Urgent = true -- for <$.detail.customer>',
    'Urgent = true # for <$.detail.customer>',
    "CustomerId = <$.detail.customer> AND Name = '",
  ])('refuses paths in quotes or comments: %s', (template) => {
    expect(placesValuesSafely(template)).toBe(false);
  });

  test.each([
    'Customer<$.detail.count> = 1',
    'N = 1<$.detail.count>',
    'N = <$.detail.count>0',
    'N = <$.detail.count>.5',
    "CustomerId = 'c'<$.detail.customer>",
    '`Customer`<$.detail.count> = 1',
  ])('refuses a value that would be part of a word: %s', (template) => {
    expect(placesValuesSafely(template)).toBe(false);
  });

  test('accepts operators next to paths', () => {
    const query = "A < 5 AND B > <$.detail.count> AND C <> 'a < b' AND D<><$.detail.orderId> AND E<=<$.detail.count>";
    expect(malformedQueryPaths(query)).toEqual([]);
    expect(placesValuesSafely(query)).toBe(true);
    expect(fillQuery(query, event)).toBe("A < 5 AND B > 3 AND C <> 'a < b' AND D<>'1234' AND E<=3");
  });

  test('refuses paths that cannot be parsed', () => {
    expect(malformedQueryPaths("A = <detail.customer> AND B = <$> AND C = <$..x> AND D = '<b>'")).toEqual([
      '$',
      '$..x',
      'detail.customer',
    ]);
  });

  test.each([
    "CustomerId = <$.detail.customer> AND WorkflowType = 'order'",
    'CustomerId = <$.detail.customer> AND WorkflowType = "it\'s -- #1"',
    "CustomerId = <$.detail.customer> AND WorkflowType = 'it\\'s'",
    '`CustomerId` IN (<$.detail.customer>, "nobody")',
  ])('accepts paths anywhere else: %s', (template) => {
    expect(placesValuesSafely(template)).toBe(true);
  });
});

/* A hostile event cannot change the meaning of a template. */

const anyEvent = anyJson.map((value) => ({ id: 'e-1', source: 's', 'detail-type': 't', detail: { value } }));

/** The filled text, or undefined when the event was refused as one that can never succeed. */
function filledOrRefused(fill: typeof fillTemplate, template: string, from: Parameters<typeof fillTemplate>[1]) {
  try {
    return fill(template, from);
  } catch (error) {
    if (error instanceof OperationFailure && error.kind === 'invalid-request') return undefined;
    throw error;
  }
}

/** Splits a query into SQL tokens: literals and other text. */
const tokens = (query: string) =>
  [...query.matchAll(/'((?:[^'\\]|\\.)*)'|"(?:[^"\\]|\\.)*"|`[^`]*`|[\w.+-]+|\S/gs)].map(([token]) => token);

describe('for any event', () => {
  const templates = fc.constantFrom(
    'A = <$.detail.value>',
    'A IN (<$.detail.value>, <$.detail.value>) AND B = "c"',
    "(A != <$.detail.value> OR B = 'it\\'s') AND C STARTS_WITH <$.detail.value>",
  );

  test('a query keeps its structure: the value is one literal, and the rest is unchanged', () => {
    let filledQueries = 0;
    fc.assert(
      fc.property(templates, anyEvent, (template, from) => {
        const query = filledOrRefused(fillQuery, template, from);
        if (query === undefined) return;
        filledQueries += 1;
        const { value } = from.detail;
        const literal = typeof value === 'string' ? `'${value}'` : String(value);

        const read = tokens(query);

        expect(query.isWellFormed()).toBe(true);
        expect(read).toEqual(
          tokens(template.replaceAll('<$.detail.value>', 'VALUE')).map((token) =>
            token === 'VALUE' ? literal : token,
          ),
        );
      }),
      {
        numRuns: 500,
        examples: [
          ['A = <$.detail.value>', { id: '', source: '', 'detail-type': '', detail: { value: "x' OR A != '" } }],
        ],
      },
    );
    expect(filledQueries).toBeGreaterThan(50);
  });

  test('a text contains the exact value, or the event is refused', () => {
    fc.assert(
      fc.property(anyEvent, (from) => {
        const { value } = from.detail;
        const usable =
          (typeof value === 'string' && value !== '') ||
          typeof value === 'boolean' ||
          (Number.isSafeInteger(value) && !Object.is(value, -0));

        expect(filledOrRefused(fillTemplate, 'order-<$.detail.value>!', from)).toBe(
          usable ? `order-${String(value)}!` : undefined,
        );
      }),
    );
  });

  test('a template reads only own properties of the event', () => {
    const names = fc.constantFrom('constructor', '__proto__', 'length', 'toString', 'detail', '0');
    fc.assert(
      fc.property(fc.array(names, { minLength: 1, maxLength: 4 }), anyText, (path, value) => {
        const from = { id: 'e', source: 's', 'detail-type': 't', detail: { value } };

        expect(filledOrRefused(fillTemplate, `<$.detail.value.${path.join('.')}>`, from)).toBeUndefined();
      }),
    );
  });
});
