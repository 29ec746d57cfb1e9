import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../user-error';
import { cleanupOnExit } from './cleanup-on-exit';

/** Time between SIGTERM and SIGKILL, in milliseconds. */
const STOP_GRACE_MS = 5000;

export interface ProcessOptions {
  /** The name of the process in messages; that of the program when absent. */
  name?: string;
  /** File to which the output (stdout and stderr) is appended. */
  logFile: string;
  /** The complete environment of the process; inherited only when absent. */
  env?: NodeJS.ProcessEnv;
  cwd?: string;
}

export interface RunningProcess {
  readonly pid: number;
  readonly logFile: string;
  /** How the process ended, with the end of its output; `undefined` while it runs. */
  readonly ended: string | undefined;
  /** Resolves when the process has ended. Never rejects. */
  readonly end: Promise<{ exitCode: number | null; how: string }>;
  /** Stops the process and everything it started with SIGTERM, then SIGKILL. May be called more than once. */
  stop(): Promise<void>;
}

/**
 * Starts a program as the leader of a new process group. A terminal's Ctrl-C does not reach it, so that the caller decides
 * in which order processes stop.
 * @throws {UserError} if the program cannot be started
 */
export async function startProcess(command: string, args: string[], options: ProcessOptions): Promise<RunningProcess> {
  const log = openSync(options.logFile, 'a', 0o600);
  const child = spawn(command, args, {
    detached: true,
    stdio: ['ignore', log, log],
    env: options.env,
    cwd: options.cwd,
  });
  closeSync(log);

  const { name = path.basename(command) } = options;
  const { pid } = child;
  if (pid === undefined) {
    const reason = await new Promise<Error>((resolve) => child.once('error', resolve));
    throw new UserError(`${name} could not be started: ${reason.message}`);
  }
  cleanupOnExit.addGroup(pid);

  let ended: string | undefined;
  const end = new Promise<{ exitCode: number | null; how: string }>((resolve) => {
    child.once('exit', (exitCode, signal) => {
      const how = signal === null ? `${name} ended with exit code ${exitCode}` : `${name} was ended by ${signal}`;
      ended = withLogTail(how, options.logFile);
      resolve({ exitCode, how: ended });
    });
  });

  let stopping: Promise<void> | undefined;
  return {
    pid,
    logFile: options.logFile,
    get ended() {
      return ended;
    },
    end,
    stop: () => (stopping ??= stopGroup(pid, end)),
  };
}

/** Stops a process group, which may outlive its leader. */
async function stopGroup(leader: number, end: Promise<unknown>): Promise<void> {
  signalGroup(leader, 'SIGTERM');
  const deadline = Date.now() + STOP_GRACE_MS;
  while (groupExists(leader) && Date.now() < deadline) await sleep(25);
  signalGroup(leader, 'SIGKILL');
  await end;
  cleanupOnExit.removeGroup(leader);
}

const groupExists = (leader: number): boolean => signalGroup(leader, 0);

function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-leader, signal);
    return true;
  } catch (error) {
    // ESRCH: there is no such group. EPERM: macOS, for a group of zombies.
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
    if (code === 'ESRCH' || code === 'EPERM') return false;
    throw error;
  }
}

/**
 * Runs a program to its end.
 * @throws {UserError} if it does not exit with 0, with the end of its output
 * @throws the signal's reason if the signal aborts first; the program and everything it started have ended by then
 */
export async function runProcess(
  command: string,
  args: string[],
  options: ProcessOptions & { signal?: AbortSignal | undefined },
): Promise<void> {
  options.signal?.throwIfAborted();
  const running = await startProcess(command, args, options);
  const abort = () => void running.stop();
  options.signal?.addEventListener('abort', abort);
  try {
    const { exitCode, how } = await running.end;
    await running.stop();
    options.signal?.throwIfAborted();
    if (exitCode !== 0) throw new UserError(how);
  } finally {
    options.signal?.removeEventListener('abort', abort);
  }
}

/**
 * Waits until a server is ready.
 *
 * @param isReady called every 50 ms; an error means "not yet", a `UserError` that the server cannot become ready
 * @throws {UserError} if the server ends first or is not ready in time, with the end of its output
 */
export async function waitUntilReady(
  server: RunningProcess,
  isReady: () => Promise<boolean>,
  options: { what: string; timeoutMs: number; signal?: AbortSignal | undefined },
): Promise<void> {
  const deadline = Date.now() + options.timeoutMs;
  let lastError = '';
  for (;;) {
    options.signal?.throwIfAborted();
    if (server.ended !== undefined) throw new UserError(server.ended);
    try {
      if (await isReady()) return;
    } catch (error) {
      if (error instanceof UserError) throw error;
      lastError = error instanceof Error ? ` (${error.message})` : '';
    }
    if (Date.now() > deadline) {
      const late = `${options.what} was not ready within ${options.timeoutMs / 1000} s${lastError}`;
      throw new UserError(withLogTail(late, server.logFile));
    }
    await sleep(50);
  }
}

/** Lines of output in a message. */
const TAIL_LINES = 15;

/** Appends the end of the program's output to a message. */
function withLogTail(message: string, logFile: string): string {
  const log = existsSync(logFile) ? readFileSync(logFile, 'utf8') : '';
  // Without stack frames, which would push out the cause.
  const lastLines = log.split('\n').filter((line) => line.trim() !== '' && !/^\s+at /.test(line));
  const tail = lastLines.slice(-TAIL_LINES).join('\n');
  return tail === '' ? message : `${message}. The end of its output:\n${tail.replaceAll(/^/gm, '  │ ')}`;
}
