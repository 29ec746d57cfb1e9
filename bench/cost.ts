import type { DynamoDBStreamEvent } from 'aws-lambda';
import { DynamoDbLedger } from '../aws/dynamodb-ledger';
import { recordOf, SHARDS } from '../aws/ledger-table';
import { logger } from '../aws/logger';
import { functionTelemetry } from '../aws/telemetry';
import { writeMetrics } from '../aws/write-metrics';
import { createHandler as createPublisher } from '../functions/publish-operation-events/handler';
import { createHandler as createReconcile } from '../functions/reconcile-operations/handler';
import { metricsFor } from '../operations/metrics';
import { startAws } from './aws';
import type { Benchmark, Figure } from './benchmark';
import { controlStackTemplate, defaultConfig } from './control-stack';
import { HOURS_A_MONTH, prices } from './prices';
import { knownResults } from './results';
import { startTemporalBehindTls } from './temporal-behind-tls';
import { warmFunctions } from './warm-functions';
import type { Verb } from './warm-functions';
import { cancelWorkflowExecution } from './workflows';
import { itemBytes, watchedClient, writeUnits } from './write-units';
import type { Write } from './write-units';
import { writtenOutput } from './written-output';
import { verbs } from '../operations/index';

const OPERATIONS = 1000;

/** Lambda's whole CPU, in MiB of memory; less memory is a smaller share, and computing takes longer. */
const WHOLE_CPU_MIB = 1769;

/** To Temporal and DynamoDB each, as in the benchmark `cold`. */
const ROUND_TRIP_MS = 20;
/** Sequential round trips: a description beside the ledger's first write; the change; the other ledger writes. */
const roundTrips: Record<Verb, number> = { describe: 1, cancel: 5, reset: 7 };
/** Durations of publishing one change, and of looking for due operations where there are none. Assumed. */
const PUBLISH_MS = 30;
const RECONCILE_MS = 60;

/** A line of API Gateway's access log, and Lambda's START, END and REPORT, in bytes. Assumed; the rest is measured. */
const ACCESS_LOG_BYTES = 450;
const LAMBDA_LOG_BYTES = 350;

/** The schedule reconciles an operation at most this long after a cancellation. */
const RECONCILED_AFTER_MS = 75_000;

const MONTHS_KEPT = 400 / (365 / 12);

const { memoryMiB } = defaultConfig.functions;

/** What one operation used. */
interface Usage {
  writes: Write[];
  logBytes: number;
  events: number;
}

/** What AWS charges. Temporal Cloud charges for actions in addition: a cancellation or a reset is one. */
export const cost: Benchmark = {
  name: 'cost',
  about:
    'AWS list prices of us-east-1 (bench/prices.ts) for what one operation used on real parts, times 1,000; durations from `warm`. Each published change in the ledger is assumed to invoke the publisher by itself',
  async run() {
    const { usage, metrics } = await measure();
    const perOperation = (Object.entries(usage) as [Verb, Usage][]).flatMap(([verb, used]) => figuresOf(verb, used));
    return [...perOperation, ...monthlyFigures(metrics)];
  },
};

function figuresOf(verb: Verb, { writes, logBytes, events }: Usage): Figure[] {
  const ms = warmMs(verb) * Math.max(1, WHOLE_CPU_MIB / memoryMiB) + roundTrips[verb] * ROUND_TRIP_MS;
  const parts: Record<string, [usd: number, note: string]> = {
    'API Gateway': [prices.apiGatewayRequest, 'REST API'],
    Lambda: [lambdaPrice(ms), `${ms.toFixed(0)} ms at ${memoryMiB} MiB`],
    ...(writes.length > 0 ? ledgerParts(writes, events) : {}),
    logs: [logBytes * prices.logsByte, `${logBytes} bytes`],
  };
  const total = Object.values(parts).reduce((sum, [usd]) => sum + usd, 0);
  const name = `${OPERATIONS.toLocaleString('en')} ${verb === 'reset' ? 'resets' : `${verb}s`}`;
  return [
    { name, unit: 'USD', value: total * OPERATIONS },
    ...Object.entries(parts).map(([part, [usd, note]]): Figure => ({
      name: `${name}, ${part}`,
      unit: 'USD',
      value: usd * OPERATIONS,
      note,
    })),
  ];
}

function ledgerParts(writes: Write[], events: number): Record<string, [usd: number, note: string]> {
  const invocations = writes.filter(isPublished).length;
  const units = writes.reduce((sum, write) => sum + writeUnits(write), 0);
  const bytes = itemBytes(writes.at(-1)?.after);
  // The table and its indexes: at rest two of them hold the record.
  const storedGb = (2 * bytes) / 1e9;
  const storage = storedGb * prices.dynamoDbGbMonth + (storedGb / 2) * prices.dynamoDbRecoveryGbMonth;
  return {
    'DynamoDB writes': [units * prices.dynamoDbWriteUnit, `${writes.length} writes, ${units} units with indexes`],
    'DynamoDB storage': [storage * MONTHS_KEPT, `400 days, ${bytes} bytes`],
    'stream to EventBridge': [
      invocations * lambdaPrice(PUBLISH_MS) + events * prices.eventBridgeEvent,
      `${invocations} invocations of ${PUBLISH_MS} ms, ${events} events`,
    ],
  };
}

/** As the filter of the stream decides: a change that is not counted does not invoke the publisher. */
function isPublished({ before, after }: Write): boolean {
  return after !== undefined && metricsFor(before && recordOf(before), recordOf(after)).length > 0;
}

function monthlyFigures(metrics: string[]): Figure[] {
  const alarms = Object.keys(controlStackTemplate().findResources('AWS::CloudWatch::Alarm')).length;
  // Two queries of each key of what is due; one that finds nothing takes half a unit (test/integration/dynamodb-capacity.test.ts).
  const minutes = HOURS_A_MONTH * 60;
  const look = SHARDS.due * prices.dynamoDbReadUnit;
  const nat = 2 * (prices.natGatewayHour + prices.publicAddressHour) * HOURS_A_MONTH;
  const task = (0.5 * prices.fargateVcpuHour + prices.fargateGbHour) * HOURS_A_MONTH;
  const monthly: [string, number, string][] = [
    ['dashboard', prices.dashboardMonth, 'none with `dashboard: false`'],
    ['alarms', alarms * prices.alarmMonth, `${alarms} with one namespace`],
    ['metrics', metrics.length * prices.metricMonth, `${metrics.length}, with cancels and resets of one namespace`],
    ['secret', prices.secretMonth, 'a namespace'],
    [
      'reconciliation',
      minutes * (lambdaPrice(RECONCILE_MS) + look),
      `once a minute, ${RECONCILE_MS} ms, one namespace`,
    ],
    ['reconciliation, each further namespace', minutes * look, `${SHARDS.due} read units a minute`],
    ['worker task', task, 'where a worker is deployed: 512 CPU units, 1,024 MiB'],
    [
      'worker network',
      nat,
      'where a worker has no `worker.vpcId`: two NAT gateways with their addresses, without traffic',
    ],
  ];
  return monthly.map(([what, value, note]) => ({ name: `a month, ${what}`, unit: 'USD', value, note }));
}

function lambdaPrice(ms: number): number {
  return prices.lambdaRequest + (ms / 1000) * (memoryMiB / 1024) * prices.lambdaGbSecond;
}

function warmMs(verb: Verb): number {
  const { warm } = knownResults().benchmarks;
  const figure = warm?.figures.find(({ name }) => name === `warm ${verb}, p50`);
  if (!figure) throw new Error('the cost needs durations: run the benchmark `warm` first');
  return figure.value;
}

/** One operation of each verb on Temporal and DynamoDB; a cancelled workflow is followed to its end. */
async function measure(): Promise<{ usage: Record<Verb, Usage>; metrics: string[] }> {
  const [temporal, aws] = await Promise.all([startTemporalBehindTls(), startAws()]);
  const telemetry = functionTelemetry(logger);
  const namespaces = temporal.namespaces({
    startCall: (method, namespace) => telemetry.startCall('temporal', method, namespace),
  });
  try {
    const { client, writes } = watchedClient();
    const ledger = new DynamoDbLedger({ tableName: aws.ledgerTable, retentionDays: 400, client, telemetry });
    const functions = warmFunctions(namespaces, ledger, telemetry);
    const reconcile = createReconcile({
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
      // So that the cancellation is due.
      now: () => Date.now() + RECONCILED_AFTER_MS,
    });
    const metrics = new Set<string>();
    const use = async (verb: Verb): Promise<Usage> => {
      writes.length = 0;
      let events = 0;
      const publish = createPublisher({
        publish: async (published) => {
          events += published.length;
        },
        count: writeMetrics,
        logger,
      });
      const workflowId = await temporal.workflows.start();
      await temporal.workflows.completeTask(workflowId);
      const { output } = await writtenOutput(async () => {
        await functions[verb](workflowId);
        if (verb === 'cancel') {
          await temporal.workflows.completeTask(workflowId, cancelWorkflowExecution);
          await reconcile({}, { getRemainingTimeInMillis: () => 2 * RECONCILED_AFTER_MS });
        }
        await publish(streamEvent(writes));
      });
      for (const metric of metricsIn(output)) metrics.add(metric);
      const logBytes =
        Buffer.byteLength(output) + ACCESS_LOG_BYTES + LAMBDA_LOG_BYTES * (1 + writes.filter(isPublished).length);
      return { writes: [...writes], logBytes, events };
    };
    const usage = { cancel: await use('cancel'), reset: await use('reset'), describe: await use('describe') };
    return { usage, metrics: [...metrics] };
  } finally {
    await namespaces.close();
    await Promise.all([temporal.stop(), aws.stop()]);
  }
}

function streamEvent(writes: readonly Write[]): DynamoDBStreamEvent {
  const Records = writes.map(({ before, after }) => ({ dynamodb: { OldImage: before, NewImage: after } }));
  return { Records } as DynamoDBStreamEvent;
}

/** Metrics in log lines of the embedded metric format: each name with the values of its dimensions. */
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
