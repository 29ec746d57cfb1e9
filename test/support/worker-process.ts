import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from '../../local/processes/ports';
import { EnvironmentVariable } from '../../aws/environment';
import { metricsIn } from './written-metrics';
import type { WrittenMetrics } from './written-metrics';
import { eventually } from './eventually';
import { workerImage } from './worker-image';

const root = path.resolve(__dirname, '../..');

interface LogLine {
  level: string;
  message: string;
  [key: string]: unknown;
}

/** The worker as a separate process, with the tests' AWS settings. */
export class WorkerProcess {
  readonly exit: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Whole lines only, because a partial line is not valid JSON. */
  private output = '';

  private constructor(
    readonly child: ChildProcess,
    readonly healthPort: number,
  ) {
    for (const input of [child.stdout, child.stderr]) {
      if (input) createInterface({ input }).on('line', (line) => (this.output += `${line}\n`));
    }
    this.exit = new Promise((resolve) => {
      child.once('close', (code, signal) => resolve({ code, signal }));
    });
  }

  /**
   * @param program arguments of Node.js; default: the worker of the image, with the samples
   * @param node the command that starts Node.js; default: this process's
   */
  static async start(
    environment: Record<string, string>,
    program?: string[],
    [command, ...args]: [string, ...string[]] = [process.execPath],
  ): Promise<WorkerProcess> {
    const healthPort = await freePort();
    const own = Object.entries(process.env).filter(([name]) => !/^(REWIND|JEST|NODE)_/.test(name));
    const child = spawn(command, [...args, ...(program ?? [path.join(await workerImage(), 'main.js')])], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...Object.fromEntries(own),
        [EnvironmentVariable.healthPort]: String(healthPort),
        ...environment,
      },
    });
    return new WorkerProcess(child, healthPort);
  }

  /** Log lines in JSON, without metrics. */
  get log(): LogLine[] {
    const lines = this.output.split('\n').filter((line) => line.startsWith('{') && !line.startsWith('{"_aws":'));
    return lines.map((line) => JSON.parse(line) as LogLine);
  }

  get metrics(): WrittenMetrics[] {
    return metricsIn(this.output);
  }

  waitForLog(text: string | RegExp): Promise<LogLine> {
    return eventually(() => this.log.find(({ message }) => message.match(text)));
  }

  /** Status of `GET /ready`, or undefined without a response. */
  async ready(): Promise<number | undefined> {
    try {
      return (await fetch(`http://127.0.0.1:${this.healthPort}/ready`)).status;
    } catch {
      return undefined;
    }
  }

  /** @throws with the output of the process, when it exits or times out */
  async waitUntilReady(status = 200, timeoutMs = 120_000): Promise<void> {
    let ended = false;
    void this.exit.then(() => (ended = true));
    const ready = async () => {
      if (ended) throw new Error('the worker has ended');
      return (await this.ready()) === status;
    };
    await eventually(ready, `/ready to answer ${status}`, timeoutMs).catch((error: unknown) => {
      throw new Error(`${String(error)}. The worker wrote:\n${this.output}`);
    });
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): ReturnType<() => typeof this.exit> {
    if (this.child.exitCode === null) this.child.kill(signal);
    return this.exit;
  }
}
