import * as fc from 'fast-check';
import { changedNumber, parseKeepingDigits } from '../../functions/json-digits';
import { anyJson } from '../support/arbitraries';

test.each(['9007199254740991.4', '4503599627370497.25', '-4503599627370496.2', '1.00000000000000000001', '1e-400'])(
  'the number %s, which JSON.parse changes to a whole number, keeps its digits',
  (number) => {
    expect(Number.isInteger(Number(number))).toBe(true);
    const text = `{"a": [${number}, "${number}"]}`;

    expect(parseKeepingDigits(text)).toEqual({ a: [{ number }, number] });
    expect(changedNumber(text)).toBe(number);
  },
);

test.each(['0', '-0', '12', '12.5', '100.00', '1e3', '1.50e1', '1500e-2', '9007199254740993', '1e400', '0.1'])(
  'the number %s is parsed as JSON.parse does',
  (number) => {
    expect(parseKeepingDigits(number)).toBe(JSON.parse(number));
    expect(changedNumber(number)).toBeUndefined();
  },
);

test('other JSON is parsed as JSON.parse does, and invalid JSON is refused', () => {
  fc.assert(
    fc.property(anyJson, (value) => {
      const text = JSON.stringify(value);
      expect(parseKeepingDigits(text)).toEqual(JSON.parse(text));
    }),
  );
  expect(() => parseKeepingDigits('{"a": 1.e5}')).toThrow(SyntaxError);
});
