/** Control characters, and those that change the direction of the text after them. */
const unprintable = /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u;

/** Neither a shell nor a terminal makes anything else of it. zsh reads a leading `=` as the path of a program, fish `%self`. */
const PLAIN = /^[\w@+:,./-][\w@%+=:,./-]*$/;

/**
 * A word of a command line as sh, bash, zsh and fish read it. Within single quotes fish, unlike the others, reads a backslash as the
 * start of an escape, so quotes and backslashes are outside of them. What is not printable is not in the word, where a
 * terminal or a line editor would obey it: `printf` writes it.
 */
export function quoted(word: string): string {
  if (PLAIN.test(word)) return word;
  if (unprintable.test(word)) return printed(word);
  return word.replaceAll(/[^'\\]+|['\\]/g, (part) => (/^['\\]$/.test(part) ? `\\${part}` : `'${part}'`)) || "''";
}

/** A substitution loses line breaks at its end. */
function printed(word: string): string {
  const [, text = '', lineBreaks = ''] = /^(.*?)(\n*)$/s.exec(word) ?? [];
  // No shell passes a null character on: without it, another word would be meant.
  const format = text
    .replaceAll('\0', printable('\0'))
    .replaceAll(/[^\p{L}\p{N} _@+=:,./]/gu, (character) => (character === '%' ? '%%' : octal(character)));
  return `"$(printf '${format}')"${lineBreaks === '' ? '' : `'${lineBreaks}'`}`;
}

const octal = (character: string): string =>
  Array.from(new TextEncoder().encode(character), (byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');

export const commandLine = (words: readonly string[]): string => ['rewind', ...words].map(quoted).join(' ');

/** JSON that a terminal shows as it is: what JSON leaves unescaped, and a terminal may obey, is escaped. */
export const printableJson = (value: unknown, indent?: number): string =>
  printable(JSON.stringify(value, undefined, indent), { newlines: true });

/**
 * Text of the API for a terminal: ids, reasons and failures hold any character, control sequences included. Newlines
 * are kept only on request.
 */
export const printable = (text: string, { newlines = false } = {}): string =>
  text.replaceAll(new RegExp(unprintable, 'gu'), (character) =>
    newlines && character === '\n' ? character : `\\u${character.codePointAt(0)?.toString(16).padStart(4, '0') ?? ''}`,
  );
