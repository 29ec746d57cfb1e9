import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface FunctionProcess {
  pid: number;
  kilobytes: number;
}

/** The emulator's function processes: the Node.js processes below a Python of ours. */
export function functionProcesses(): FunctionProcess[] {
  const processes = execFileSync('ps', ['-eo', 'pid=,ppid=,rss=,comm='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .map(([pid, parent, kilobytes, name = '']) => ({ pid: Number(pid), parent, kilobytes: Number(kilobytes), name }));
  const emulators = processes.filter(({ parent, name }) => parent === String(process.pid) && name.startsWith('python'));
  return processes.filter(({ parent, name }) => name === 'node' && emulators.some(({ pid }) => String(pid) === parent));
}

/** Whether a process runs the function that handles events, by the name in its environment; Linux only. */
export function handlesEvents({ pid }: FunctionProcess): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(
      'AWS_LAMBDA_FUNCTION_NAME=RewindControl-CancelOnEvent',
    );
  } catch {
    return false;
  }
}
