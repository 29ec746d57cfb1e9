import * as fc from 'fast-check';
import { changedNumber, parseKeepingDigits } from '../../functions/json-digits';
import { anyJson } from '../support/arbitraries';

test.each([
  '9007199254740991.4',
  '4503599627370497.25',
  '-4503599627370496.2',
  '1.00000000000000000001',
  '1e-400',
  '0.12345678901234567890',
  '-1.2345678901234567e-7',
  '9.99999999999999999',
])('the number %s, which JSON.parse changes, keeps its digits', (number) => {
  const text = `{"a": [${number}, "${number}"]}`;

  expect(parseKeepingDigits(text)).toEqual({ a: [{ number }, number] });
  expect(changedNumber(text)).toBe(number);
});

test.each([
  '0',
  '-0',
  '12',
  '12.5',
  '100.00',
  '1e3',
  '1.50e1',
  '1500e-2',
  '9007199254740993',
  '1e400',
  '0.1',
  '1e-7',
  '0.30000000000000004',
])('the number %s is parsed as JSON.parse does', (number) => {
  expect(parseKeepingDigits(number)).toBe(JSON.parse(number));
  expect(changedNumber(number)).toBeUndefined();
});

test('other JSON is parsed as JSON.parse does, and invalid JSON is refused', () => {
  fc.assert(
    fc.property(anyJson, (value) => {
      const text = JSON.stringify(value);
      expect(parseKeepingDigits(text)).toEqual(JSON.parse(text));
    }),
  );
  expect(() => parseKeepingDigits('{"a": 1.e5}')).toThrow(SyntaxError);
});

// In quadratic time, this many zeros would take minutes.
test('the zeros within a number are significant digits, also 600,000 of them', () => {
  const number = `1${'0'.repeat(300_000)}1.${'0'.repeat(300_000)}1e-299990`;

  expect(changedNumber(number)).toBe(number);
});
