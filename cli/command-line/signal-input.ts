/** A string or a number in a JSON text. */
const stringOrNumber = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;

const MAX_DIGITS_SHOWN = 100;

/**
 * Parses the argument of a signal.
 * @throws {Error} if the text is not JSON, or has a number that would be sent as another one
 */
export function parseSignalInput(text: string): unknown {
  const input: unknown = JSON.parse(text);
  for (const [token] of text.matchAll(stringOrNumber)) {
    if (token.startsWith('"') || keepsDigits(token)) continue;
    throw new Error(`the number ${token.slice(0, MAX_DIGITS_SHOWN)} would lose digits: send it as a string`);
  }
  return input;
}

/** Whether JavaScript, in which the API and TypeScript workflows read the number, keeps all of its digits. */
function keepsDigits(token: string): boolean {
  const read = Number(token);
  // The API refuses whole numbers above 9007199254740991, also those that have an exact representation.
  if (!Number.isFinite(read) || (Number.isInteger(read) && !Number.isSafeInteger(read))) return false;
  return significantDigits(token) === significantDigits(String(read));
}

/** Returns the digits of a number without its leading and trailing zeros. */
const significantDigits = (number: string): string =>
  number
    .replace(/e.*$/i, '')
    .replaceAll(/[-.]/g, '')
    .replaceAll(/^0+|0+$/g, '');
