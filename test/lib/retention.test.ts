import { Template } from 'aws-cdk-lib/assertions';
import { parseConfig } from '../../lib/config';
import { readPage } from '../support/documentation';
import { bothStacks, namespaces } from '../support/stacks';

/* Retention and encryption of data: docs/security.md compared with the templates. */

const { control, worker } = bothStacks({ dashboard: false });
const resources = [control, worker].flatMap((stack) =>
  Object.entries(Template.fromStack(stack).toJSON()['Resources'] as Record<string, Resource>),
);

interface Resource {
  Type: string;
  DeletionPolicy?: string;
  Properties: Record<string, unknown>;
}
const ofType = (type: string) => resources.filter(([, { Type: each }]) => each === type);

/** The row of the retention table that starts with this text. */
function rowOf(beginning: string): string {
  const [row, ...others] = readPage('docs/security.md')
    .split('\n')
    .filter((line) => line.startsWith(`| ${beginning}`));
  expect(others).toEqual([]);
  return row ?? '';
}

const logGroups = ofType('AWS::Logs::LogGroup');
test.each<[string, string, number, (id: string) => boolean]>([
  ['access log', '1 year', 365, (id) => id.includes('AccessLogs')],
  ['flow logs', '2 years', 731, (id) => id.includes('FlowLog')],
  ['logs of functions', '3 months', 90, (id) => !/AccessLogs|FlowLog/.test(id)],
])('the %s are kept for %s', (what, time, days, isOne) => {
  const groups = logGroups.filter(([id]) => isOne(id));
  expect(groups.length).toBeGreaterThan(0);
  expect(new Set(groups.map(([, { Properties: properties }]) => properties['RetentionInDays']))).toEqual(
    new Set([days]),
  );
  expect(rowOf(what)).toContain(time);
});

test('logs of functions are deleted with the stack; the other logs and the dead letters are retained', () => {
  const staying = [...logGroups, ...ofType('AWS::SQS::Queue'), ...ofType('AWS::DynamoDB::GlobalTable')]
    .filter(([, { DeletionPolicy: policy }]) => policy !== 'Delete')
    .map(([id]) => id.replace(/[0-9A-F]{8}$/, ''));
  for (const id of staying) expect(id).toMatch(/AccessLogs|FlowLog|DeadLetters|Ledger/);
  expect(staying.length).toBeGreaterThan(3);
});

test('queues keep events for 14 days, encrypted', () => {
  const queues = ofType('AWS::SQS::Queue');
  expect(queues.length).toBeGreaterThan(1);
  for (const [, { Properties: properties }] of queues)
    expect(properties).toMatchObject({ MessageRetentionPeriod: 14 * 24 * 3600, SqsManagedSseEnabled: true });
  expect(rowOf('queues of events')).toContain('14 days');
});

test('the ledger keeps operations and rejected events for the documented time', () => {
  const config = parseConfig({ namespaces });
  const row = rowOf('the ledger');
  expect(row).toContain(`${config.ledger.retentionDays} days`);
  expect(row).toContain(`rejected events ${config.events.rejectedRetentionDays}`);
});
