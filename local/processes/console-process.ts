import { readFileSync } from 'node:fs';
import { startProcess, waitUntilReady } from './processes';
import type { RunningProcess } from './processes';
import { inProject } from '../project';

/** Includes the time to build the bundle of the command. */
const READY_TIMEOUT_MS = 60_000;

export interface ConsoleProcess {
  /** Address that signs in the first browser that opens it. */
  url: string;
  process: RunningProcess;
}

/**
 * Starts `rewind console` on the local stack. It runs as long as the stack.
 * @param detailsFile the JSON file with the stack's details
 */
export async function startConsole(
  detailsFile: string,
  { logFile, signal }: { logFile: string; signal?: AbortSignal | undefined },
): Promise<ConsoleProcess> {
  const { PATH, HOME } = process.env;
  const started = await startProcess(
    process.execPath,
    [inProject('cli/rewind.cjs'), 'console', '--print', '--idle', '24d', '--context', 'local'],
    { name: 'rewind console', logFile, env: { PATH, HOME, REWIND_LOCAL_JSON: detailsFile } },
  );
  const urlIn = () => /^http:\S+$/m.exec(readFileSync(logFile, 'utf8'))?.[0];
  const what = 'rewind console';
  await waitUntilReady(started, async () => urlIn() !== undefined, { what, timeoutMs: READY_TIMEOUT_MS, signal });
  return { url: urlIn() ?? '', process: started };
}
