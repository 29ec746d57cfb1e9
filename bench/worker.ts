import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { on as events, once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { EnvironmentVariable } from '../aws/environment';
import { freePort } from '../local/processes/ports';
import type { Aws } from './aws';
import { NAMESPACE } from './floor/temporal';
import type { TemporalBehindTls } from './temporal-behind-tls';

const root = path.resolve(__dirname, '..');
const MB = 1_000_000;

/** Rewind's worker in a process of its own, built as for its image. */
export class Worker {
  private readonly lines;

  private constructor(private readonly child: ChildProcess & { stdout: NodeJS.ReadableStream }) {
    this.lines = createInterface({ input: child.stdout });
  }

  /** @param folder an empty folder for the built worker */
  static async start(folder: string, temporal: TemporalBehindTls, aws: Aws, taskQueue: string): Promise<Worker> {
    await promisify(execFile)(process.execPath, ['--import', 'tsx', 'worker/build.ts', folder], { cwd: root });
    const { address, serverName: tlsServerName } = temporal.access;
    const secretArn = await aws.createSecret(temporal.secret);
    const healthPort = await freePort();
    const flags = ['--expose-gc', '--require', path.join(__dirname, 'heap-after-gc.cjs')];
    const child = spawn(process.execPath, [...flags, path.join(folder, 'main.js')], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...aws.environment,
        [EnvironmentVariable.namespaces]: JSON.stringify({ [NAMESPACE]: { address, secretArn, tlsServerName } }),
        [EnvironmentVariable.workerNamespace]: NAMESPACE,
        [EnvironmentVariable.taskQueue]: taskQueue,
        [EnvironmentVariable.ledgerTable]: aws.ledgerTable,
        [EnvironmentVariable.ledgerRetentionDays]: '1',
        [EnvironmentVariable.healthPort]: String(healthPort),
      },
    });
    const worker = new Worker(child);
    const isReady = () =>
      fetch(`http://127.0.0.1:${healthPort}/ready`).then(
        ({ ok }) => ok,
        () => false,
      );
    while (!(await isReady())) {
      if (child.exitCode !== null) throw new Error(`the worker ended with exit code ${child.exitCode}`);
      await wait(100);
    }
    return worker;
  }

  get residentMB(): number {
    const kB = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${this.child.pid}/status`, 'utf8'))?.[1];
    return (Number(kB) * 1024) / MB;
  }

  /** Its heap in use after garbage collection. */
  async heapMB(): Promise<number> {
    this.child.kill('SIGUSR2');
    for await (const [line] of events(this.lines, 'line')) {
      if (String(line).includes('"heap after gc"'))
        return (JSON.parse(String(line)) as { heapUsed: number }).heapUsed / MB;
    }
    throw new Error('the worker has ended');
  }

  async stop(): Promise<void> {
    this.child.kill('SIGKILL');
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
  }
}
