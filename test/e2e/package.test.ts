import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { allBlocks } from '../support/documentation';
import { eventually } from '../support/eventually';
import { localStack } from '../support/local-stack';
import { RewindApi } from '../support/rewind-api';
import { shell } from '../support/shell';
import manifest from '../../package.json';

/*
 * The npm package, packed and installed in folders that have nothing of the repository: the construct in each kind of
 * project and deployed, the typed client, the command, and the parts for a worker.
 */

const root = path.resolve(__dirname, '../..');
const run = promisify(execFile);
const { details, client: temporal } = localStack();
const PNPM = 'pnpm@10.34.1';
/** On a busy machine npm takes many times as long. */
const INSTALL_TIMEOUT_MS = 600_000;

const versions: Record<string, string> = { ...manifest.devDependencies, ...manifest.dependencies };
const cdkPackages = ['aws-cdk-lib', 'constructs'];
const cdkCommand = 'aws-cdk';
const typeScriptPackages = ['typescript', 'tsx', '@types/node'];
const workerPackages = ['activity', 'client', 'common', 'worker', 'workflow'].map((name) => `@temporalio/${name}`);

let folder: string;
let tarball: string;
/** What npm installs with the package. */
let installed: string[];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'rewind-package-'));
  await run('npm', ['run', 'package'], { cwd: root });
  await run('npm', ['pack', path.join(root, 'dist/package'), '--pack-destination', folder], { cwd: folder });
  tarball = path.join(folder, `rewind-${manifest.version}.tgz`);
  await project('npm', {}, []);
  await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'], {
    cwd: inFolder('npm'),
  });
  installed = await readdir(inFolder('npm/node_modules'));
  // npm takes longer to install these than all tests of this file. The pnpm workspace installs those of the CDK.
  for (const name of [...cdkPackages, cdkCommand, ...typeScriptPackages, ...workerPackages]) {
    await mkdir(path.dirname(inFolder('npm/node_modules', name)), { recursive: true });
    await symlink(path.join(root, 'node_modules', name), inFolder('npm/node_modules', name));
  }
}, INSTALL_TIMEOUT_MS);
afterAll(() => rm(folder, { recursive: true }));

const inFolder = (...names: string[]) => path.join(folder, ...names);

/** Writes a project with these files, which depends on the package and on some others. */
async function project(
  name: string,
  files: Record<string, string>,
  packages: string[],
  more: object = {},
): Promise<void> {
  const dependencies = Object.fromEntries(packages.map((dependency) => [dependency, versions[dependency]]));
  const own = { name, private: true, dependencies: { rewind: `file:${tarball}`, ...dependencies }, ...more };
  for (const [file, text] of Object.entries({ 'package.json': JSON.stringify(own), ...files })) {
    await mkdir(path.dirname(inFolder(name, file)), { recursive: true });
    await writeFile(inFolder(name, file), text);
  }
}

/** The lines of a CDK app, after its imports. */
const app = `
const app = new App({ outdir: process.argv[2] });
const stack = new Stack(app, 'Control');
const secretArn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:rewind/prod-AbCdEf';
const rewind = new RewindControl(stack, 'Rewind', {
  namespaces: { 'prod.a1b2c': { address: 'prod.a1b2c.tmprl.cloud:7233', secretArn } },
});
rewind.bus.grantPutEventsTo(new AccountRootPrincipal());
app.synth();
`;
const imports = `import { App, Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal } from 'aws-cdk-lib/aws-iam';
import { RewindControl } from 'rewind';
`;
const requires = `const { App, Stack } = require('aws-cdk-lib');
const { AccountRootPrincipal } = require('aws-cdk-lib/aws-iam');
const { RewindControl } = require('rewind');
`;
/** Requests that may wait at once: so few that a test reaches the limit. */
const MAX_WAITING = 6;
const EVENT_SOURCE = 'packaged.orders';
/** Like a deployment to AWS, without what MiniStack does not support (local/app.ts). */
const deployedApp = `import { App, CfnOutput, CliCredentialsStackSynthesizer, Stack } from 'aws-cdk-lib';
import { CfnEventBusPolicy } from 'aws-cdk-lib/aws-events';
import { CfnQueuePolicy } from 'aws-cdk-lib/aws-sqs';
import { RewindControl } from 'rewind';
const app = new App();
const context = (key: string) => app.node.tryGetContext(key);
const synthesizer = new CliCredentialsStackSynthesizer({ fileAssetsBucketName: context('bucket') });
const stack = new Stack(app, 'Packaged', { synthesizer });
const rewind = new RewindControl(stack, 'Rewind', {
  namespaces: JSON.parse(context('namespaces')),
  functions: { maxConcurrency: ${2 * MAX_WAITING}, maxWaiting: ${MAX_WAITING} },
  cancellationRequests: { sources: ['${EVENT_SOURCE}'] },
});
new CfnOutput(stack, 'EventBusName', { value: rewind.bus.eventBusName });
new CfnOutput(stack, 'ApiUrl', { value: rewind.api.restApi.url });
new CfnOutput(stack, 'LedgerTableName', { value: rewind.ledger.table.tableName });
for (const policy of stack.node.findAll()) {
  const isWithoutEffect = policy instanceof CfnEventBusPolicy || policy instanceof CfnQueuePolicy;
  if (isWithoutEffect) policy.node.scope?.node.tryRemoveChild(policy.node.id);
}
app.synth();
`;
/** Of `cdk init app --language typescript`, but for \`skipLibCheck\`. */
const tsconfig = JSON.stringify({
  compilerOptions: {
    target: 'ES2022',
    module: 'NodeNext',
    moduleResolution: 'NodeNext',
    lib: ['es2022'],
    declaration: true,
    strict: true,
    skipLibCheck: false,
    noEmit: true,
    isolatedModules: true,
    types: ['node'],
  },
  // Not the worker: the declarations of Temporal’s SDK need `skipLibCheck` themselves.
  files: ['app.ts', 'client.ts', 'company/app.ts'],
});
const client = `import { createRewindClient } from 'rewind/client';
const [baseUrl, region] = process.argv.slice(2);
async function main() {
  const rewind = createRewindClient({ baseUrl, region });
  const { data, error } = await rewind.GET('/namespaces/{namespace}/workflows', {
    params: { path: { namespace: process.argv[4] } },
  });
  if (error) throw new Error(JSON.stringify(error));
  console.log(Array.isArray(data.workflows));
}
void main();
`;
/** The page's worker, which polls for a moment. */
const [pageWorkflows = '', pageWorker = ''] = allBlocks()
  .filter(({ headings }) => headings.at(-1) === 'In your own worker')
  .map(({ text }) => text);
// A separate task queue, because this worker stops soon and must not take tasks of other tests.
const [, workerImport = '', workerLines = ''] =
  /^(.*?;\n\n)(.*)$/s.exec(pageWorker.replace('// worker.ts\n', '').replace('rewind-orders', 'rewind-packaged')) ?? [];
const worker = `import { NativeConnection, Worker } from '@temporalio/worker';
${workerImport}
async function main() {
  const [address, namespace] = process.argv.slice(2);
  const connection = await NativeConnection.connect({ address });
  const myActivities = {};
  ${workerLines}
  await worker.runUntil(async () => console.log('it polls'));
  await connection.close();
}
void main();
`;

/** Runs a CDK app. @returns the template of its stack */
async function synthesized(name: string, command: string, args: string[]): Promise<object> {
  const output = inFolder(name, 'cdk.out');
  // Against CloudFormation’s schemas: test/lib/rules.test.ts.
  const env = { ...process.env, CDK_VALIDATION: 'false' };
  await run(command, [...args, output], { cwd: inFolder(name), env });
  return JSON.parse(await readFile(path.join(output, 'Control.template.json'), 'utf8')) as object;
}

const environment = () => ({
  PATH: process.env['PATH'],
  AWS_ACCESS_KEY_ID: details.credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: details.credentials.secretAccessKey,
});

describe('a project of `cdk init`', () => {
  const tsx = ['--import', 'tsx'];
  let template: object;
  beforeAll(async () => {
    const files = {
      'app.ts': imports + app,
      'client.ts': client,
      'worker.ts': worker,
      'workflows.ts': pageWorkflows,
      'my-workflows.ts': 'export async function mine() {}',
      'tsconfig.json': tsconfig,
    };
    await cp(path.join(root, 'examples/company'), inFolder('npm/company'), { recursive: true });
    await Promise.all(Object.entries(files).map(([file, text]) => writeFile(inFolder('npm', file), text)));
    template = await synthesized('npm', process.execPath, [...tsx, 'app.ts']);
  }, INSTALL_TIMEOUT_MS);

  test(
    'is accepted by the compiler, with examples/company and the declarations of the package',
    async () => {
      await expect(
        run(inFolder('npm/node_modules/typescript/bin/tsc'), { cwd: inFolder('npm') }),
      ).resolves.toMatchObject({ stdout: '' });
    },
    INSTALL_TIMEOUT_MS,
  );

  test('uses the functions of the package, without esbuild and the Temporal SDK', async () => {
    const [address = ''] = await readdir(inFolder('npm', 'cdk.out/rewind-functions/cancel'));
    const cancel = await readFile(inFolder('npm', 'cdk.out/rewind-functions/cancel', address, 'index.js'));
    expect(cancel.equals(await readFile(path.join(root, 'dist/package/functions/cancel/index.js')))).toBe(true);
    expect(installed).toContain('rewind');
    for (const name of ['esbuild', 'esbuild-wasm', '@esbuild', '@temporalio', 'aws-cdk-lib']) {
      expect(installed).not.toContain(name);
    }
  });

  test('synthesizes the same template as an ES module', async () => {
    await writeFile(inFolder('npm/app.mjs'), imports + app);
    expect(await synthesized('npm', process.execPath, ['app.mjs'])).toEqual(template);
  });

  test(
    'is the same as a script in a pnpm workspace, where only declared dependencies can be loaded',
    async () => {
      await project('pnpm/packages/infra', { 'app.cjs': requires + app }, cdkPackages);
      await writeFile(inFolder('pnpm/package.json'), '{ "private": true }');
      await writeFile(inFolder('pnpm/pnpm-workspace.yaml'), 'packages: ["packages/*"]\n');
      const install = ['--yes', '--prefer-offline', PNPM, 'install', '--prefer-offline', '--ignore-scripts'];
      await run('npx', install, { cwd: inFolder('pnpm') });
      expect(await synthesized('pnpm/packages/infra', process.execPath, ['app.cjs'])).toEqual(template);
    },
    INSTALL_TIMEOUT_MS,
  );

  test('runs batch operations on a worker of its own', async () => {
    const namespaces = { [details.namespace]: { address: details.temporal.address, secretArn: 'arn' } };
    const env = {
      ...environment(),
      REWIND_NAMESPACES: JSON.stringify(namespaces),
      REWIND_WORKER_NAMESPACE: details.namespace,
    };
    const args = [...tsx, 'worker.ts', details.temporal.plaintextAddress ?? '', details.namespace];
    const { stdout } = await run(process.execPath, args, { cwd: inFolder('npm'), env });
    expect(stdout).toBe('it polls\n');
  });
});

describe('the construct, deployed', () => {
  const { awsEndpointUrl, namespace } = details;
  // A separate region, because other tests expect each resource of the account once.
  const region = 'eu-west-1';
  const bucket = 'packaged-assets';
  let secretArn: string;
  let apiUrl: string;
  let table: string;
  let eventBusName: string;

  /** The CDK CLI that the project has installed, with nothing of a real account. */
  const cdk = (program: string, ...args: string[]) => {
    const { address, tlsServerName } = details.temporal;
    const namespaces = JSON.stringify({ [namespace]: { address, tlsServerName, secretArn } });
    const context = ['--context', `bucket=${bucket}`, '--context', `namespaces=${namespaces}`];
    const env = {
      ...environment(),
      HOME: folder,
      AWS_ENDPOINT_URL: awsEndpointUrl,
      AWS_REGION: region,
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      CDK_VALIDATION: 'false',
    };
    const command = [...args, ...context, '--app', program, '--no-notices', '--ci'];
    return run(inFolder('npm/node_modules/aws-cdk/bin/cdk'), command, { cwd: inFolder('npm'), env });
  };

  beforeAll(async () => {
    await writeFile(inFolder('npm/deployed.ts'), deployedApp);
    const place = `--region ${region}`;
    await shell(
      `aws s3api create-bucket ${place} --bucket ${bucket} --create-bucket-configuration LocationConstraint=${region}`,
    );
    const secret = `aws secretsmanager get-secret-value --secret-id ${details.secretArns[namespace]} --query SecretString --output text`;
    const stored = await shell(
      `aws secretsmanager create-secret ${place} --name rewind/packaged --secret-string "$(${secret})" --query ARN --output text`,
    );
    secretArn = stored.trim();
    await cdk(
      'node --import tsx deployed.ts',
      'deploy',
      'Packaged',
      '--output',
      'cdk.deployed',
      '--require-approval=never',
      '--method=direct',
      '--outputs-file',
      inFolder('outputs.json'),
    );
    const { Packaged: stack } = JSON.parse(await readFile(inFolder('outputs.json'), 'utf8')) as Record<
      string,
      Record<string, string>
    >;
    const [apiId] = new URL(stack?.['ApiUrl'] ?? '').hostname.split('.');
    apiUrl = `${awsEndpointUrl}/_aws/execute-api/${apiId}/v1`;
    table = stack?.['LedgerTableName'] ?? '';
    eventBusName = stack?.['EventBusName'] ?? '';
  }, INSTALL_TIMEOUT_MS);
  // Its schedules would run during the tests of other files too.
  let destroyed: Promise<unknown> | undefined;
  const destroy = () => (destroyed ??= cdk('cdk.deployed', 'destroy', 'Packaged', '--force'));
  afterAll(destroy, INSTALL_TIMEOUT_MS);

  test.each(['rewind', 'temporal-rewind'])('lists workflows with the command %s', async (command) => {
    const args = ['ls', '-n', namespace, '--api-url', apiUrl, '--region', region, '-o', 'json'];
    const env = { ...environment(), HOME: folder };
    const { stdout } = await run(inFolder('npm/node_modules/.bin', command), args, { cwd: folder, env });
    expect(JSON.parse(stdout)).toMatchObject({ workflows: expect.any(Array) });
  });

  test('responds to the typed client', async () => {
    const args = ['--import', 'tsx', 'client.ts', apiUrl, region, namespace];
    const { stdout } = await run(process.execPath, args, { cwd: inFolder('npm'), env: environment() });
    expect(stdout).toBe('true\n');
  });

  test('passes deploy-check from the package before deployment', async () => {
    const { address, tlsServerName } = details.temporal;
    const config = {
      namespaces: { [namespace]: { address, tlsServerName, secretArn: details.secretArns[namespace] } },
    };
    await writeFile(inFolder('npm/rewind.json'), JSON.stringify(config));
    const args = ['deploy-check', '--config', 'rewind.json', '--region', details.region, '-o', 'jsonl'];
    const env = { ...environment(), HOME: folder, AWS_ENDPOINT_URL: awsEndpointUrl };
    const { stdout } = await run(inFolder('npm/node_modules/.bin/rewind'), args, { cwd: inFolder('npm'), env });
    const checks = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { check: string; result: string });
    expect(checks).toContainEqual(expect.objectContaining({ check: 'stack', result: 'ok' }));
    expect(checks.filter(({ result }) => result !== 'ok')).toEqual([]);
  });

  test('many waiting requests delay neither a cancellation without a wait nor an event', async () => {
    const api = new RewindApi({ ...details, apiUrl, region });
    const startIdle = async () => {
      const workflowId = `flooded-${randomUUID()}`;
      await temporal.workflow.start('idle', { workflowId, taskQueue: workflowId });
      return workflowId;
    };
    const [waited, other, ofEvent] = [await startIdle(), await startIdle(), await startIdle()];
    // Not while the others wait: each starts an instance of the function.
    const first = Array.from({ length: MAX_WAITING + 1 }, () => api.cancel({ workflowId: other, reason: 'first' }));
    await Promise.all(first);
    const wait = () => api.post('workflows/cancel', { workflowId: waited, reason: 'flood', waitSeconds: 25 });

    const waiting = Array.from({ length: MAX_WAITING }, wait);
    let ended = 0;
    for (const answer of waiting) void answer.finally(() => (ended += 1));
    const operations = async () => (await api.operations(waited)).body.operations;
    await eventually(async () => (await operations()).length === MAX_WAITING, 'as many to wait as may');
    for (let more = 0; more < MAX_WAITING; more += 1) {
      expect(await wait()).toMatchObject({
        status: 429,
        headers: { 'retry-after': expect.stringMatching(/^[1-9]/) },
        body: { type: 'urn:rewind:problem:too-many-waiting' },
      });
    }
    const entry = {
      EventBusName: eventBusName,
      Source: EVENT_SOURCE,
      DetailType: 'Workflow Cancellation Requested',
      Detail: JSON.stringify({ namespace, workflowId: ofEvent, reason: 'flood' }),
    };
    const events = new EventBridgeClient({ endpoint: awsEndpointUrl, region, credentials: { ...details.credentials } });
    await events.send(new PutEventsCommand({ Entries: [entry] }));
    events.destroy();
    expect(await api.cancel({ workflowId: other, reason: 'urgent' })).toMatchObject({ status: 200 });
    await eventually(
      async () => (await api.operations(ofEvent)).body.operations[0]?.state === 'completed',
      'the event',
    );
    expect(ended).toBe(0);

    await temporal.workflow.getHandle(waited).terminate();
    for (const answer of await Promise.all(waiting)) {
      expect(answer).toMatchObject({ status: 200, body: { status: 'Terminated' } });
    }
  });

  test('retains its ledger when the stack is destroyed', async () => {
    await destroy();
    const place = `--region ${region}`;
    const described = await shell(
      `aws dynamodb describe-table ${place} --table-name ${table} --query Table.TableStatus`,
    );
    expect(JSON.parse(described)).toBe('ACTIVE');
    expect(JSON.parse(await shell(`aws lambda list-functions ${place} --query 'Functions[].FunctionName'`))).toEqual(
      [],
    );
  });
});

test('the package has no sources, no tests and few dependencies', async () => {
  const { stdout } = await run('tar', ['tzf', tarball]);
  const files = stdout.trim().split('\n');
  const places = new Set(
    files.map((file) => file.replace(/^package\//, '').replace(/^(types|functions|console)\/.*/, '$1')),
  );
  expect([...places].toSorted()).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'client.js',
    'console',
    'deploy-check.cjs',
    'functions',
    'index.js',
    'package.json',
    'rewind.cjs',
    'types',
    'worker.js',
    'workflows.js',
  ]);
});
