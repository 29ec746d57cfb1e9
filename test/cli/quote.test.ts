import { execFileSync, spawnSync } from 'node:child_process';
import * as fc from 'fast-check';
import { commandLine, printable, printableJson, quoted } from '../../cli/output/quote';
import { anyText } from '../support/arbitraries';

/* Printed command lines, as shells parse them: ids, reasons and build ids contain any characters. */

/** The words that a shell passes to a command from one line. */
const readBy = (shell: string, words: readonly string[]) => run(shell, `printf '%s\\0' ${words.map(quoted).join(' ')}`);

/** The same, with a line for each word: another word may change how a shell reads it. */
const readAlone = (shell: string, words: readonly string[]) =>
  run(shell, words.map((word) => `printf '%s\\0' ${quoted(word)}`).join('\n'));

function run(shell: string, script: string): string[] {
  return execFileSync(shell, ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
}

const isThere = (shell: string) => spawnSync(shell, ['-c', 'true']).error === undefined;
const shells = ['sh', 'bash', 'dash', 'zsh', 'fish'].filter(isThere);

const words = [
  'order-42',
  '',
  ' ',
  'a b',
  "it's",
  "'",
  "''",
  '"',
  '\\',
  '\\\\',
  "\\'",
  'a\\',
  "\\' ; echo no #",
  "' ; echo no #",
  '$HOME',
  '$(echo no)',
  '`echo no`',
  '${x}',
  '!x',
  'a!b',
  '^a^b',
  '*',
  '?',
  '[a]',
  '{a,b}',
  '~',
  '~root',
  '#x',
  '&',
  ';',
  '|',
  '<',
  '>',
  '=ls',
  '%self',
  '%1',
  '%s',
  '%%',
  'a%sb',
  '-x',
  '--',
  '-',
  '@x',
  'a=~',
  'a=b',
  '{"by":"hand"}',
  '{"a":"\\"b\\\\c\\n"}',
  '\n',
  'a\nb',
  'a\n',
  '\n\na',
  'a\n\n',
  'a\tb',
  '\u001b[2J',
  '\u0015echo no\r',
  '\u001b[201~\necho no\n',
  '-\u001b',
  '%\u001b%s',
  "'\u001b'",
  '\\\u001b\\',
  '\u007f',
  '\u0085',
  '\u009b2J',
  'é',
  'e\u0301',
  '😀',
  '\u00a0',
  '\u202e',
  '\u2028',
  '\ufeff',
  'a\u200bb',
  '\u200eb',
  '\u{e0041}',
  '\u001b😀é',
];

test.each(shells)('%s reads each quoted word unchanged', (shell) => {
  expect(readAlone(shell, words)).toEqual(words);
  expect(readBy(shell, words)).toEqual(words);
});

test.each(shells)('%s reads any quoted word unchanged', (shell) => {
  const anyWord = anyText.filter((text) => text.isWellFormed() && !text.includes('\0'));
  fc.assert(
    fc.property(fc.array(anyWord, { minLength: 20, maxLength: 40 }), (many) => {
      expect(readBy(shell, many)).toEqual(many);
    }),
    { numRuns: 25 },
  );
});

test('escapes a null character: without it the word would name another workflow', () => {
  for (const shell of shells) expect(readBy(shell, ['order-4\u00002'])).toEqual([String.raw`order-4\u00002`]);
});

test('a command line has no control characters except line breaks at the end of a word', () => {
  for (const word of words) expect(printable(quoted(word), { newlines: true })).toBe(quoted(word));
  for (const word of words.filter((each) => !each.endsWith('\n'))) expect(quoted(word)).not.toContain('\n');
});

test('escapes invisible characters, and those that change the direction of text, so that no two ids look the same', () => {
  const lookalikes = [
    'order-42',
    'order-\u200b42',
    'order-42\u2060',
    '\ufefforder-42',
    'order-\u00ad42',
    'order-4\u{e0041}2',
  ];
  const shown = lookalikes.map((id) => printable(id));
  expect(shown).toEqual([
    'order-42',
    String.raw`order-\u200b42`,
    String.raw`order-42\u2060`,
    String.raw`\ufefforder-42`,
    String.raw`order-\u00ad42`,
    String.raw`order-4\udb40\udc412`,
  ]);
  expect(lookalikes.map((id) => JSON.parse(printableJson(id)) as string)).toEqual(lookalikes);
  expect(printable('\u200f\u061c\u202e')).toBe(String.raw`\u200f\u061c\u202e`);
});

test('escapes control characters in JSON without changing its value', () => {
  const hostile = {
    '\u009b2J': '\u001b[2J\u007f\u0085\u009b31m\u202eevil\u2028\u2066x\n\t"\\é😀\u0000',
    n: [1, null, true],
  };
  for (const json of [printableJson(hostile), printableJson(hostile, 2)]) {
    expect(JSON.parse(json)).toEqual(hostile);
    expect(printable(json, { newlines: true })).toBe(json);
    expect(json).toContain('é😀');
  }
});

test('quotes only words that need quotes', () => {
  expect(commandLine(['reset', 'order-42', '--to', 'before-failure', '--reason', "it's bad"])).toBe(
    `rewind reset order-42 --to before-failure --reason 'it'\\''s bad'`,
  );
});
