import { createHash, createHmac } from 'node:crypto';
import { request } from 'node:http';
import { Client, credentials, Metadata } from '@grpc/grpc-js';

/*
 * The floor: the least that could do what a function does. Its rules:
 * - It speaks to Temporal through the gRPC library that the SDK is built on, and encodes and decodes by hand the few fields
 *   that it needs.
 * - It speaks to Secrets Manager and DynamoDB over Node's HTTP client, and signs by hand.
 * - It checks nothing, logs nothing, retries nothing, and knows its request. What takes a call takes the same call here:
 *   `describe` reads the secret and describes the workflow; `cancel` writes the operation down before it acts, beside
 *   describing the workflow, notes the run, cancels, and records the answer.
 * - It is bundled as the functions are.
 */

const { AWS_ENDPOINT_URL = '', AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '' } = process.env;
const { FLOOR_ADDRESS = '', FLOOR_SERVER_NAME = '', FLOOR_SECRET = '', FLOOR_TABLE = '' } = process.env;
const NAMESPACE = 'default';
const SERVICE = '/temporal.api.workflowservice.v1.WorkflowService/';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/** One call of an AWS service's JSON API. */
function aws(service: string, target: string, input: object): Promise<{ SecretString: string }> {
  const body = JSON.stringify(input);
  const { host } = new URL(AWS_ENDPOINT_URL);
  const time = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const scope = `${time.slice(0, 8)}/us-east-1/${service}/aws4_request`;
  const signed = 'host;x-amz-date;x-amz-target';
  const canonical = `POST\n/\n\nhost:${host}\nx-amz-date:${time}\nx-amz-target:${target}\n\n${signed}\n${sha256(body)}`;
  const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${AWS_SECRET_ACCESS_KEY}`);
  const signature = hmac(key, `AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonical)}`).toString('hex');
  return new Promise((resolve, reject) => {
    const headers = {
      host,
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-date': time,
      'x-amz-target': target,
      authorization: `AWS4-HMAC-SHA256 Credential=${AWS_ACCESS_KEY_ID}/${scope}, SignedHeaders=${signed}, Signature=${signature}`,
    };
    const sent = request(AWS_ENDPOINT_URL, { method: 'POST', headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      answer.on('end', () => (answer.statusCode === 200 ? resolve(JSON.parse(text)) : reject(new Error(text))));
    });
    sent.on('error', reject).end(body);
  });
}

/** A field of protobuf that holds text or another message; up to 16 KiB. */
function field(number: number, value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  const length = bytes.length < 128 ? [bytes.length] : [(bytes.length & 127) | 128, bytes.length >> 7];
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...length]), bytes]);
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

let connected: Promise<Client> | undefined;

async function connect(): Promise<Client> {
  const { SecretString: secret } = await aws('secretsmanager', 'secretsmanager.GetSecretValue', {
    SecretId: FLOOR_SECRET,
  });
  const { ca, privateKey, certificate } = JSON.parse(secret) as Record<string, string>;
  const [root, key, chain] = [ca, privateKey, certificate].map((pem) => Buffer.from(pem ?? ''));
  const options = { 'grpc.ssl_target_name_override': FLOOR_SERVER_NAME };
  return new Client(FLOOR_ADDRESS, credentials.createSsl(root, key, chain), options);
}

async function call(method: string, ...message: Buffer[]): Promise<Buffer> {
  const client = await (connected ??= connect());
  const same = (bytes: Buffer) => bytes;
  return new Promise((resolve, reject) => {
    const body = Buffer.concat([field(1, NAMESPACE), ...message]);
    client.makeUnaryRequest(SERVICE + method, same, same, body, new Metadata(), (error, answer) =>
      error ? reject(error) : resolve(answer ?? Buffer.alloc(0)),
    );
  });
}

const describe = (workflowId: string) => call('DescribeWorkflowExecution', field(2, field(1, workflowId)));

async function cancel(workflowId: string): Promise<string> {
  const Key = { operationId: { S: workflowId } };
  const ledger = (action: string, input: object) =>
    aws('dynamodb', `DynamoDB_20120810.${action}`, { TableName: FLOOR_TABLE, ...input });
  const set = (name: string, value: string) =>
    ledger('UpdateItem', {
      Key,
      UpdateExpression: 'SET #name = :value',
      ConditionExpression: 'attribute_exists(operationId)',
      ExpressionAttributeNames: { '#name': name },
      ExpressionAttributeValues: { ':value': { S: value } },
    });
  const [described] = await Promise.all([
    describe(workflowId),
    ledger('PutItem', { Item: Key, ConditionExpression: 'attribute_not_exists(operationId)' }),
  ]);
  // DescribeWorkflowExecutionResponse.workflow_execution_info.execution.run_id
  const runId = read(read(read(described, 2), 1), 2).toString();
  await set('runId', runId);
  const target = Buffer.concat([field(1, workflowId), field(2, runId)]);
  await call('RequestCancelWorkflowExecution', field(2, target), field(3, 'floor'), field(4, workflowId));
  await set('answer', 'requested');
  return runId;
}

interface FloorEvent {
  httpMethod: string;
  workflowId: string;
}

export async function handler({ httpMethod, workflowId }: FloorEvent): Promise<{ statusCode: number; body: string }> {
  const body = httpMethod === 'GET' ? (await describe(workflowId)).toString('base64') : await cancel(workflowId);
  return { statusCode: body.length > 0 ? 200 : 500, body };
}
