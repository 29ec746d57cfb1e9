import { execFile, spawn } from 'node:child_process';
import type { ChildProcess, StdioOptions } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';

const launcher = path.resolve(__dirname, '../../cli/rewind.cjs');

/** The result of the built command. */
export interface CommandResult {
  exitCode: number;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  /** Added to an environment with the local stack only. `undefined` removes a variable. */
  env?: Record<string, string | undefined>;
  stdin?: string;
  cwd?: string;
  /** The program and first arguments that start Node.js; that of the tests when left out. */
  node?: string[];
}

/** Keys to send once a text is on the screen. */
export interface KeyStep {
  expect: string | RegExp;
  send: string;
}

export const CTRL_C = '\u0003';
export const ENTER = '\r';

/** The `rewind` command, with a temporary home directory. */
export class RewindCommand {
  /** For `.config` and `.aws`. */
  readonly home = mkdtempSync(path.join(tmpdir(), 'rewind-home-'));

  /** @param detailsFile of the local stack, if any */
  constructor(private readonly detailsFile?: string) {}

  remove(): void {
    rmSync(this.home, { recursive: true });
  }

  run(
    args: string[],
    { env, stdin = '', cwd = this.home, node = [process.execPath] }: RunOptions = {},
  ): Promise<CommandResult> {
    return new Promise((resolve) => {
      const [program = '', ...first] = node;
      const child = execFile(
        program,
        [...first, launcher, ...args],
        { cwd, env: this.environment(env), maxBuffer: 1e8 },
        (error, stdout, stderr) => {
          resolve({ exitCode: error ? Number(error.code) : 0, stdout, stderr });
        },
      );
      child.stdin?.end(stdin);
    });
  }

  /** Starts the command without waiting for its exit. */
  start(args: string[], { env, cwd = this.home, stdio }: RunOptions & { stdio?: StdioOptions } = {}): ChildProcess {
    return spawn(process.execPath, [launcher, ...args], { cwd, env: this.environment(env), ...(stdio && { stdio }) });
  }

  /** Parses standard output as JSON. */
  async json<Result = Record<string, unknown>>(args: string[], how?: RunOptions): Promise<Result> {
    const { stdout, stderr, exitCode } = await this.run([...args, '-o', 'json'], how);
    if (stdout === '') throw new Error(`rewind ${args.join(' ')}: exit code ${exitCode}, ${stderr}`);
    return JSON.parse(stdout) as Result;
  }

  /**
   * Runs the command in a pseudo-terminal.
   * @returns `screen`: the output without colours and cursor movements
   */
  runInTerminal(
    args: string[],
    steps: KeyStep[] = [],
    { columns = 120, env }: RunOptions & { columns?: number } = {},
  ): Promise<{ exitCode: number; screen: string; raw: string }> {
    const description = {
      args: [process.execPath, launcher, ...args],
      env: { ...this.environment(env), TERM: 'xterm-256color' },
      cwd: this.home,
      columns,
      steps: steps.map(({ expect: shown, send }) => ({ expect: patternOf(shown), send })),
      timeout: 100,
    };
    return new Promise((resolve, reject) => {
      const child = execFile('python3', [path.join(__dirname, 'terminal_session.py')], (error, stdout, stderr) => {
        if (error) return reject(new Error(stderr));
        const { output, exitCode, left } = JSON.parse(stdout) as { output: string; exitCode: number; left: object[] };
        const screen = stripVTControlCharacters(output).replaceAll('\r\n', '\n');
        if (left.length > 0)
          return reject(new Error(`the screen never showed ${String(steps.at(-left.length)?.expect)}:\n${screen}`));
        return resolve({ exitCode, screen, raw: output });
      });
      child.stdin?.end(JSON.stringify(description));
    });
  }

  private environment(more: RunOptions['env'] = {}): Record<string, string> {
    const { PATH = '' } = process.env;
    const env = {
      PATH,
      HOME: this.home,
      // The default chain would look for an EC2 instance's role.
      AWS_EC2_METADATA_DISABLED: 'true',
      REWIND_LOCAL_JSON: this.detailsFile ?? path.join(this.home, 'no-local-stack.json'),
      ...more,
    };
    return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
  }
}

const patternOf = (shown: string | RegExp): string =>
  typeof shown === 'string' ? shown.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`) : shown.source;

/** The command on the shared local stack of the end-to-end tests. */
export function rewindCommand(): RewindCommand {
  const command = new RewindCommand(path.resolve(process.env['REWIND_E2E_LOCAL_JSON'] ?? ''));
  afterAll(() => command.remove());
  return command;
}
