import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { parseConfig } from '../../lib/config';
import { ControlStack } from '../../lib/control-stack';
import { backlogMetric } from '../../aws/backlog-metric';
import { rewindMetrics } from '../../aws/metrics';
import { statementsByRole } from '../support/role-policies';
import { bothStacks, namespaces as prod, secretArn } from '../support/stacks';
import { unbundledApp } from '../support/unbundled-app';

const namespaces = { ...prod, 'staging.a1b2c': { address: 'staging.a1b2c.tmprl.cloud:7233', secretArn } };
const alarmTopicArn = 'arn:aws:sns:eu-west-1:111122223333:on-call';
const layerArn = 'arn:aws:lambda:eu-west-1:901920570463:layer:aws-otel-nodejs-arm64:4';
const image = 'example.test/rewind-worker:1';

interface AlarmProperties {
  AlarmDescription: string;
  AlarmActions?: unknown[];
  OKActions?: unknown[];
}

function synthesize(more: object) {
  const { control, worker } = bothStacks({
    namespaces,
    worker: { namespace: 'prod.a1b2c', imageUri: image },
    ...more,
  });
  const templates = [control, worker].map((stack) => Template.fromStack(stack));
  const all = templates.flatMap((template) =>
    Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(
      (alarm) => alarm['Properties'] as AlarmProperties,
    ),
  );
  // Alarms of scaling policies send no notifications.
  const alarms = all.filter(({ AlarmDescription: text }) => !text.endsWith('scaling alarm'));
  const dashboards = Object.values(templates[0]?.findResources('AWS::CloudWatch::Dashboard') ?? {});
  const stages = Object.values(templates[0]?.findResources('AWS::ApiGateway::Stage') ?? {});
  const lambdas = Object.values(templates[0]?.findResources('AWS::Lambda::Function') ?? {});
  const policies = JSON.stringify([...statementsByRole(templates[0]?.toJSON()['Resources']).values()]);
  const properties = (found: typeof stages) =>
    found.map((resource) => resource['Properties'] as Record<string, unknown>);
  return {
    policies,
    stages: properties(stages),
    functions: properties(lambdas),
    alarms,
    dashboards: dashboards.map((dashboard) => JSON.stringify(dashboard)),
  };
}

const plain = synthesize({});
const configured = synthesize({ alarmTopicArn, dashboard: false, tracing: { layerArn } });
const tracedByAws = synthesize({ tracing: {} });

const runbook = readFileSync(path.resolve(__dirname, '../../docs/runbook.md'), 'utf8');
/** The headings as a browser's address names them. */
const anchors = [...runbook.matchAll(/^## (.+)$/gm)].map(([, heading = '']) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-'),
);

test('every alarm has a description and an entry in the runbook', () => {
  expect(plain.alarms.length).toBeGreaterThan(15);
  const impacts = plain.alarms.map(({ AlarmDescription: description }) => {
    const [, impact, anchor] = /^([A-Z].*[.]) Runbook: docs\/runbook\.md#([\w-]+)$/.exec(description) ?? [];
    expect({ description, impact }).toEqual({ description, impact: expect.any(String) });
    expect(anchors).toContain(anchor);
    return impact;
  });
  // No text fits two alarms.
  expect(new Set(impacts).size).toBe(impacts.length);
});

test('every runbook entry of an alarm says what to check and what to do', () => {
  const entries = runbook.split(/^## /m).slice(1);
  const watched = new Set(plain.alarms.map(({ AlarmDescription: text }) => text.split('#')[1] ?? ''));
  for (const anchor of watched) {
    const entry = entries[anchors.indexOf(anchor)];
    for (const part of ['**Meaning.**', '**Look here.**', '**Do this.**']) expect(entry).toContain(part);
  }
});

test.each([
  'the-api-fails',
  'the-ledger-fails',
  'events-wait',
  'operations-are-not-settled',
  'operation-events-are-late',
  'stuck-cancellations',
  'temporal-throttles',
  'temporal-does-not-answer',
  'a-certificate-ends-soon',
  'rejected-events',
  'messages-in-the-dead-letter-queue',
  'operation-events-not-published',
  'tasks-wait-for-a-worker',
  'the-backlog-is-not-measured',
])('there is an alarm for: %s', (anchor) => {
  expect(plain.alarms.map(({ AlarmDescription: text }) => text.split('#')[1])).toContain(anchor);
});

test('watches the metrics of each namespace', () => {
  for (const namespace of Object.keys(namespaces)) {
    const about = plain.alarms.filter(({ AlarmDescription: text }) => text.includes(namespace));
    expect(about).toHaveLength(6);
  }
});

test('warns a month before a certificate expires; missing data (an API key) does not warn', () => {
  const about = plain.alarms.filter(({ AlarmDescription: text }) => text.endsWith('#a-certificate-ends-soon'));
  expect(about).toHaveLength(Object.keys(namespaces).length);
  for (const alarm of about) {
    expect(alarm).toMatchObject({
      MetricName: 'CertificateDaysLeft',
      Statistic: 'Minimum',
      Threshold: 30,
      ComparisonOperator: 'LessThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
    });
  }
});

test('alarms notify only a configured topic, when they start and when they end', () => {
  for (const alarm of plain.alarms) expect(alarm).not.toHaveProperty('AlarmActions');
  expect(configured.alarms).toHaveLength(plain.alarms.length);
  for (const alarm of configured.alarms) {
    expect(alarm).toMatchObject({ AlarmActions: [alarmTopicArn], OKActions: [alarmTopicArn] });
  }
});

test('the dashboard shows every metric of Rewind, and is optional', () => {
  const [dashboard = ''] = plain.dashboards;
  const { namespace: _namespace, ...metrics } = rewindMetrics;
  for (const metric of [...Object.values(metrics), backlogMetric.count, backlogMetric.ageSeconds]) {
    expect(dashboard).toContain(metric);
  }
  for (const of of ['AWS/ApiGateway', 'AWS/Lambda', 'AWS/DynamoDB', 'AWS/SQS', ...Object.keys(namespaces)]) {
    expect(dashboard).toContain(of);
  }
  expect(configured.dashboards).toEqual([]);
});

describe('traces', () => {
  test('are off unless configured', () => {
    for (const lambda of plain.functions) expect(lambda).not.toHaveProperty('TracingConfig');
    for (const stage of plain.stages) expect(stage['TracingEnabled']).toBe(false);
    expect(plain.policies).not.toContain('xray');
  });

  test('start at the gateway and include every function', () => {
    expect(tracedByAws.stages).toEqual([expect.objectContaining({ TracingEnabled: true })]);
    for (const lambda of tracedByAws.functions) {
      expect(lambda).toMatchObject({ TracingConfig: { Mode: 'Active' } });
      expect(lambda).not.toHaveProperty('Layers');
    }
    expect(tracedByAws.policies.match(/xray:PutTraceSegments/g)).toHaveLength(tracedByAws.functions.length);
  });

  test('include calls to Temporal with an OpenTelemetry layer', () => {
    for (const lambda of configured.functions) {
      expect(lambda).toMatchObject({
        TracingConfig: { Mode: 'Active' },
        Layers: [layerArn],
        Environment: { Variables: { AWS_LAMBDA_EXEC_WRAPPER: '/opt/otel-handler' } },
      });
    }
  });
});

test('stages of one account have separate metrics, alarms and dashboards', () => {
  const config = parseConfig({ namespaces });
  const [one = '', other = ''] = ['RewindControl-test', 'RewindControl-prod'].map((name) => {
    const template = Template.fromStack(new ControlStack(unbundledApp(), name, { config }));
    const watching = ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::Dashboard'].map((type) =>
      template.findResources(type),
    );
    for (const lambda of Object.values(template.findResources('AWS::Lambda::Function'))) {
      expect(lambda).toMatchObject({ Properties: { Environment: { Variables: { REWIND_STACK: name } } } });
    }
    return JSON.stringify(watching);
  });
  const dimensions = [...one.matchAll(/"Dimensions":(\[[^\]]*\])[^{}]*"Namespace":"Rewind"/g)];
  expect(dimensions.length).toBeGreaterThan(8);
  for (const [, ofAlarm] of dimensions) {
    expect(ofAlarm).toContain('{"Name":"stack","Value":"RewindControl-test"}');
  }
  const stacks = (text: string) => new Set(text.match(/RewindControl-(test|prod)/g));
  expect(stacks(one)).toEqual(new Set(['RewindControl-test']));
  expect(stacks(other)).toEqual(new Set(['RewindControl-prod']));
  // In the dashboard's three searches.
  expect(one.match(/stack=\\+"RewindControl-test/g)).toHaveLength(3);
});
