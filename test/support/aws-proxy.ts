import { createServer, request } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { runFolderVariable } from './once-per-run';

/** A fault to inject into calls to AWS. */
export interface AwsFault {
  /** Whether the service receives the call, and so executes it, whatever the caller receives. */
  reachesService: boolean;
  /** What the caller receives: an error of the service, or (`cut`) a closed connection. Default: the response of the service. */
  instead?: { status: number; type: string } | 'cut';
  /** Delay of the response, in milliseconds. */
  delayMs?: number;
  /** The number of calls with this fault. Default: all. */
  times?: number;
}

/** A proxy between the AWS SDK and MiniStack that forwards requests, and can drop, delay and refuse them. */
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
    // Like MiniStack: closing an idle connection here would race with the client's next request.
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

  /** Closes the port and all connections. */
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
 * Forwards a request unchanged: its signature covers this proxy's host. Therefore only MiniStack's own socket
 * accepts it, not the filter in front of it.
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
