import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { RewindCommand } from '../support/rewind-command';
import { testIfInstalled } from '../support/test-if-installed';

/* Completion in shells, with contexts whose names contain any characters: the file may come from another person. */

const rewind = new RewindCommand();
afterAll(() => rewind.remove());
const launcher = path.resolve(__dirname, '../../cli/rewind.cjs');
const bin = path.join(rewind.home, 'bin');
const touched = path.join(rewind.home, 'touched');
const names = ['prod', 'two words', `$(touch ${touched})`, '`x`', "it's", 'a;b', String.raw`c\d`];

beforeAll(async () => {
  await mkdir(bin);
  const program = `#!/bin/sh\nexec ${process.execPath} ${launcher} "$@"\n`;
  await writeFile(path.join(bin, 'rewind'), program, { mode: 0o755 });
  const folder = path.join(rewind.home, '.config', 'rewind');
  await mkdir(folder, { recursive: true });
  const context = { apiUrl: 'https://example.com', region: 'eu-west-1' };
  const contexts = Object.fromEntries(names.map((name) => [name, context]));
  await writeFile(path.join(folder, 'contexts.json'), JSON.stringify({ contexts }));
});

/** The completions that a shell prints for these lines, one a line. */
async function printed(shell: string, args: string[]): Promise<string[]> {
  const env = {
    PATH: `${bin}:${process.env['PATH']}`,
    HOME: rewind.home,
    REWIND_LOCAL_JSON: path.join(rewind.home, 'none.json'),
  };
  return (await promisify(execFile)(shell, args, { env })).stdout.trim().split('\n');
}
const quoted = (words: string[]) => words.map((word) => `'${word}'`).join(' ');
const withoutDescription = (separator: string) => (line: string) => line.split(separator)[0] ?? '';

/** The words that each shell inserts into the command line, after it has parsed them. */
const shells: Record<string, (...words: string[]) => Promise<string[]>> = {
  bash: (...words) => {
    const script = `source <(rewind completion bash)
      COMP_WORDS=(rewind ${quoted(words)}); COMP_CWORD=${words.length}
      _rewind; eval "printf '%s\\n' \${COMPREPLY[*]}"`;
    return printed('bash', ['-c', script]);
  },
  // zsh shows completions only in a terminal, so this function prints them, quoted as zsh inserts them.
  zsh: async (...words) => {
    const script = `autoload -Uz compinit; compinit -u -d ${rewind.home}/zcompdump
      source <(rewind completion zsh)
      _describe() { print -rl -- "\${(@P)2}" }
      words=(rewind ${quoted(words)}); CURRENT=${words.length + 1}; _rewind`;
    return (await printed('zsh', ['-f', '-c', script])).map(withoutDescription(':'));
  },
  fish: async (...words) => {
    const script = `rewind completion fish | source; complete -C "rewind ${words.join(' ')}"`;
    return (await printed('fish', ['-c', script])).map(withoutDescription('\t'));
  },
};

async function expectCompletions(completed: (...words: string[]) => Promise<string[]>): Promise<void> {
  // zsh filters later, by what is typed.
  const commands = (await completed('re')).filter((word) => word.startsWith('re'));
  expect(commands.toSorted()).toEqual(['reset', 'restart']);
  expect(await completed('batch', 'sto')).toEqual(['stop']);
  expect(await completed('reset', 'order-1', '--orp')).toEqual(['--orphans']);
  // fish sorts.
  expect((await completed('reset', '--orphans', '')).toSorted()).toEqual(['cancel', 'leave', 'terminate']);
  expect(await completed('ls', '--context', 'pr')).toEqual(['prod']);
  expect((await completed('ls', '--context', '')).toSorted()).toEqual(names.toSorted());
  expect(existsSync(touched)).toBe(false);
}
for (const [shell, completed] of Object.entries(shells)) {
  const title = `${shell} completes commands, options, their values and contexts`;
  testIfInstalled(shell)(title, () => expectCompletions(completed));
}
