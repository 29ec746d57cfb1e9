import { Client, credentials, Metadata, Server, ServerCredentials, status } from '@grpc/grpc-js';
import type { sendUnaryData, ServerUnaryCall, ServiceError } from '@grpc/grpc-js';
import { temporalAddressVariable } from './server-address';

/** What happens to a call on its way: the server carries it out or not, and the caller hears of it or not. */
export interface Mishap {
  reachesServer: boolean;
  code: status;
}

const SERVICE = '/temporal.api.workflowservice.v1.WorkflowService/';
const bytes = (message: Buffer) => message;

/** Stands between a client and the integration tests' server, passes bytes on, and can lose calls and answers. */
export class GrpcProxy {
  /** Calls that arrived here, by method. */
  readonly calls = new Map<string, number>();
  /** By method. */
  readonly mishaps = new Map<string, Mishap>();
  private readonly server = new Server();
  private readonly upstream = new Client(process.env[temporalAddressVariable] ?? '', credentials.createInsecure());

  /** @param methods of the workflow service that are passed on */
  static async start(methods: string[]): Promise<{ proxy: GrpcProxy; address: string }> {
    const proxy = new GrpcProxy();
    for (const method of methods) {
      proxy.server.register(
        SERVICE + method,
        (call: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>) => proxy.pass(method, call, answer),
        bytes,
        bytes,
        'unary',
      );
    }
    const port = await new Promise<number>((resolve, reject) => {
      proxy.server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      );
    });
    return { proxy, address: `127.0.0.1:${port}` };
  }

  stop(): void {
    this.server.forceShutdown();
    this.upstream.close();
  }

  private pass(method: string, { request }: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>): void {
    this.calls.set(method, (this.calls.get(method) ?? 0) + 1);
    const mishap = this.mishaps.get(method);
    const fail = () => answer({ code: mishap?.code ?? status.UNKNOWN, details: 'lost on the way' });
    if (mishap && !mishap.reachesServer) return fail();
    this.upstream.makeUnaryRequest(
      SERVICE + method,
      bytes,
      bytes,
      request,
      new Metadata(),
      (error: ServiceError | null, response?: Buffer) => {
        if (mishap) fail();
        else if (error) answer(error);
        else answer(null, response);
      },
    );
  }
}
