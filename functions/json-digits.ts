/*
 * `JSON.parse` reads a number that no double has as another one: 9007199254740991.4 becomes 9007199254740991, which could be the
 * ID of another workflow, and 0.12345678901234567890 loses its last digits. Whole numbers that it changes, and Infinity, are
 * recognizable after parsing, because they are not safe integers.
 */

/** A string or a number in a JSON text. */
const stringOrNumber = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;

/** Returns the digits of a number without its leading and trailing zeros. */
function significantDigits(number: string): string {
  const digits = number.replace(/e.*$/i, '').replaceAll(/[-.]/g, '').replace(/^0+/, '');
  let end = digits.length;
  // `/0+$/` would take quadratic time for many zeros within a number.
  while (digits[end - 1] === '0') end -= 1;
  return digits.slice(0, end);
}

function isChanged(token: string): boolean {
  if (token.startsWith('"')) return false;
  const parsed = Number(token);
  const isRecognizable = !Number.isFinite(parsed) || (Number.isInteger(parsed) && !Number.isSafeInteger(parsed));
  return !isRecognizable && significantDigits(token) !== significantDigits(String(parsed));
}

/** Returns the first number in a JSON text that `JSON.parse` changes, unless the change is recognizable after parsing. */
export function changedNumber(json: string): string | undefined {
  for (const [token] of json.matchAll(stringOrNumber)) if (isChanged(token)) return token;
  return undefined;
}

/** Parses JSON. A number that `JSON.parse` changes unrecognizably becomes an object with its digits. */
export function parseKeepingDigits(json: string): unknown {
  const kept = json.replaceAll(stringOrNumber, (token) =>
    isChanged(token) ? JSON.stringify({ number: token }) : token,
  );
  return JSON.parse(kept);
}
