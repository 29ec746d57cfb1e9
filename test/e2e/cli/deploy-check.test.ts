import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { IAMClient } from '@aws-sdk/client-iam';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Check } from '../../../lib/deploy-check';
import { createUser } from '../../../local/ministack/aws-setup';
import { makeCertificates } from '../../../local/temporal/certificates';
import { freePort } from '../../../local/processes/ports';
import { localDetails } from '../../support/rewind-api';
import { RewindCommand } from '../../support/rewind-command';

/* `rewind deploy-check` on the account and the Temporal server of the local stack, with nothing missing and with each part missing. */

const details = localDetails();
const { namespace, region, accountId, awsEndpointUrl, credentials, temporal } = details;
const rewind = new RewindCommand();
const secretsManager = new SecretsManagerClient({ endpoint: awsEndpointUrl, region, credentials: { ...credentials } });
afterAll(() => {
  rewind.remove();
  secretsManager.destroy();
});

const certificate = readFileSync(temporal.clientCertPath, 'utf8');
const privateKey = readFileSync(temporal.clientKeyPath, 'utf8');
const ca = temporal.caCertPath === undefined ? undefined : readFileSync(temporal.caCertPath, 'utf8');

const keys = {
  AWS_ENDPOINT_URL: awsEndpointUrl,
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
};

async function secret(value: object | string, KmsKeyId?: string): Promise<string> {
  const SecretString = typeof value === 'string' ? value : JSON.stringify(value);
  const command = new CreateSecretCommand({ Name: `deploy-check/${randomUUID()}`, SecretString, KmsKeyId });
  return (await secretsManager.send(command)).ARN ?? '';
}

const connection = (more: object = {}) => ({
  address: temporal.address,
  tlsServerName: temporal.tlsServerName,
  secretArn: details.secretArns[namespace],
  ...more,
});

interface Outcome {
  exitCode: number;
  stdout: string;
  /** By their names; of several with one name the last. */
  checks: Record<string, Check>;
}

async function checked(
  config: object,
  { args = [], env = {} }: { args?: string[]; env?: object } = {},
): Promise<Outcome> {
  writeFileSync(path.join(rewind.home, 'rewind.json'), JSON.stringify(config));
  const line = ['deploy-check', '--config', 'rewind.json', '-o', 'json', ...args];
  const { exitCode, stdout, stderr } = await rewind.run(line, { env: { ...keys, AWS_REGION: region, ...env } });
  if (stdout === '') throw new Error(stderr);
  const { checks } = JSON.parse(stdout) as { checks: Check[] };
  return { exitCode, stdout, checks: Object.fromEntries(checks.map((check) => [check.check, check])) };
}

test('with nothing missing, each row is ok, the exit code is 0, and no part of the secret is printed', async () => {
  const { exitCode, checks, stdout } = await checked(
    { namespaces: { [namespace]: connection() }, worker: { namespace } },
    { env: { CDK_DOCKER: 'true' } },
  );
  expect(Object.entries(checks).filter(([, { result }]) => result !== 'ok')).toEqual([]);
  expect(exitCode).toBe(0);
  const ofNamespace = ['secret', 'certificate', 'address', 'access'].map((check) => `${namespace} ${check}`);
  const all = [
    'configuration',
    'region',
    'credentials',
    'bootstrap',
    'stack',
    'worker stack',
    'worker image',
    ...ofNamespace,
  ];
  expect(Object.keys(checks)).toEqual(all);
  for (const text of [certificate, privateKey]) {
    for (const line of text.split('\n').filter((part) => part.length > 20)) expect(stdout).not.toContain(line);
  }
});

describe('the configuration', () => {
  test('has a row for each invalid key, with what to do', async () => {
    writeFileSync(path.join(rewind.home, 'rewind.json'), JSON.stringify({ namespaces: { [namespace]: {} }, tag: {} }));
    const args = ['deploy-check', '--config', 'rewind.json', '--region', region];
    const { exitCode, stdout } = await rewind.run(args, { env: keys });
    expect(stdout).toMatch(/^RESULT +CHECK +FOUND +TO DO$/m);
    expect(stdout).toMatch(
      /^failed +configuration +rewind: unknown key "tag" +correct rewind\.json: docs\/configuration\.md$/m,
    );
    expect(stdout).toMatch(
      new RegExp(`^failed +configuration +rewind\\.namespaces\\.${namespace}\\.address: .*$`, 'm'),
    );
    expect(exitCode).toBe(2);
  });

  test('is read from cdk.json when no file is named', async () => {
    const run = () => rewind.run(['deploy-check', '--stage', 'staging'], { env: { ...keys, AWS_REGION: region } });
    await expect(run()).resolves.toMatchObject({
      exitCode: 2,
      stdout: expect.stringContaining('there is no cdk.json'),
    });
    const context = { 'rewind-staging': { namespaces: {} } };
    writeFileSync(path.join(rewind.home, 'cdk.json'), JSON.stringify({ context }));
    const found = expect.stringContaining('rewind-staging.namespaces: at least one namespace');
    await expect(run()).resolves.toMatchObject({ exitCode: 2, stdout: found });
  });
});

describe('the account', () => {
  const config = { namespaces: { [namespace]: connection() } };

  test('is not checked without credentials', async () => {
    const none = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined, AWS_EC2_METADATA_DISABLED: 'true' };
    const { exitCode, checks } = await checked(config, { env: none });
    expect(exitCode).toBe(7);
    expect(Object.keys(checks)).toEqual(['configuration', 'region', 'credentials', 'stack']);
    expect(checks['credentials']).toMatchObject({ result: 'failed', action: expect.stringContaining('aws sso login') });
  });

  test('reports credentials that AWS rejects', async () => {
    const { exitCode, checks } = await checked(config, { env: { AWS_ACCESS_KEY_ID: 'UNKNOWN0000000000000' } });
    expect(checks['credentials']).toMatchObject({ result: 'failed', action: expect.stringContaining('sign in') });
    expect(exitCode).toBe(7);
  });

  test('reports unknown, not failed, where the credentials may not read', async () => {
    const iam = new IAMClient({ endpoint: awsEndpointUrl, region, credentials: { ...credentials } });
    const reader = await createUser(iam, `deploy-check-${randomUUID()}`, () => Promise.resolve());
    iam.destroy();
    const env = { AWS_ACCESS_KEY_ID: reader.accessKeyId, AWS_SECRET_ACCESS_KEY: reader.secretAccessKey };
    const { exitCode, checks } = await checked(config, { env });
    expect(checks).toMatchObject({
      credentials: { result: 'ok' },
      bootstrap: { result: 'unknown', action: 'allow cloudformation:DescribeStacks' },
      [`${namespace} secret`]: { result: 'unknown', action: expect.stringContaining('secretsmanager:GetSecretValue') },
    });
    expect(exitCode).toBe(0);
  });

  test('reports that AWS does not respond, and does not blame the credentials', async () => {
    const { exitCode, checks } = await checked(config, {
      env: { AWS_ENDPOINT_URL: `http://127.0.0.1:${await freePort()}`, AWS_MAX_ATTEMPTS: '1' },
    });
    expect(checks['credentials']).toBeUndefined();
    expect(checks['account']).toMatchObject({
      result: 'failed',
      found: expect.stringMatching(/^no response from AWS: .*ECONNREFUSED/),
      action: expect.stringContaining('region'),
    });
    expect(exitCode).toBe(1);
  });

  test('reports a missing region', async () => {
    const { exitCode, checks } = await checked(config, { env: { AWS_REGION: undefined } });
    expect(checks['region']).toMatchObject({ result: 'failed', action: expect.stringContaining('--region') });
    expect(exitCode).toBe(1);
  });

  test('reports a missing bootstrap stack and secret in this region', async () => {
    const { exitCode, checks } = await checked(config, { args: ['--region', 'eu-north-1'] });
    expect(checks).toMatchObject({
      bootstrap: { result: 'failed', action: expect.stringMatching(/^npx cdk bootstrap -c config=\S+\.json$/) },
      stack: { result: 'failed', found: expect.stringContaining('is for eu-north-1') },
      [`${namespace} secret`]: { result: 'failed', found: expect.stringContaining('there is no arn:') },
    });
    expect(exitCode).toBe(1);
  });
});

describe('namespaces with one error each', () => {
  const kmsKeyArn = `arn:aws:kms:${region}:${accountId}:key/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9`;
  const noSecret = `arn:aws:secretsmanager:${region}:${accountId}:secret:rewind/none-AbCdEf`;
  let outcome: Outcome;
  beforeAll(async () => {
    const withSecret = async (value: object | string, kmsKey?: string) =>
      connection({ secretArn: await secret(value, kmsKey) });
    const expired = { notBeforeDate: new Date('2025-01-01'), notAfterDate: new Date('2025-02-01') };
    const others = await makeCertificates('elsewhere.test');
    const namespaces = {
      'no-secret': connection({ secretArn: noSecret }),
      'no-json': await withSecret('certificate'),
      'no-key': await withSecret({ certificate }),
      'other-key': await withSecret({ certificate, privateKey: others.client.privateKey }),
      'key-of-kms': await withSecret({ certificate, privateKey, ca }, kmsKeyArn),
      'named-key-of-kms': {
        ...(await withSecret({ certificate, privateKey, ca }, kmsKeyArn)),
        secretKmsKeyArn: kmsKeyArn,
      },
      'api-key': await withSecret({ apiKey: 'of-a-test', ca }),
      expired: await withSecret({ ...(await makeCertificates('elsewhere.test', expired)).client, ca }),
      'not-accepted': await withSecret({ ...others.client, ca }),
      'other-name': connection({ tlsServerName: 'elsewhere.test' }),
      'no-namespace': connection(),
      'no-host': connection({ address: 'nowhere.invalid:7233' }),
      'no-answer': connection({ address: `127.0.0.1:${await freePort()}` }),
    };
    const policies = Array.from({ length: 191 }, (_, at) => [`a${at}`, { roles: ['reader'], namespaces: ['expired'] }]);
    outcome = await checked({ namespaces, access: Object.fromEntries(policies) as object });
  });

  const failures: [check: string, found: string, action: string][] = [
    ['stack', 'access: 191 policies', 'correct the configuration'],
    ['no-secret secret', `there is no ${noSecret}`, 'store {'],
    ['no-json secret', 'is not JSON', 'store {'],
    ['no-key secret', 'has a "certificate" but no "privateKey"', 'store {'],
    ['other-key secret', 'has a "privateKey" that does not belong to its "certificate"', 'store {'],
    ['key-of-kms secret', kmsKeyArn, 'add namespaces.key-of-kms.secretKmsKeyArn'],
    ['api-key access', 'do not agree on TLS', 'correct the secret'],
    ['expired certificate', 'expired on 2025-02-01', 'docs/runbook.md'],
    ['not-accepted access', 'do not agree on TLS', 'correct the secret'],
    ['other-name access', "set the namespace's tlsServerName", 'correct the secret, the address or tlsServerName'],
    ['no-namespace access', 'no-namespace', 'correct the name or address of the namespace'],
    ['no-host address', 'nowhere.invalid does not resolve', 'correct namespaces.no-host.address'],
    ['no-answer access', 'no response from 127.0.0.1', 'correct namespaces.no-answer.address'],
  ];

  test.each(failures)('%s: %s', (check, found, action) => {
    expect(outcome.checks[check]).toMatchObject({
      result: 'failed',
      found: expect.stringContaining(found),
      action: expect.stringContaining(action),
    });
  });

  test('reports ok for the rest', () => {
    expect(outcome.checks).toMatchObject({
      'named-key-of-kms secret': { result: 'ok', found: 'a certificate and its private key, and "ca"' },
      'api-key secret': { result: 'ok', found: 'an API key, and "ca"' },
      'not-accepted certificate': { result: 'ok' },
    });
    expect(outcome.checks).not.toHaveProperty('no-host access');
    expect(outcome.exitCode).toBe(1);
  });
});

test('reports a missing module of the worker, and that its image cannot be built', async () => {
  const worker = { namespace, workflows: ['nowhere/workflows.ts'] };
  const { checks } = await checked(
    { namespaces: { [namespace]: connection() }, worker },
    { env: { CDK_DOCKER: 'false' } },
  );
  expect(checks).toMatchObject({
    stack: { result: 'ok' },
    'worker stack': {
      result: 'failed',
      found: expect.stringContaining('worker.workflows: there is no nowhere/workflows.ts'),
    },
    'worker image': { result: 'failed', action: expect.stringContaining('start Docker') },
  });
});

test('an unreachable server inside the functions’ VPC is not a failure', async () => {
  const address = `127.0.0.1:${await freePort()}`;
  const functions = { vpcId: 'vpc-0a1b', subnetIds: ['subnet-0a1b'] };
  const { exitCode, checks } = await checked({ namespaces: { [namespace]: connection({ address }) }, functions });
  expect(checks[`${namespace} access`]).toMatchObject({
    result: 'unknown',
    action: expect.stringContaining('vpc-0a1b'),
  });
  expect(exitCode).toBe(0);
});
