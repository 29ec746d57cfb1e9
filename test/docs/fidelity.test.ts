import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { checks } from '../../bin/verification/checks';
import { readPage } from '../support/documentation';
import { VERSION } from '../support/newer-temporal-server';

/* docs/fidelity.md: every row names a test, and every named test and check exists. */

const root = path.resolve(__dirname, '../..');
const rows = readPage('docs/fidelity.md')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (behaviour|-)/.test(line))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

test.each(rows)('%.80s', (behaviour, own = '', implementation = '', inAccount = '') => {
  expect(behaviour).toBeTruthy();
  const proofs = [...`${own} ${implementation}`.matchAll(/`([\w./-]+\.ts|npm run [^`]+)`/g)].map(
    ([, proof = '']) => proof,
  );
  expect(proofs).not.toEqual([]);
  for (const proof of proofs.filter((file) => file.endsWith('.ts')))
    expect(existsSync(path.join(root, proof))).toBe(true);
  expect(inAccount).not.toBe('');
  const named = [...inAccount.matchAll(/"([^"]+)"/g)].map(([, name]) => name);
  expect(checks.map(({ name }) => name)).toEqual(expect.arrayContaining(named));
});

test('names every check of the verification', () => {
  const page = readPage('docs/fidelity.md');
  const missing = checks.filter(({ name }) => !page.includes(`"${name}"`));
  expect(missing).toEqual([]);
});

/** As the page names the services whose constructs lib/ uses. */
const services: Record<string, string> = {
  apigateway: 'API Gateway',
  applicationautoscaling: 'Application Auto Scaling',
  cloudwatch: 'CloudWatch',
  dynamodb: 'DynamoDB',
  ec2: 'VPC',
  ecr: 'ECR',
  ecs: 'ECS',
  events: 'EventBridge',
  iam: 'IAM',
  kms: 'KMS',
  lambda: 'Lambda',
  logs: 'CloudWatch',
  sns: 'SNS',
  sqs: 'SQS',
  wafv2: 'WAF',
};

test('has a row for every deployed AWS service', () => {
  const folder = path.join(root, 'lib');
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const used = new Set(
    sources.flatMap((file) =>
      [...readFileSync(path.join(folder, file), 'utf8').matchAll(/'aws-cdk-lib\/aws-([a-z0-9]+)/g)].map(
        ([, service = '']) => service,
      ),
    ),
  );
  expect([...used].toSorted()).toEqual(Object.keys(services));
  const behaviours = rows.map(([behaviour]) => behaviour).join('\n');
  for (const name of Object.values(services)) expect(behaviours).toContain(`**${name}**`);
});

test('names the servers that the tests run', () => {
  const page = readPage('docs/fidelity.md');
  const { 1: cli } =
    /CLI_VERSION = '([\d.]+)'/.exec(readFileSync(path.join(root, 'local/temporal/temporal-cli.ts'), 'utf8')) ?? [];
  expect(page).toContain(`Temporal’s CLI ${cli}, or ${VERSION}`);
});
