import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Stack, Validations } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { addStages } from '../../examples/company/stages';
import { parseConfig } from '../../lib/config';
import type { RewindConfigInput } from '../../lib/config';
import { ControlStack } from '../../lib/control-stack';
import { WorkerStack } from '../../lib/worker-stack';
import { pythonWith } from '../../local/installed/python';
import { CFN_LINT, CFN_LINT_VERSION } from '../support/cfn-lint';
import { allBlocks } from '../support/documentation';
import { unbundledApp } from '../support/unbundled-app';

// cdk-nag reads a deprecated property of bus policies.
process.env['JSII_DEPRECATED'] = 'quiet';
// Other tests of templates switch it off.
process.env['CDK_VALIDATION'] = 'true';

const secretArn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:rewind/prod-AbCdEf';
const config = parseConfig({
  namespaces: {
    'prod.a1b2c': {
      address: 'prod.a1b2c.tmprl.cloud:7233',
      secretArn,
      secretKmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/0b1c',
    },
  },
  access: { operators: { roles: ['batchOperator'], namespaces: 'all' } },
  triggers: {
    withdrawn: {
      sources: ['com.example.orders'],
      eventPattern: { 'detail-type': ['OrderWithdrawn'], account: ['444455556666'] },
      namespace: 'prod.a1b2c',
      workflowId: 'order-<$.detail.orderId>',
    },
  },
  worker: { namespace: 'prod.a1b2c' },
});

/** Both stacks, with more configuration where there is some. */
function addStacks(
  app: App,
  name: string,
  env?: { account: string; region: string },
  more: Partial<RewindConfigInput> = {},
) {
  const { worker, namespaces, logLevel } = config;
  const functions = { ...config.functions, ...more.functions };
  const stackProps = env && { env };
  const { ledger } = new ControlStack(app, `${name}Control`, { config: { ...config, ...more }, ...stackProps });
  new WorkerStack(app, `${name}Worker`, { ...stackProps, worker: worker!, namespaces, logLevel, functions, ledger });
}

interface Report {
  pluginReports: { violations: { ruleName: string; violatingConstructs: { constructPath: string }[] }[] }[];
}

/** All that is optional. */
const everything: Partial<RewindConfigInput> = {
  api: {
    waf: {},
    usagePlans: { pipeline: { rateLimit: 5, burstLimit: 10 } },
    callerOrganizationId: 'o-a1b2c3d4e5',
    vpcEndpointIds: ['vpce-0a1b'],
    accountLogRole: false,
  },
  runbookUrl: 'https://wiki.example.com/runbook',
  tracing: { layerArn: 'arn:aws:lambda:eu-west-1:901920570463:layer:otel:1' },
  dashboard: true,
  alarmTopicArn: 'arn:aws:sns:eu-west-1:111122223333:alarms',
  functions: { ...config.functions, provisionedConcurrency: 2, vpcId: 'vpc-0a1b2c3d', subnetIds: ['subnet-0a1b2c3d'] },
};

// One app for all: the CDK's rules take longer to load than to apply.
const app = unbundledApp();
addStacks(app, 'Plain');
addStacks(app, 'Full', { account: '111122223333', region: 'eu-west-1' }, everything);
const own = app.node.children.map(({ node }) => node.id);
addStages(app);
const withCompany = app.node.children.map(({ node }) => node.id);
new Queue(new Stack(app, 'Bare'), 'Queue');

beforeAll(() => {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  // oxlint-disable-next-line jest/no-standalone-expect -- all tests need what this writes
  expect(() => app.synth()).toThrow('AwsSolutions-SQS3');
});

test('the AWS rules find only acknowledged deviations, and two in a queue that breaks them', () => {
  const report = JSON.parse(readFileSync(path.join(app.outdir, 'validation-report.json'), 'utf8')) as Report;
  const findings = report.pluginReports
    .flatMap(({ violations }) => violations)
    .flatMap(({ ruleName, violatingConstructs }) =>
      violatingConstructs.map(({ constructPath }) => `${ruleName} ${constructPath}`),
    );
  expect(findings).toEqual(['AwsSolutions-SQS3 Bare/Queue/Resource', 'AwsSolutions-SQS4 Bare/Queue/Resource']);
});

const templates = (stacks: string[]) => stacks.map((name) => path.join(app.outdir, `${name}.template.json`));

test('cfn-lint finds nothing in these templates, nor in those of the company example and of the documentation', async () => {
  const files = templates(withCompany);
  expect(files).toHaveLength(6);
  const documented = path.join(unbundledApp().outdir, 'documented.template.json');
  writeFileSync(documented, allBlocks().find(({ text }) => text.includes('ToRewindRole'))?.text ?? '');

  const python = await pythonWith('cfn-lint', CFN_LINT_VERSION);
  const { stdout, stderr, status } = spawnSync(python, [...CFN_LINT, ...files, documented], { encoding: 'utf8' });
  expect({ stdout, stderr, status }).toEqual({ stdout: '', stderr: '', status: 0 });
}, 300_000);

const CHECKOV_VERSION = '3.3.30';

test('checkov finds only deviations that are acknowledged with a reason', async () => {
  const python = await pythonWith('checkov', CHECKOV_VERSION);
  const args = [
    '-m',
    'checkov.main',
    '--framework',
    'cloudformation',
    '--compact',
    '--quiet',
    '--skip-download',
    '--output',
    'json',
  ];
  const env = { ...process.env, LOG_LEVEL: 'ERROR' };
  const { stdout, stderr } = spawnSync(python, [...args, '--file', ...templates(own)], { encoding: 'utf8', env });
  if (stdout === '') throw new Error(stderr);
  const { results, summary } = JSON.parse(stdout) as CheckovReport;
  expect(results.failed_checks.map(({ check_id: id, resource }) => `${id} ${resource}`)).toEqual([]);
  expect(summary).toMatchObject({ failed: 0, parsing_errors: 0, skipped: expect.any(Number) });
  expect(summary.skipped).toBeGreaterThan(100);
}, 600_000);

interface CheckovReport {
  results: { failed_checks: { check_id: string; resource: string }[] };
  summary: { failed: number; skipped: number; parsing_errors: number };
}
