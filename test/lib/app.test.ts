import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/* The app as the CDK CLI starts it: context in, templates out. Nothing is bundled: that is what `npm start` proves. */

const root = path.resolve(__dirname, '../..');
const secretArn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:rewind/prod-AbCdEf';
const namespaces = { 'prod.a1b2c': { address: 'prod.a1b2c.tmprl.cloud:7233', secretArn } };

// No validation against CloudFormation's schemas, which takes seconds: rules.test.ts and every deployment do that.
const environment = { PATH: process.env['PATH'], CDK_VALIDATION: 'false' };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'rewind-app-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function synthesize(
  context: Record<string, unknown>,
  output: string,
  app = path.join(root, 'bin/rewind.ts'),
  cdkEnvironment: Record<string, string> = {},
) {
  const outdir = path.join(folder, output);
  const { status, stderr } = spawnSync(process.execPath, ['--import', require.resolve('tsx'), app], {
    cwd: path.dirname(app),
    encoding: 'utf8',
    env: {
      ...environment,
      ...cdkEnvironment,
      CDK_OUTDIR: outdir,
      CDK_CONTEXT_JSON: JSON.stringify({ 'aws:cdk:bundling-stacks': [], ...context }),
    },
  });
  return { status, stderr, read: (file: string) => readFileSync(path.join(outdir, file), 'utf8') };
}

/** A file for `-c config=FILE`, with several lines. */
function configurationFile(config: object): string {
  const file = path.join(folder, 'rewind.json');
  writeFileSync(file, JSON.stringify(config, undefined, 2));
  return file;
}

test('a stage has separate stacks with its tags, configured by its part of the context', () => {
  const context = {
    stage: 'staging',
    'rewind-staging': { namespaces, tags: { team: 'payments' } },
    rewind: { namespaces: 'of no concern' },
  };
  const first = synthesize(context, 'first');
  expect(first).toMatchObject({ status: 0 });
  const text = first.read('RewindControl-staging.template.json');
  const template = JSON.parse(text) as {
    Resources: Record<string, { Type: string; Properties: { Tags?: object[] } }>;
  };
  const functions = Object.values(template.Resources).filter(({ Type: type }) => type === 'AWS::Lambda::Function');
  expect(functions.length).toBeGreaterThan(10);
  for (const { Properties: properties } of functions) {
    expect(properties.Tags).toEqual([{ Key: 'team', Value: 'payments' }]);
  }

  // Again the same, so that `cdk diff` is clean when nothing has changed.
  expect(synthesize(context, 'second').read('RewindControl-staging.template.json')).toBe(text);
});

test('the local stack is the deployed stack, configured by a file, without what MiniStack does not support', () => {
  const triggers = {
    withdrawn: {
      sources: ['com.example.orders'],
      eventPattern: { 'detail-type': ['OrderWithdrawn'], account: ['444455556666'] },
      namespace: 'prod.a1b2c',
      workflowId: 'order-<$.detail.orderId>',
    },
  };
  const config = { namespaces, triggers };
  const deployed = synthesize({ config: configurationFile(config) }, 'deployed');
  const local = synthesize({ rewind: config }, 'local', path.join(root, 'local/app.ts'));
  expect(deployed).toMatchObject({ status: 0 });
  expect(local).toMatchObject({ status: 0 });
  const resourcesOf = ({ read }: typeof local) =>
    (JSON.parse(read('RewindControl.template.json')) as { Resources: Record<string, { Type: string }> }).Resources;
  const [own, all] = [resourcesOf(local), resourcesOf(deployed)];

  const missing = Object.keys(all).filter((id) => !(id in own));
  expect(new Set(missing.map((id) => all[id]?.Type))).toEqual(
    new Set(['AWS::Events::EventBusPolicy', 'AWS::SQS::QueuePolicy']),
  );
  expect(JSON.stringify(all)).toContain('aws:SecureTransport');
  expect(JSON.stringify(own)).not.toMatch(/aws:SecureTransport/);
  const changed = Object.entries(own).filter(([id, resource]) => JSON.stringify(all[id]) !== JSON.stringify(resource));
  expect(new Set(changed.map(([, { Type: type }]) => type))).toEqual(new Set(['AWS::SQS::QueuePolicy']));
});

test('deployed code mentions no emulator', () => {
  const sources = ['api', 'aws', 'bin', 'functions', 'lib', 'operations', 'worker'].flatMap((directory) =>
    readdirSync(path.join(root, directory), { recursive: true, encoding: 'utf8' }).map((file) =>
      path.join(directory, file),
    ),
  );
  const naming = sources.filter(
    (file) =>
      file.endsWith('.ts') && /emulator|ministack|localstack/i.test(readFileSync(path.join(root, file), 'utf8')),
  );
  expect(sources.length).toBeGreaterThan(100);
  expect(naming).toEqual([]);
});

test('an invalid configuration prints one line, not a stack trace', () => {
  const { status, stderr } = synthesize({ stage: 'prod', 'rewind-prod': { namespaces, tag: {} } }, 'invalid');
  expect(status).toBe(1);
  expect(stderr).toContain('rewind-prod: unknown key "tag"');
  expect(stderr).not.toMatch(/\n\s+at /);
});

test('the example in cdk.json is reported as such where it cannot be synthesized, as with the CDK CLI in another region', () => {
  const { context } = JSON.parse(readFileSync(path.join(root, 'cdk.json'), 'utf8')) as { context: object };
  const elsewhere = { CDK_DEFAULT_ACCOUNT: '111122223333', CDK_DEFAULT_REGION: 'eu-west-1' };
  const { status, stderr } = synthesize({ ...context }, 'example', undefined, elsewhere);
  expect(status).toBe(1);
  expect(stderr).toMatch(/^The stack is for eu-west-1/);
  expect(stderr).toContain('cdk.json has the example namespace; name your configuration with -c config=rewind.json');
});

test('a configuration on the command line of the CDK CLI must be one line, or the error says what to do', () => {
  const list = (configuration: string) => {
    const command = path.join(root, 'node_modules/aws-cdk/bin/cdk');
    const args = ['list', `--context=rewind=${configuration}`, `--output=${path.join(folder, 'listed')}`];
    const env = {
      ...environment,
      HOME: folder,
      AWS_EC2_METADATA_DISABLED: 'true',
      CDK_DISABLE_CLI_TELEMETRY: '1',
    };
    return spawnSync(process.execPath, [command, ...args, '--no-notices'], { cwd: root, encoding: 'utf8', env });
  };
  expect(list(JSON.stringify({ namespaces }))).toMatchObject({ status: 0, stdout: 'RewindControl\n' });
  expect(list(JSON.stringify({ namespaces }, undefined, 2)).stderr).toContain(
    'only passes the first line of a value: put the JSON on one line, or name a file: -c config=rewind.json',
  );
});

test('the construct works in another CDK app, as docs/deployment.md shows', () => {
  const app = path.join(folder, 'elsewhere');
  mkdirSync(path.join(app, 'node_modules'), { recursive: true });
  for (const name of ['aws-cdk-lib', 'constructs']) {
    symlinkSync(path.join(root, 'node_modules', name), path.join(app, 'node_modules', name));
  }
  symlinkSync(root, path.join(app, 'node_modules/rewind'));
  const [, snippet] =
    /```ts\n(import { RewindControl }[\s\S]*?)```/.exec(readFileSync(path.join(root, 'docs/deployment.md'), 'utf8')) ??
    [];
  const [imports, ...body] = (snippet ?? '').split('\n\n');
  writeFileSync(
    path.join(app, 'app.ts'),
    `${imports}
     import { App, Stack } from 'aws-cdk-lib';
     import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
     const secretArn = '${secretArn}';
     class Orders extends Stack {
       constructor(app: App) {
         super(app, 'Orders');
         const orderService = new Role(this, 'OrderService', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });
         ${body.join('\n')}
       }
     }
     const app = new App();
     new Orders(app);
     app.synth();`,
  );
  // Bundled too: in another folder's process, the functions have to be found and made all the same.
  const synthesized = synthesize({ 'aws:cdk:bundling-stacks': ['**'] }, 'orders', path.join(app, 'app.ts'));
  expect(synthesized).toMatchObject({ status: 0 });
  expect(synthesized.read('Orders.template.json')).toMatch(
    /events:PutEvents[\s\S]*Workflow|Workflow[\s\S]*events:PutEvents/,
  );
  // Each function bundles a file with its namespaces, whatever their number.
  const [, asset = ''] = /(asset\.\w+)"[^}]*\}/.exec(synthesized.read('Orders.assets.json')) ?? [];
  expect(JSON.parse(synthesized.read(`${asset}/configuration.json`))).toEqual({
    namespaces: { 'prod.a1b2c': expect.objectContaining({ secretArn }) },
  });
});
