import * as fc from 'fast-check';
import { readPageToken, writePageToken } from '../../operations/page-token';
import { anyText } from '../support/arbitraries';

const list = ['workflows', 'orders', 'WorkflowType = "a"'];

test('a token decodes to its position in the same list', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (position) => {
      expect(readPageToken(writePageToken(list, position), list)).toEqual(JSON.parse(JSON.stringify(position)));
    }),
  );
});

test('returns no position without a token', () => {
  expect(readPageToken(undefined, list)).toBeUndefined();
});

const token = writePageToken(list, { after: 'order-1' });
const position = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

test.each([
  ['of another query', writePageToken(['workflows', 'orders', 'WorkflowType = "b"'], { after: 'order-1' })],
  ['of another namespace', writePageToken(['workflows', 'billing', list[2]], { after: 'order-1' })],
  ['with another position', token.replace(/\..*/, `.${position({ after: 'order-2' })}`)],
  ['without a checksum', position({ after: 'order-1' })],
  ['cut off', token.slice(0, -1)],
  ['of nothing but a dot', '.'],
  ['that is empty', ''],
])('refuses a token %s, with the name of its field', (_name, wrong) => {
  expect(() => readPageToken(wrong, list)).toThrow(
    expect.objectContaining({
      kind: 'invalid-request',
      details: expect.objectContaining({ field: 'pageToken', value: wrong }) as unknown,
    }) as Error,
  );
});

test('refuses any other text', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      fc.pre(text !== token);
      expect(() => readPageToken(text, list)).toThrow('pageToken is not one that this list returned.');
    }),
  );
});
