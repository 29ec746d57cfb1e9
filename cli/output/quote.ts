/** Control characters, and format characters: they are invisible or change the direction of text, so that two ids look the same. */
const unprintable = /[\p{Cc}\p{Cf}\u2028\u2029]/u;

/** Words that need no quoting. zsh expands a leading `=` to the path of a program, and fish expands `%self`. */
const PLAIN = /^[\w@+:,./-][\w@%+=:,./-]*$/;

/**
 * Quotes a word for sh, bash, zsh and fish. Quotes and backslashes stay outside single quotes, because fish treats a backslash
 * within single quotes as an escape. Unprintable characters, which a terminal or a line editor would execute, are written
 * by `printf`.
 */
export function quoted(word: string): string {
  if (PLAIN.test(word)) return word;
  if (unprintable.test(word)) return printed(word);
  return word.replaceAll(/[^'\\]+|['\\]/g, (part) => (/^['\\]$/.test(part) ? `\\${part}` : `'${part}'`)) || "''";
}

/** The word as a substitution of `printf`. Line breaks at the end follow it, since a substitution drops them. */
function printed(word: string): string {
  const [, text = '', lineBreaks = ''] = /^(.*?)(\n*)$/s.exec(word) ?? [];
  // Shells cannot pass a null character. It stays visible, because without it the word would name something else.
  const format = text
    .replaceAll('\0', printable('\0'))
    .replaceAll(/[^\p{L}\p{N} _@+=:,./]/gu, (character) => (character === '%' ? '%%' : octal(character)));
  return `"$(printf '${format}')"${lineBreaks === '' ? '' : `'${lineBreaks}'`}`;
}

const octal = (character: string): string =>
  Array.from(new TextEncoder().encode(character), (byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');

export const commandLine = (words: readonly string[]): string => ['rewind', ...words].map(quoted).join(' ');

/** Formats JSON for a terminal, and escapes the control characters that JSON leaves unescaped. */
export const printableJson = (value: unknown, indent?: number): string =>
  printable(JSON.stringify(value, undefined, indent), { newlines: true });

/**
 * Escapes control and format characters of API texts for a terminal: ids, reasons and failures can contain any character. Newlines
 * are kept only on request.
 */
export const printable = (text: string, { newlines = false } = {}): string =>
  text.replaceAll(new RegExp(unprintable, 'gu'), (character) =>
    newlines && character === '\n' ? character : escaped(character),
  );

/** The escape of JSON: of each half of a surrogate pair. */
const escaped = (character: string): string =>
  Array.from({ length: character.length }, (_, index) => {
    const unit = character.charCodeAt(index).toString(16);
    return `\\u${unit.padStart(4, '0')}`;
  }).join('');
