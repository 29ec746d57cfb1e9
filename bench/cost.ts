import type { DynamoDBStreamEvent } from 'aws-lambda';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { createHandler as createPublisher } from '../functions/publish-operation-events/handler';
import { createHandler as createSettle } from '../functions/reconcile-operations/handler';
import { createInstanceFolder } from '../local/instance-folder';
import { findMiniStack, startMiniStack } from '../local/ministack';
import { parseConfig } from '../lib/config';
import { ControlStack } from '../lib/control-stack';
import { DynamoDbLedger } from '../aws/dynamodb-ledger';
import { logger } from '../aws/logger';
import { functionTelemetry } from '../aws/telemetry';
import { writeMetrics } from '../aws/write-metrics';
import { createLedger } from '../test/support/ledger-table';
import { cancelWorkflowExecution, ScriptedWorkflow } from '../test/support/scripted-workflow';
import type { Benchmark, Figure } from './benchmark';
import { NAMESPACE } from './floor/temporal';
import { HOURS_A_MONTH, prices } from './prices';
import { knownResults } from './results';
import { startTemporalBehindTls } from './temporal-behind-tls';
import { warmFunctions } from './warm-functions';
import type { Verb } from './warm-functions';
import { itemBytes, watchedClient, writeUnits } from './write-units';
import type { Write } from './write-units';
import { writtenOutput } from './written-output';
import { verbs } from '../operations/index';

const OPERATIONS = 1000;

/** What Lambda calls a whole CPU, in MiB; less memory is a smaller share, and what is computed takes longer. */
const WHOLE_CPU_MIB = 1769;

/** Away from Temporal and DynamoDB each, as the benchmark `cold` has it. */
const ROUND_TRIP_MS = 20;
/** Round trips that follow one another: a description beside the ledger's first write; what acts; the ledger around it. */
const roundTrips: Record<Verb, number> = { describe: 1, cancel: 4, reset: 7 };
/** Of telling the bus of one change, and of looking for operations that are due, where there are none. Assumed. */
const PUBLISH_MS = 30;
const SETTLE_MS = 60;

/** A line of API Gateway's access log, and Lambda's START, END and REPORT, in bytes. Assumed; the rest is measured. */
const ACCESS_LOG_BYTES = 450;
const LAMBDA_LOG_BYTES = 350;

/** Until the schedule comes by after a cancellation, at most. */
const SETTLED_AFTER_MS = 75_000;

const MONTHS_KEPT = 400 / (365 / 12);

interface Used {
  writes: Write[];
  logBytes: number;
  events: number;
}

/** What AWS asks for it. Temporal Cloud asks for actions beside: a cancellation or a reset is one. */
export const cost: Benchmark = {
  name: 'cost',
  about:
    'AWS list prices of us-east-1 (bench/prices.ts) for what one operation used on real parts, times 1,000; durations from `warm`. Every change in the ledger is taken to invoke the publisher by itself',
  async run() {
    const { used, metrics, memoryMiB, alarms } = { ...(await measure()), ...deployed() };
    const seconds = (ms: number) => ms / 1000;
    const lambda = (ms: number) => prices.lambdaRequest + seconds(ms) * (memoryMiB / 1024) * prices.lambdaGbSecond;
    const figures = (Object.entries(used) as [Verb, Used][]).flatMap(([verb, { writes, logBytes, events }]) => {
      const units = writes.reduce((sum, write) => sum + writeUnits(write), 0);
      const ms = warmMs(verb) * Math.max(1, WHOLE_CPU_MIB / memoryMiB) + roundTrips[verb] * ROUND_TRIP_MS;
      // The table and its indexes: at rest two of them hold the record.
      const storedGb = (2 * itemBytes(writes.at(-1)?.after)) / 1e9;
      const storage = storedGb * prices.dynamoDbGbMonth + (storedGb / 2) * prices.dynamoDbRecoveryGbMonth;
      const parts: Record<string, [usd: number, note: string]> = {
        'API Gateway': [prices.apiGatewayRequest, 'REST API'],
        Lambda: [lambda(ms), `${ms.toFixed(0)} ms at ${memoryMiB} MiB`],
        ...(writes.length > 0 && {
          'DynamoDB writes': [units * prices.dynamoDbWriteUnit, `${writes.length} writes, ${units} units with indexes`],
          'DynamoDB storage': [storage * MONTHS_KEPT, `400 days, ${itemBytes(writes.at(-1)?.after)} bytes`],
          'stream to EventBridge': [
            writes.length * lambda(PUBLISH_MS) + events * prices.eventBridgeEvent,
            `${writes.length} invocations of ${PUBLISH_MS} ms, ${events} events`,
          ],
        }),
        logs: [logBytes * prices.logsByte, `${logBytes} bytes`],
      };
      const total = Object.values(parts).reduce((sum, [usd]) => sum + usd, 0);
      const name = `${OPERATIONS.toLocaleString('en')} ${verb === 'reset' ? 'resets' : `${verb}s`}`;
      return [
        { name, unit: 'USD' as const, value: total * OPERATIONS },
        ...Object.entries(parts).map(([part, [usd, note]]) => ({
          name: `${name}, ${part}`,
          unit: 'USD' as const,
          value: usd * OPERATIONS,
          note,
        })),
      ];
    });
    // Two queries of an index, eventually consistent.
    const everyMinute = HOURS_A_MONTH * 60 * (lambda(SETTLE_MS) + prices.dynamoDbReadUnit);
    const nat = 2 * (prices.natGatewayHour + prices.publicAddressHour) * HOURS_A_MONTH;
    const task = (0.5 * prices.fargateVcpuHour + prices.fargateGbHour) * HOURS_A_MONTH;
    const monthly: [string, number, string][] = [
      ['dashboard', prices.dashboardMonth, '`dashboard: false` leaves it out'],
      ['alarms', alarms * prices.alarmMonth, `${alarms} with one namespace`],
      [
        'metrics',
        metrics.length * prices.metricMonth,
        `${metrics.length} seen, with cancels and resets of one namespace`,
      ],
      ['secret', prices.secretMonth, 'a namespace'],
      ['settling', everyMinute, `once a minute, ${SETTLE_MS} ms`],
      ['worker task', task, 'where a worker is deployed: 512 CPU units, 1,024 MiB'],
      [
        'worker network',
        nat,
        'where a worker has no `worker.vpcId`: two NAT gateways with their addresses, without traffic',
      ],
    ];
    return [
      ...figures,
      ...monthly.map(([what, value, note]): Figure => ({ name: `a month, ${what}`, unit: 'USD', value, note })),
    ];
  },
};

function warmMs(verb: Verb): number {
  const { warm } = knownResults().benchmarks;
  const figure = warm?.figures.find(({ name }) => name === `warm ${verb}, p50`);
  if (!figure) throw new Error('the cost needs durations: run the benchmark `warm` first');
  return figure.value;
}

/** What of the default configuration costs money. */
function deployed(): { memoryMiB: number; alarms: number } {
  const secretArn = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:rewind-AbCdEf';
  const config = parseConfig({ namespaces: { [NAMESPACE]: { address: 'temporal.example:7233', secretArn } } });
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
  const template = Template.fromStack(new ControlStack(app, 'RewindControl', { config }));
  return {
    memoryMiB: config.functions.memoryMiB,
    alarms: Object.keys(template.findResources('AWS::CloudWatch::Alarm')).length,
  };
}

/** One operation of each verb, a cancelled workflow followed to its end, on Temporal and DynamoDB. */
async function measure(): Promise<{ used: Record<Verb, Used>; metrics: string[] }> {
  const folder = await createInstanceFolder();
  const [temporal, ministack] = await Promise.all([
    startTemporalBehindTls(),
    findMiniStack().then((python) => startMiniStack({ python, folder: folder.path })),
  ]);
  const telemetry = functionTelemetry(logger);
  const namespaces = temporal.namespaces({
    startCall: (method, namespace) => telemetry.startCall('temporal', method, namespace),
  });
  try {
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: ministack.endpointUrl,
      AWS_REGION: ministack.region,
      AWS_ACCESS_KEY_ID: ministack.rootKeys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: ministack.rootKeys.secretAccessKey,
    });
    const { tableName } = await createLedger();
    const { client, writes } = watchedClient();
    const ledger = new DynamoDbLedger({ tableName, retentionDays: 400, client, telemetry });
    const functions = warmFunctions(namespaces, ledger, telemetry);
    const settle = createSettle({
      namespaces,
      verbs,
      ledger,
      telemetry,
      logger,
      count: writeMetrics,
      served: namespaces.names,
      certificateExpiry: (name) => namespaces.certificateExpiry(name),
      onRecordFailure: () => {},
      onReconcileFailure: () => {},
      // As if a cancellation's first look were due.
      now: () => Date.now() + SETTLED_AFTER_MS,
    });
    const metrics = new Set<string>();
    const use = async (verb: Verb): Promise<Used> => {
      writes.length = 0;
      let events = 0;
      const publish = createPublisher({
        publish: async (published) => {
          events += published.length;
        },
        count: writeMetrics,
      });
      const workflow = await ScriptedWorkflow.start(temporal.connection);
      await workflow.completeTask();
      const { output } = await writtenOutput(async () => {
        await functions[verb](workflow.workflowId);
        if (verb === 'cancel') {
          await workflow.completeTask(cancelWorkflowExecution);
          await settle(undefined, { getRemainingTimeInMillis: () => 2 * SETTLED_AFTER_MS });
        }
        await publish(streamed(writes));
      });
      for (const metric of metricsIn(output)) metrics.add(metric);
      const logBytes = Buffer.byteLength(output) + ACCESS_LOG_BYTES + LAMBDA_LOG_BYTES * (1 + writes.length);
      return { writes: [...writes], logBytes, events };
    };
    const used = { cancel: await use('cancel'), reset: await use('reset'), describe: await use('describe') };
    return { used, metrics: [...metrics] };
  } finally {
    await namespaces.close();
    await Promise.all([temporal.stop(), ministack.stop()]);
    await folder.remove();
  }
}

function streamed(writes: readonly Write[]): DynamoDBStreamEvent {
  const Records = writes.map(({ before, after }) => ({ dynamodb: { OldImage: before, NewImage: after } }));
  return { Records } as DynamoDBStreamEvent;
}

/** Metrics in log lines of the embedded metric format: a name with its dimensions' values is one. */
function metricsIn(output: string): string[] {
  return output
    .split('\n')
    .filter((line) => line.includes('CloudWatchMetrics'))
    .flatMap((line) => {
      const { _aws: about, ...values } = JSON.parse(line) as Record<string, unknown> & {
        _aws: { CloudWatchMetrics: { Dimensions: string[][]; Metrics: { Name: string }[] }[] };
      };
      return about.CloudWatchMetrics.flatMap(({ Dimensions: dimensions, Metrics: metrics }) =>
        metrics.map(({ Name }) => JSON.stringify([Name, dimensions.flat().map((name) => values[name])])),
      );
    });
}
