import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';

/** As long as API Gateway waits. */
const TIMEOUT_MS = 29_000;

interface FunctionResponse {
  statusCode: number;
  body: string;
}

/** A function in a process of its own, with the runtime of floor/runtime-loop.cjs and, in this process, Lambda's Runtime API. */
export class RuntimeProcess {
  /** Milliseconds that loading the function's code took. */
  readonly loaded: Promise<number>;
  private readonly startedAt = performance.now();
  private readonly child: ChildProcess;
  /** Rejects when the process ends. */
  private readonly ended: Promise<never>;
  private onPoll: (poll: ServerResponse) => void = () => {};
  private polled = this.nextPoll();
  private onResponse: (response: FunctionResponse) => void = () => {};

  private constructor(
    private readonly server: Server,
    node: string,
    private readonly module: string,
    environment: Record<string, string>,
  ) {
    const { port } = server.address() as AddressInfo;
    this.child = spawn(node, [path.join(__dirname, 'floor/runtime-loop.cjs')], {
      env: { ...environment, AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}`, BENCH_MODULE: module },
      // The standard output has the function's log.
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let errors = '';
    this.child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (errors += chunk));
    this.ended = new Promise((_, reject) => {
      this.child.once('close', () => reject(new Error(`${module} ended: ${errors}`)));
    });
    this.ended.catch(() => {});
    this.loaded = new Promise((resolve) => {
      server.once('request', ({ headers }: IncomingMessage) => resolve(Number(headers['bench-load-ms'])));
    });
    server.on('request', (request: IncomingMessage, response: ServerResponse) => void this.serve(request, response));
  }

  /**
   * @param node the program
   * @param module path of the module with the handler
   */
  static async start(node: string, module: string, environment: Record<string, string>): Promise<RuntimeProcess> {
    const server = createServer({ keepAliveTimeout: 0 });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    return new RuntimeProcess(server, node, module, environment);
  }

  /** Milliseconds from the start of the process to the response. */
  async first(event: object): Promise<number> {
    await this.pass(event, await this.poll());
    return performance.now() - this.startedAt;
  }

  /** Milliseconds from the event to the response, of a process that waits for one. */
  async next(event: object): Promise<number> {
    const poll = await this.poll();
    const start = performance.now();
    await this.pass(event, poll);
    return performance.now() - start;
  }

  async stop(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended.catch(() => {});
    this.server.close();
    this.server.closeAllConnections();
  }

  private async pass(event: object, poll: ServerResponse): Promise<void> {
    const responded = new Promise<FunctionResponse>((resolve) => (this.onResponse = resolve));
    poll.writeHead(200, {
      'lambda-runtime-aws-request-id': 'bench',
      'lambda-runtime-deadline-ms': String(Date.now() + TIMEOUT_MS),
    });
    poll.end(JSON.stringify(event));
    const { statusCode, body } = await Promise.race([responded, this.ended]);
    if (statusCode >= 300) throw new Error(`${this.module} responded ${statusCode}: ${body}`);
  }

  private async poll(): Promise<ServerResponse> {
    const poll = await Promise.race([this.polled, this.ended]);
    this.polled = this.nextPoll();
    return poll;
  }

  private nextPoll(): Promise<ServerResponse> {
    return new Promise((resolve) => (this.onPoll = resolve));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'GET') {
      this.onPoll(response);
      return;
    }
    const body = await text(request);
    this.onResponse(JSON.parse(body) as FunctionResponse);
    response.writeHead(202).end();
  }
}
