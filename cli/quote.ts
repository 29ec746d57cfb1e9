/** A word of a command line as a POSIX shell reads it. */
export const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

export const commandLine = (words: readonly string[]): string => ['rewind', ...words].map(quoted).join(' ');

/**
 * Text of the API for a terminal: ids, reasons and failures hold any character, control sequences included. Newlines
 * are kept only on request.
 */
export const printable = (text: string, { newlines = false } = {}): string =>
  text.replaceAll(/[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu, (character) =>
    newlines && character === '\n' ? character : `\\u${character.codePointAt(0)?.toString(16).padStart(4, '0') ?? ''}`,
  );
