import { createHash, createHmac } from 'node:crypto';
import { request } from 'node:http';
import type { Client } from '@grpc/grpc-js';
import * as temporal from './temporal';

/*
 * The floor: the smallest program that does what a function does.
 * - It calls Temporal through the gRPC library that the SDK is built on, and encodes and decodes the few fields that it needs
 *   by hand.
 * - It calls Secrets Manager and DynamoDB through Node's HTTP client, and signs by hand.
 * - It validates nothing, logs nothing, and retries only what was sent on a closed connection. It makes the same calls: `describe` reads the secret and describes the
 *   workflow; `cancel` records the operation beside describing the workflow, records the run, cancels, reads the newest
 *   events, and records the result.
 * - It is bundled by esbuild, with grpc-js whole: what the functions leave out of packages is theirs.
 */

const { AWS_ENDPOINT_URL = '', AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '' } = process.env;
const { FLOOR_ADDRESS = '', FLOOR_SERVER_NAME = '', FLOOR_SECRET = '', FLOOR_TABLE = '' } = process.env;

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
    // The server may have closed the idle connection that the request was sent on.
    sent.on('error', (error) => (sent.reusedSocket ? resolve(aws(service, target, input)) : reject(error))).end(body);
  });
}

let connected: Promise<Client> | undefined;

async function connect(): Promise<Client> {
  const { SecretString: secret } = await aws('secretsmanager', 'secretsmanager.GetSecretValue', {
    SecretId: FLOOR_SECRET,
  });
  const { ca, privateKey, certificate } = JSON.parse(secret) as Pick<
    temporal.Access,
    'ca' | 'privateKey' | 'certificate'
  >;
  const access = { address: FLOOR_ADDRESS, serverName: FLOOR_SERVER_NAME, ca, privateKey, certificate };
  return temporal.connect(access);
}

const describe = async (workflowId: string) => temporal.describe(await (connected ??= connect()), workflowId);

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
  const runId = temporal.runIdIn(described);
  await set('runId', runId);
  const client = await (connected ??= connect());
  await temporal.requestCancel(client, workflowId, runId);
  await temporal.historyReverse(client, workflowId, runId, 20);
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
