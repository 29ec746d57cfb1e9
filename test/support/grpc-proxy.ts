import { setTimeout as wait } from 'node:timers/promises';
import { Client, credentials, Metadata, Server, ServerCredentials, status } from '@grpc/grpc-js';
import type { sendUnaryData, ServerUnaryCall, ServiceError } from '@grpc/grpc-js';
import type { Certificates } from '../../local/temporal/certificates';
import { temporal } from '@temporalio/proto';
import { temporalAddressVariable } from './server-address';

/** A fault to inject into calls: the server executes the call or not, and the caller gets the response or not. */
export interface GrpcFault {
  reachesServer: boolean;
  /** The status that the caller receives. Default: the response of the server. */
  code?: status;
  details?: string;
  /** Delay of the response. */
  delayMs?: number;
  /** The number of calls with this fault. Default: all. */
  times?: number;
  /** Called before the caller gets a response. */
  onCall?: () => void;
}

export interface GrpcProxyOptions {
  /** Methods of the workflow service to forward. Default: those that Rewind's operations call. */
  methods?: string[];
  /** Certificates for mutual TLS. Default: plaintext. */
  certificates?: Certificates;
  /** Requires this API key instead of a client certificate. */
  apiKey?: () => string;
}

const SERVICE = '/temporal.api.workflowservice.v1.WorkflowService/';
const bytes = (message: Buffer) => message;

const usual = [
  'DescribeTaskQueue',
  'DescribeWorkflowExecution',
  'GetSystemInfo',
  'GetWorkflowExecutionHistory',
  'GetWorkflowExecutionHistoryReverse',
  'ListWorkflowExecutions',
  'RequestCancelWorkflowExecution',
  'ResetWorkflowExecution',
  'TerminateWorkflowExecution',
];

/** Every method of the workflow service, for a worker. */
export const everyMethod = (): string[] => {
  const service: unknown = temporal.api.workflowservice.v1.WorkflowService;
  return Object.keys((service as { methods: object }).methods);
};

/** A proxy between a client and the integration tests' server that can drop, delay and refuse calls and responses. */
export class GrpcProxy {
  /** Calls that arrived here, by method. */
  readonly calls = new Map<string, number>();
  /** By method. */
  readonly faults = new Map<string, GrpcFault>();
  /** Rewrites responses, by method, to those of other server versions. */
  readonly rewrites = new Map<string, (response: Buffer) => Uint8Array>();
  private readonly server = new Server();
  private readonly upstream = new Client(process.env[temporalAddressVariable] ?? '', credentials.createInsecure());

  private constructor(private readonly options: GrpcProxyOptions) {}

  static async start(options: GrpcProxyOptions = {}): Promise<{ proxy: GrpcProxy; address: string; port: number }> {
    const proxy = new GrpcProxy(options);
    const { methods = usual, certificates, apiKey } = options;
    for (const method of methods) {
      proxy.server.register(
        SERVICE + method,
        (call: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>) => void proxy.pass(method, call, answer),
        bytes,
        bytes,
        'unary',
      );
    }
    const pem = (text: string) => Buffer.from(text);
    const serverCredentials = certificates
      ? ServerCredentials.createSsl(
          pem(certificates.ca),
          [{ private_key: pem(certificates.server.privateKey), cert_chain: pem(certificates.server.certificate) }],
          !apiKey,
        )
      : ServerCredentials.createInsecure();
    const port = await new Promise<number>((resolve, reject) => {
      proxy.server.bindAsync('127.0.0.1:0', serverCredentials, (error, bound) =>
        error ? reject(error) : resolve(bound),
      );
    });
    return { proxy, address: `127.0.0.1:${port}`, port };
  }

  stop(): void {
    this.server.forceShutdown();
    this.upstream.close();
  }

  /** How often a method was called. */
  count(method: string): number {
    return this.calls.get(method) ?? 0;
  }

  private async pass(
    method: string,
    call: ServerUnaryCall<Buffer, Buffer>,
    answer: sendUnaryData<Buffer>,
  ): Promise<void> {
    const { request, metadata } = call;
    this.calls.set(method, this.count(method) + 1);
    const { apiKey } = this.options;
    if (apiKey && metadata.get('authorization')[0] !== `Bearer ${apiKey()}`) {
      return answer({ code: status.UNAUTHENTICATED, details: 'Request unauthorized.' });
    }
    const fault = this.faultOf(method);
    fault?.onCall?.();
    if (fault?.delayMs !== undefined && !fault.reachesServer) await wait(fault.delayMs, undefined, { ref: false });
    // A server does not start a cancelled call.
    if (call.cancelled) return;
    const fail = () => answer({ code: fault?.code ?? status.UNKNOWN, details: fault?.details ?? 'lost on the way' });
    if (fault && !fault.reachesServer && fault.code !== undefined) return fail();
    this.upstream.makeUnaryRequest(
      SERVICE + method,
      bytes,
      bytes,
      request,
      new Metadata(),
      // The server refuses a long poll without a deadline.
      method.startsWith('Poll') ? { deadline: call.getDeadline() } : {},
      (error: ServiceError | null, response?: Buffer) => {
        const reply = () => {
          if (fault?.code !== undefined) fail();
          else if (error) answer(error);
          else answer(null, Buffer.from(this.rewrites.get(method)?.(response!) ?? response!));
        };
        if (fault?.delayMs !== undefined && fault.reachesServer) setTimeout(reply, fault.delayMs).unref();
        else reply();
      },
    );
  }

  private faultOf(method: string): GrpcFault | undefined {
    const fault = this.faults.get(method);
    if (fault?.times === undefined) return fault;
    if (fault.times === 0) return undefined;
    fault.times -= 1;
    return fault;
  }
}
