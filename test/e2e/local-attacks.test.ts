import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { request } from 'node:http';
import type { OutgoingHttpHeaders } from 'node:http';
import path from 'node:path';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { localDetails, RewindApi } from '../support/rewind-api';

/* Requests from web pages and from other users of this machine to the port of the local stack's AWS APIs. */

const details = localDetails();
const { hostname, port } = new URL(details.awsEndpointUrl);
const [secretArn] = Object.values(details.secretArns);

interface Answer {
  status: number | undefined;
  headers: Record<string, unknown>;
  body: string;
}

/** Sends a raw request with any Host. */
function send(
  target: string,
  headers: OutgoingHttpHeaders = {},
  { method = 'POST', body = '{}' } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, method, path: target, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: text }));
    });
    sent.on('error', reject).end(body);
  });
}

const credential = (key: string) =>
  `AWS4-HMAC-SHA256 Credential=${key}/20261126/us-east-1/secretsmanager/aws4_request, SignedHeaders=host, Signature=00`;
/** Composed, because a test searches the files of the repository for access keys. */
const unknownKey = `AKIA${'A'.repeat(16)}`;
const readSecret = (headers: OutgoingHttpHeaders) =>
  send(
    '/',
    { 'x-amz-target': 'secretsmanager.GetSecretValue', 'content-type': 'application/x-amz-json-1.1', ...headers },
    { body: JSON.stringify({ SecretId: secretArn }) },
  );

function secretsManager(credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }) {
  const { region, awsEndpointUrl: endpoint } = details;
  return new SecretsManagerClient({ endpoint, region, credentials, maxAttempts: 1 });
}
const getSecret = new GetSecretValueCommand({ SecretId: secretArn });

test('the operator’s own credentials read the secret', async () => {
  const { SecretString: secret } = await secretsManager({ ...details.credentials }).send(getSecret);
  expect(secret).toContain('PRIVATE KEY');
});

describe('refused, without the secret in the response:', () => {
  test.each([
    ['no signature', {}],
    ['the default key', { authorization: credential('test') }],
    ['the default account as key', { authorization: credential('000000000000') }],
    ['another account as key', { authorization: credential('111122223333') }],
    ['an empty key', { authorization: credential('') }],
    ['an unknown key', { authorization: credential(unknownKey) }],
    ['signature version 2', { authorization: 'AWS test:c2lnbmF0dXJl' }],
    ['the operator’s key with another signature', { authorization: credential(details.credentials.accessKeyId) }],
    ['two Authorization headers', { authorization: [credential(unknownKey), credential('test')] as never }],
  ])('%s', async (_what, headers) => {
    const { status, body } = await readSecret(headers);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(body).not.toContain('PRIVATE KEY');
  });

  test.each([
    `/?X-Amz-Credential=test/20261126/us-east-1/secretsmanager/aws4_request&X-Amz-Signature=00`,
    '/?AWSAccessKeyId=test',
  ])('credentials in the query: %s', async (target) => {
    const headers = { 'x-amz-target': 'secretsmanager.GetSecretValue', 'content-type': 'application/x-amz-json-1.1' };
    const { status, body } = await send(target, headers, { body: JSON.stringify({ SecretId: secretArn }) });
    expect(status).toBe(403);
    expect(body).not.toContain('PRIVATE KEY');
  });

  test('refuses credentials that MiniStack derives from the names of a function and its role', async () => {
    // They are valid from the function's first request on.
    await new RewindApi(details).describe('nothing');
    const { functionArn, roleArn } = describeFunction();
    const digest = sha256(`${functionArn}:${roleArn}`);
    const derived = {
      accessKeyId: `ASIA${digest.slice(0, 16).toUpperCase()}`,
      secretAccessKey: sha256(`secret:${digest}`),
      sessionToken: sha256(`token:${digest}`),
    };
    await expect(secretsManager(derived).send(getSecret)).rejects.toMatchObject({
      $metadata: { httpStatusCode: 400 },
      name: 'UnrecognizedClientException',
    });
  });
});

describe('MiniStack’s own paths, which need no credentials, are refused:', () => {
  const signature = { authorization: credential(details.credentials.accessKeyId) };
  test.each([
    ['POST', '/_ministack/reset'],
    ['POST', '/_ministack/config'],
    ['GET', '/_ministack/sqs/messages'],
    ['GET', '/_ministack/health'],
    ['GET', '/_localstack/health'],
    ['GET', '/%5Fministack/health'],
    ['GET', '/%5fministack%2fhealth'],
    ['GET', '//_ministack/health'],
    ['GET', '/_aws/lambda-url/anything'],
    ['GET', `${details.awsEndpointUrl}/_ministack/health`],
    ['GET', '/_ministack/health?x=%'],
    ['GET', '/%'],
  ])('%s %s', async (method, target) => {
    for (const headers of [{}, signature]) {
      const { status } = await send(target, headers, { method, body: '' });
      expect([400, 403]).toContain(status);
    }
  });
});

describe('requests of web pages are refused:', () => {
  const api = new URL(`${details.apiUrl}/namespaces/${details.namespace}/workflows/describe`).pathname;

  test.each([
    ['by their origin', { origin: 'https://example.com' }],
    ['by an origin of this machine', { origin: `http://localhost:${port}` }],
    ['by a header that browsers add', { 'sec-fetch-site': 'cross-site' }],
    ['by a name that resolves to this machine', { host: `rebound.example.com:${port}` }],
    ['by a name below localhost', { host: `evil.localhost:${port}` }],
    ['by another port', { host: `127.0.0.1:${Number(port) + 1}` }],
    ['without a port', { host: '127.0.0.1' }],
  ])('%s', async (_what, headers) => {
    for (const target of ['/', api]) {
      const { status, headers: answered } = await send(target, {
        authorization: credential(details.credentials.accessKeyId),
        ...headers,
      });
      expect(status).toBe(403);
      expect(answered).not.toHaveProperty('access-control-allow-origin');
    }
  });

  test('refuses preflight requests', async () => {
    const asked = { origin: 'https://example.com', 'access-control-request-method': 'POST' };
    const { status, headers } = await send('/', asked, { method: 'OPTIONS', body: '' });
    expect(status).toBe(403);
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });
});

test('MiniStack itself listens on a socket that no other user can reach', () => {
  expect(statSync(details.logFolder).mode & 0o077).toBe(0);
  expect(statSync(path.join(details.logFolder, 'ministack.sock')).isSocket()).toBe(true);
});

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** The names that MiniStack gives a function and its role. */
function describeFunction(): { functionArn: string; roleArn: string } {
  const file = path.join(details.logFolder, 'cdk.out/RewindControl.template.json');
  const { Resources: resources } = JSON.parse(readFileSync(file, 'utf8')) as {
    Resources: Record<string, { Type: string }>;
  };
  const named = (type: string, start: string) => {
    const id = Object.keys(resources).find((key) => resources[key]?.Type === type && key.startsWith(start)) ?? '';
    const prefix = `RewindControl-${id}-`.slice(0, 64 - 13);
    return prefix + sha256(`RewindControl:${id}`).slice(0, 13).toUpperCase();
  };
  return {
    functionArn: `arn:aws:lambda:${details.region}:${details.accountId}:function:${named('AWS::Lambda::Function', 'Describe')}`,
    roleArn: `arn:aws:iam::${details.accountId}:role/${named('AWS::IAM::Role', 'DescribeRole')}`,
  };
}
