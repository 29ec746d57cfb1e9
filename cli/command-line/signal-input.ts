/**
 * Parses the argument of a signal.
 * @throws {Error} if the text is not JSON, or has a number that would be sent as another one
 */
export function parseSignalInput(text: string): unknown {
  return JSON.parse(text, (_, value: unknown) => {
    if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
    if (Number.isFinite(value) && !Number.isInteger(value)) return value;
    throw new Error(`it has a number that may have lost digits, ${value}: send it as a string`);
  });
}
