/*
 * `JSON.parse` changes some numbers with a fraction to whole numbers: 9007199254740991.4 becomes 9007199254740991, which could
 * be the ID of another workflow. Whole numbers that it changes are recognizable, because they are not safe integers.
 */

/** A string or a number in a JSON text. */
const stringOrNumber = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;

const parts = /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** Whether `JSON.parse` changes the number to a whole number. */
function losesFraction(token: string): boolean {
  const [, whole = '', fraction = '', exponent = '0'] = parts.exec(token) ?? [];
  if (!Number.isSafeInteger(Number(token))) return false;
  const shift = Number(exponent) - fraction.length;
  return shift < 0 && !/^0*$/.test(`${whole}${fraction}`.slice(shift));
}

const isChanged = (token: string): boolean => !token.startsWith('"') && losesFraction(token);

/** Returns the first number in a JSON text that `JSON.parse` changes to a whole number. */
export function changedNumber(json: string): string | undefined {
  for (const [token] of json.matchAll(stringOrNumber)) if (isChanged(token)) return token;
  return undefined;
}

/** Parses JSON. A number that `JSON.parse` changes to a whole number becomes an object with its digits. */
export function parseKeepingDigits(json: string): unknown {
  const kept = json.replaceAll(stringOrNumber, (token) =>
    isChanged(token) ? JSON.stringify({ number: token }) : token,
  );
  return JSON.parse(kept);
}
