import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Operations that respond at once are synchronous, `slow` is asynchronous: it ends with `complete`. */
const ASYNCHRONOUS = 'slow';

/**
 * A handler of Nexus operations over HTTP (https://github.com/nexus-rpc/api/blob/main/SPEC.md), as far as the server calls one:
 * it starts operations, and ends asynchronous ones through their callbacks.
 */
export class NexusHandler {
  /** Request ids of the calls that start operations, in their order. */
  readonly requestIds: string[] = [];
  private readonly callbacks: { url: string; headers: Record<string, string> }[] = [];
  private readonly server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const operation = pathname.split('/').at(-1) ?? '';
    request.resume().once('end', () => {
      this.requestIds.push(String(request.headers['nexus-request-id']));
      const isAsynchronous = operation === ASYNCHRONOUS;
      if (isAsynchronous) {
        this.callbacks.push({ url: searchParams.get('callback') ?? '', headers: callbackHeaders(request.headers) });
      }
      response.writeHead(isAsynchronous ? 201 : 200, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify(isAsynchronous ? { token: `token-${this.requestIds.length}`, state: 'running' } : 'done'),
      );
    });
  });

  static async start(): Promise<NexusHandler> {
    const handler = new NexusHandler();
    await new Promise<void>((listening) => handler.server.listen(0, '127.0.0.1', listening));
    return handler;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Ends the asynchronous operation that started last. */
  async complete(): Promise<void> {
    const { url, headers } = this.callbacks.at(-1)!;
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', 'nexus-operation-state': 'succeeded' },
      body: '"done"',
    });
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    await response.arrayBuffer();
  }

  async stop(): Promise<void> {
    await new Promise((closed) => {
      this.server.close(closed);
      this.server.closeAllConnections();
    });
  }
}

/** Headers with this prefix belong to the callback, which has them without it. */
function callbackHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const prefix = 'nexus-callback-';
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), String(value)]),
  );
}
