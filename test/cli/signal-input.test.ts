import * as fc from 'fast-check';
import { parseSignalInput } from '../../cli/command-line/signal-input';
import { anyJson } from '../support/arbitraries';

test.each([
  '9007199254740991.4',
  '4503599627370497.25',
  '1234567890123456.78',
  '0.12345678901234567890',
  '1.00000000000000000001',
  '9007199254740993',
  '-9007199254740993',
  '1e400',
  '1e-400',
])('the number %s, which would be sent with other digits, is refused, but not in a string', (number) => {
  expect(() => parseSignalInput(`{"orderId": [${number}, "${number}"]}`)).toThrow(
    `the number ${number} would lose digits: send it as a string`,
  );
  expect(parseSignalInput(`{"a\\"${number}": "\\\\${number}\\""}`)).toEqual({ [`a"${number}`]: `\\${number}"` });
});

test.each(['0', '-0', '0.0', '12', '12.5', '100.00', '1e3', '1.50E+1', '1500e-2', '9007199254740991', '0.1', '1e-7'])(
  'the number %s is sent',
  (number) => expect(parseSignalInput(number)).toBe(Number(number)),
);

test('every JSON value whose numbers JavaScript has printed is sent, except with whole numbers that are too large', () => {
  const sent = anyJson.filter((value) => wholeNumbersIn(value).every(Number.isSafeInteger));
  fc.assert(
    fc.property(sent, (value) => {
      const text = JSON.stringify(value);
      expect(parseSignalInput(text)).toEqual(JSON.parse(text));
    }),
  );
});

function wholeNumbersIn(value: unknown): unknown[] {
  const found: unknown[] = [];
  JSON.stringify(value, (_, one: unknown) => {
    if (Number.isInteger(one)) found.push(one);
    return one;
  });
  return found;
}

test('a text that is not JSON is refused', () => {
  expect(() => parseSignalInput('{"a": 1.e5}')).toThrow(SyntaxError);
});
