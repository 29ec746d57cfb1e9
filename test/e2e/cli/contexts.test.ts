import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { commands } from '../../../cli/commands';
import { deployedNode, obstacleTo, ownArchitecture } from '../../../local/installed/deployed-node';
import { freePort } from '../../../local/processes/ports';
import { describeUnless } from '../../support/describe-unless';
import { localStack } from '../../support/local-stack';
import { RewindCommand, rewindCommand } from '../../support/rewind-command';

/* Help, which API a command calls, and with which credentials. */

const { details } = localStack();
const withoutStack = new RewindCommand();
afterAll(() => withoutStack.remove());
const keys = {
  AWS_ACCESS_KEY_ID: details.credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: details.credentials.secretAccessKey,
};

describe('help', () => {
  test('of the program names every command, and the exit codes', async () => {
    const { stdout, exitCode } = await withoutStack.run(['--help']);
    const names = commands.map(({ name }) => name.split(' ')[0]);
    for (const name of names) expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
    expect(stdout).toMatch(/^  6 +it is unknown whether/m);
    expect(exitCode).toBe(0);
  });

  test('of a command has its options, arguments and examples', async () => {
    const { stdout } = await withoutStack.run(['reset', '--help']);
    expect(stdout).toMatch(/^Usage: rewind reset \[options\] \[id\.\.\.\]$/m);
    expect(stdout).toMatch(/^  --orphans <action> /m);
    expect(stdout).toMatch(/^Examples:$/m);
  });
});

describeUnless(obstacleTo(ownArchitecture), 'on Node.js 24', () => {
  test('keeps the compile cache in the user’s cache folder', async () => {
    const [node] = await deployedNode();
    const command = path.resolve(__dirname, '../../../cli/rewind.cjs');
    const { home } = withoutStack;
    const { stdout } = await promisify(execFile)(node, [command, '--help'], { env: { HOME: home }, cwd: home });
    expect(stdout).toContain('Usage: rewind');
    expect(readdirSync(path.join(home, '.cache/rewind'), { recursive: true }).length).toBeGreaterThan(1);
  });
});

test('without a namespace, --api-url needs one on the command line', async () => {
  const args = ['ls', '--api-url', details.apiUrl, '--region', details.region];
  const { exitCode, stderr } = await withoutStack.run(args, { env: keys });
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr: '✘ A namespace is missing.\n  Name one: -n NAMESPACE\n',
  });
});

describe('contexts', () => {
  const rewind = rewindCommand();
  const add = [
    'context',
    'add',
    'prod',
    '--api-url',
    details.apiUrl,
    '--region',
    details.region,
    '-n',
    details.namespace,
  ];

  test('includes the local stack without configuration', async () => {
    expect(await rewind.json(['context', 'ls'])).toMatchObject({ contexts: [{ name: 'local', inUse: true }] });
    expect(await rewind.run(['count'])).toMatchObject({ exitCode: 0 });
  });

  test('adds, uses and removes a context', async () => {
    expect(await rewind.run(add)).toMatchObject({
      exitCode: 0,
      stderr: `Context prod is ${details.apiUrl}, namespace ${details.namespace}.\n`,
    });
    expect(await rewind.json(['context', 'ls'])).toMatchObject({
      contexts: [
        { name: 'prod', inUse: true, region: details.region },
        { name: 'local', inUse: false },
      ],
    });
    expect(await rewind.run(['count'], { env: keys })).toMatchObject({ exitCode: 0 });
    await rewind.run(['context', 'use', 'local']);
    expect(await rewind.run(['count'])).toMatchObject({ exitCode: 0 });
    expect(await rewind.run(['count', '--context', 'prod'], { env: keys })).toMatchObject({ exitCode: 0 });
    expect(await rewind.run(['context', 'rm', 'prod'])).toMatchObject({ exitCode: 0 });
    const { exitCode, stderr } = await rewind.run(['count'], { env: { REWIND_CONTEXT: 'prod' } });
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('There are: local') });
  });

  test('reads the outputs of a stack', async () => {
    const env = { ...keys, AWS_ENDPOINT_URL: details.awsEndpointUrl };
    const stack = ['--stack', 'RewindControl', '--region', details.region];
    expect(await rewind.run(['context', 'add', 'stack', ...stack], { env })).toMatchObject({ exitCode: 0 });
    const { contexts } = await rewind.json<{ contexts: object[] }>(['context', 'ls']);
    expect(contexts).toContainEqual(
      expect.objectContaining({ name: 'stack', account: details.accountId, region: details.region }),
    );
    const missing = await rewind.run(['context', 'add', 'x', '--stack', 'NoSuchStack', '--region', details.region], {
      env,
    });
    expect(missing).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('There is no stack NoSuchStack') });
  });
});

describe('errors', () => {
  let closed: string;
  beforeAll(async () => {
    closed = `http://127.0.0.1:${await freePort()}`;
  });
  const here = ['--api-url', details.apiUrl, '--region', details.region, '-n', details.namespace];

  test('no context: explains how to add one', async () => {
    const { exitCode, stderr } = await withoutStack.run(['ls']);
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('rewind context add prod --stack'),
    });
  });

  test('no namespace: requires one', async () => {
    const { exitCode, stderr } = await withoutStack.run(['ls', ...here.slice(0, 4)], { env: keys });
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('-n NAMESPACE') });
  });

  test('an unknown namespace: lists the configured ones', async () => {
    const { exitCode, stderr } = await withoutStack.run(['ls', ...here.slice(0, 4), '-n', 'nope'], { env: keys });
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 3, stderr: expect.stringContaining(details.namespace) });
  });

  test('no region: requires one', async () => {
    const { exitCode, stderr } = await withoutStack.run(['ls', '--api-url', details.apiUrl], { env: keys });
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--region') });
  });

  test('no credentials: explains how to sign in', async () => {
    const { exitCode, stderr } = await withoutStack.run(['ls', ...here]);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 7, stderr: expect.stringContaining('aws login') });
  });

  test('a wrong secret key: asks whether it belongs to the access key', async () => {
    const env = { ...keys, AWS_SECRET_ACCESS_KEY: 'wrong' };
    const { exitCode, stderr } = await withoutStack.run(['ls', ...here], { env });
    expect({ exitCode, stderr }).toEqual({
      exitCode: 7,
      stderr: expect.stringContaining('Does the secret access key belong to'),
    });
  });

  test('an unreachable API: names its URL', async () => {
    const args = ['ls', '--api-url', closed, '--region', 'eu-west-1', '-n', 'x'];
    const { exitCode, stderr } = await withoutStack.run(args, { env: keys });
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining(`No response from ${closed}: ECONNREFUSED`),
    });
  });

  test('a change without a response: reports an unknown outcome and the command that retries it', async () => {
    const cutting = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await once(cutting, 'listening');
    const place = ['--api-url', `http://127.0.0.1:${(cutting.address() as AddressInfo).port}`, '--region', 'eu-west-1'];
    const args = ['cancel', "it's", '--reason', 'a b', ...place, '-n', 'x', '--yes'];
    const { exitCode, stderr } = await withoutStack.run(args, { env: keys });
    cutting.close();
    expect(exitCode).toBe(6);
    const key = /Idempotency key for it's: ([\w-]{36})/.exec(stderr)?.[1];
    expect(stderr).toContain(
      `rewind cancel 'it'\\''s' --reason 'a b' ${place.join(' ')} -n x --idempotency-key ${key} --yes`,
    );
  });

  test('another service at the URL: asks whether it is a Rewind API', async () => {
    const args = [
      'ls',
      '--api-url',
      `${details.awsEndpointUrl}/nothing-${randomUUID()}`,
      '--region',
      'eu-west-1',
      '-n',
      'x',
    ];
    const { exitCode, stderr } = await withoutStack.run(args, { env: keys });
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain('A Rewind API answers in another format. Is the URL right, with its stage?');
  });
});
