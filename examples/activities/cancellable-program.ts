import { spawn } from 'node:child_process';
import { cancellationSignal } from '@temporalio/activity';
import { whileHeartbeating } from './while-heartbeating';

/**
 * Runs a program inside an activity. A cancellation sends SIGTERM to the program. The activity ends after the program has ended,
 * so that cleanup never runs at the same time.
 *
 * @returns the program's standard output
 * @throws AbortError if the activity was cancelled, which ends it as cancelled
 * @throws Error with the exit status and standard error, if the program failed
 */
export function runUntilCancelled(file: string, args: readonly string[]): Promise<string> {
  const signal = cancellationSignal();
  return whileHeartbeating(async () => {
    const child = spawn(file, args, { signal, killSignal: 'SIGTERM', stdio: ['ignore', 'pipe', 'pipe'] });
    let [output, errorOutput] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errorOutput += text));
    // An abort makes `spawn` emit 'error' at once, while the program may still be shutting down: wait for its end.
    let failure: Error | undefined;
    child.once('error', (error) => (failure = error));
    const [code, killedBy] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
      child.once('close', (...end) => resolve(end));
    });
    if (failure) throw failure;
    if (code !== 0) throw new Error(`${file} ended with ${killedBy ?? `status ${code}`}: ${errorOutput.trim()}`);
    return output;
  });
}
