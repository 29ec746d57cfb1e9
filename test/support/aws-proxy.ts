import { createServer, request } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { runFolderVariable } from './once-per-run';

/** What becomes of a call to AWS. */
export interface AwsFault {
  /** Whether it gets to the service, and so is done, whatever the caller hears. */
  reachesService: boolean;
  /** What the caller hears: an error of the service, or (`cut`) nothing but the end of the connection. The service's answer when absent. */
  instead?: { status: number; type: string } | 'cut';
  /** How much later the caller hears, in milliseconds; a call that does not reach the service by then never does. */
  delayMs?: number;
  /** To how many calls it happens; to all when left out. */
  times?: number;
}

/** Stands between the AWS SDK and MiniStack, passes requests on, and can lose, delay and refuse them. */
export class AwsProxy {
  /** By operation, as the SDK names it in `x-amz-target`: `PutItem`. */
  readonly faults = new Map<string, AwsFault>();
  /** Calls that arrived here, by operation. */
  readonly calls = new Map<string, number>();
  private readonly server = createServer((asked, answer) => {
    void this.pass(asked, answer).catch(() => answer.destroy());
  });

  static async start(): Promise<AwsProxy> {
    const proxy = new AwsProxy();
    // As MiniStack: closed by this side, an idle connection may just be used by the other.
    proxy.server.keepAliveTimeout = 75_000;
    await new Promise<void>((resolve) => {
      proxy.server.listen(0, '127.0.0.1', resolve);
    });
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  count(operation: string): number {
    return this.calls.get(operation) ?? 0;
  }

  /** From now on nobody is there. */
  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => {
      this.server.close(resolve);
    });
  }

  private async pass(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const body = Buffer.concat(await asked.toArray());
    const operation = String(asked.headers['x-amz-target']).split('.').pop() ?? '';
    this.calls.set(operation, this.count(operation) + 1);
    const fault = this.faultOf(operation);
    const served = fault?.reachesService === false ? undefined : await serve(asked, body);
    if (fault?.delayMs !== undefined) await wait(fault.delayMs, undefined, { ref: false });
    if (fault?.instead === 'cut' || (!served && !fault?.instead)) return void asked.socket.destroy();
    if (fault?.instead) {
      const { status, type } = fault.instead;
      answer.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
      answer.end(JSON.stringify({ __type: type, message: 'a fault' }));
      return;
    }
    answer.writeHead(served?.status ?? 500, served?.headers).end(served?.body);
  }

  private faultOf(operation: string): AwsFault | undefined {
    const fault = this.faults.get(operation);
    if (fault?.times === undefined) return fault;
    if (fault.times === 0) return undefined;
    fault.times -= 1;
    return fault;
  }
}

/**
 * Passes a request on as it came: its signature covers the host, which is this proxy's. Only MiniStack's own socket takes
 * it therefore, not the filter before it.
 */
function serve(asked: IncomingMessage, body: Buffer) {
  const socketPath = path.join(process.env[runFolderVariable] ?? '', 'ministack.sock');
  return new Promise<{ status: number; headers: IncomingMessage['headers']; body: Buffer }>((resolve, reject) => {
    const passed = request({ socketPath, method: asked.method, path: asked.url, headers: asked.headers }, (served) => {
      served
        .toArray()
        .then((parts) =>
          resolve({
            status: served.statusCode ?? 500,
            headers: served.headers,
            body: Buffer.concat(parts as Buffer[]),
          }),
        )
        .catch(reject);
    });
    passed.on('error', reject);
    passed.end(body);
  });
}
