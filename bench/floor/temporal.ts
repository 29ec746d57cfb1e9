import { randomUUID } from 'node:crypto';
import { Client, credentials, Metadata } from '@grpc/grpc-js';

/* Temporal's workflow service over the gRPC library that the SDK is built on, with the few needed fields encoded by hand. */

export const NAMESPACE = 'default';
const SERVICE = '/temporal.api.workflowservice.v1.WorkflowService/';

/** A varint of protobuf, up to 28 bits. */
function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >> 7)];
}

/** A field of protobuf that holds text or another message. */
function field(number: number, value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...varint(bytes.length)]), bytes]);
}

/** A field of protobuf that holds a whole number. */
function integer(number: number, value: number): Buffer {
  return Buffer.from([number << 3, ...varint(value)]);
}

/** The first field of this number in a message that starts with fields of the same kind. */
function read(message: Buffer, number: number): Buffer {
  for (let at = 0; at < message.length;) {
    const tag = message[at++] ?? 0;
    let length = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = message[at++] ?? 0;
      length |= (byte & 127) << shift;
      if (byte < 128) break;
    }
    if ((tag & 7) === 0) continue;
    if (tag >> 3 === number) return message.subarray(at, at + length);
    at += length;
  }
  return Buffer.alloc(0);
}

/** Address and credentials of a namespace, in PEM. */
export interface Access {
  address: string;
  serverName: string;
  ca: string;
  certificate: string;
  privateKey: string;
}

export function connect({ address, serverName, ca, certificate, privateKey }: Access): Client {
  const secure = credentials.createSsl(Buffer.from(ca), Buffer.from(privateKey), Buffer.from(certificate));
  return new Client(address, secure, { 'grpc.ssl_target_name_override': serverName });
}

function call(client: Client, method: string, ...message: Buffer[]): Promise<Buffer> {
  const same = (bytes: Buffer) => bytes;
  return new Promise((resolve, reject) => {
    const body = Buffer.concat([field(1, NAMESPACE), ...message]);
    client.makeUnaryRequest(SERVICE + method, same, same, body, new Metadata(), (error, answer) =>
      error ? reject(error) : resolve(answer ?? Buffer.alloc(0)),
    );
  });
}

const execution = (workflowId: string, runId: string) => Buffer.concat([field(1, workflowId), field(2, runId)]);

export function describe(client: Client, workflowId: string): Promise<Buffer> {
  return call(client, 'DescribeWorkflowExecution', field(2, field(1, workflowId)));
}

/** `DescribeWorkflowExecutionResponse.workflow_execution_info.execution.run_id` */
export function runIdIn(description: Buffer): string {
  return read(read(read(description, 2), 1), 2).toString();
}

export async function requestCancel(client: Client, workflowId: string, runId: string): Promise<void> {
  const target = field(2, execution(workflowId, runId));
  await call(client, 'RequestCancelWorkflowExecution', target, field(3, 'floor'), field(4, workflowId));
}

/** A page of the history, newest event first; `pageSize` counts stored batches. */
export function historyReverse(client: Client, workflowId: string, runId: string, pageSize: number): Promise<Buffer> {
  const target = field(2, execution(workflowId, runId));
  return call(client, 'GetWorkflowExecutionHistoryReverse', target, integer(3, pageSize));
}

export async function reset(client: Client, workflowId: string, runId: string, eventId: number): Promise<void> {
  const target = field(2, execution(workflowId, runId));
  const message = [target, field(3, 'floor'), integer(4, eventId), field(5, randomUUID())];
  await call(client, 'ResetWorkflowExecution', ...message);
}
