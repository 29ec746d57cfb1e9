import { Duration } from 'aws-cdk-lib';
import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  MathExpression,
  Metric,
  PeriodOverride,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Alarm, IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { backlogDimensions, backlogMetric } from '../../aws/backlog-metric';
import { rewindMetrics } from '../../aws/metrics';
import { chunksOf } from '../../operations/chunks';
import { rewindMetric, stackOf } from '../rewind-metrics';
import type { RewindApi } from './rewind-api';

export interface RewindDashboardProps {
  api: RewindApi;
  namespaces: string[];
  functions: IFunction[];
  table: ITableV2;
  deadLetters: IQueue[];
  alarms: Alarm[];
  /** What the worker polls. Absent if none is deployed. */
  worker?: { namespace: string; taskQueue: string } | undefined;
}

const period = Duration.minutes(5);
/** A third of a row of 24 columns. */
const THIRD = 8;
const HEIGHT = 6;
/** With more namespaces, graphs use search expressions, because a dashboard is limited to 2,500 metrics and a graph to 500. */
const MAX_NAMESPACES_BY_NAME = 40;

/** The CloudWatch dashboard, from operations at the top to infrastructure and alarms at the bottom. */
export class RewindDashboard extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: RewindDashboardProps,
  ) {
    super(scope, id);
    const { temporalLatency, temporalThrottled, temporalErrors, certificateDaysLeft } = rewindMetrics;
    const { batchItemsDone, batchItemsFailed, batchItemsLeft, batchItemsPerSecond, batchSecondsLeft } = rewindMetrics;
    const { stuckCancellations, stuckBatchOperations, overdueOperations } = rewindMetrics;
    new Dashboard(this, 'Dashboard', {
      defaultInterval: Duration.hours(12),
      periodOverride: PeriodOverride.INHERIT,
      widgets: [
        [
          graph('Operations by verb and outcome', { left: [this.operations()], stacked: true }),
          graph('Operations that failed or have an unknown outcome', {
            left: [this.operations('state=("failed" OR "unknown")')],
            stacked: true,
          }),
          graph('Status of workflows after their cancellation', { left: [this.settled()], stacked: true }),
        ],
        [this.requests(), this.requestLatency(), this.functionDurations()],
        [
          this.byNamespace('Latency of calls to Temporal', [
            [temporalLatency, Stats.p(50), ' p50'],
            [temporalLatency, Stats.p(99), ' p99'],
          ]),
          this.byNamespace('Calls to Temporal that were throttled or failed', [
            [temporalThrottled, 'Sum', ' throttled'],
            [temporalErrors, 'Sum', ' failed'],
          ]),
          this.ledger(),
        ],
        [
          this.byNamespace('Stuck cancellations and batch operations, overdue operations', [
            [stuckCancellations, 'Maximum', ' stuck'],
            [stuckBatchOperations, 'Maximum', ' batch stuck'],
            [overdueOperations, 'Maximum', ' overdue'],
          ]),
          this.deadLetters(),
          this.coldStarts(),
        ],
        [
          this.byNamespace(
            'Batch operations',
            [
              [batchItemsDone, 'Sum', ' done'],
              [batchItemsFailed, 'Maximum', ' failed'],
            ],
            [[batchItemsLeft, 'Maximum', ' left']],
          ),
          this.byNamespace(
            'Batch operations: rate and time left',
            [[batchItemsPerSecond, 'Average', ' workflows per second']],
            [[batchSecondsLeft, 'Maximum', ' seconds left']],
          ),
          this.backlog(),
        ],
        [this.byNamespace('Days until the certificate expires', [[certificateDaysLeft, 'Minimum', '']])],
        ...alarmRows(props.alarms),
      ],
    });
  }

  private operations(condition = ''): IMetric {
    const what = `{${rewindMetrics.namespace},stack,namespace,verb,state,outcome} MetricName="${rewindMetrics.operations}"`;
    return this.search(`${what} ${condition}`, "${PROP('Dim.verb')} ${PROP('Dim.outcome')}");
  }

  private settled(): IMetric {
    const what = `{${rewindMetrics.namespace},stack,namespace,status} MetricName="${rewindMetrics.cancellationsSettled}"`;
    return this.search(what, "${PROP('Dim.status')}");
  }

  /** Returns a search for the metrics of this deployment, with all values of their other dimensions. */
  private search(what: string, label: string, statistic = 'Sum'): IMetric {
    const several = this.props.namespaces.length > 1 ? " ${PROP('Dim.namespace')}" : '';
    return new MathExpression({
      expression: `SEARCH('${what} stack="${stackOf(this)}"', '${statistic}', ${period.toSeconds()})`,
      usingMetrics: {},
      label: `${label}${several}`,
      period,
    });
  }

  private requests(): GraphWidget {
    const { restApi } = this.props.api;
    return graph('Requests', {
      left: [
        restApi.metricCount({ period, label: 'all' }),
        restApi.metricClientError({ period, label: '4xx' }),
        restApi.metricServerError({ period, label: '5xx' }),
      ],
    });
  }

  private requestLatency(): GraphWidget {
    const { restApi } = this.props.api;
    const percentile = (statistic: string) => restApi.metricLatency({ period, statistic, label: statistic });
    return graph('Latency of requests', { left: [percentile(Stats.p(50)), percentile(Stats.p(99))] });
  }

  private functionDurations(): GraphWidget {
    return graph('Functions: p99 of the duration, errors and throttles', {
      left: this.props.functions.map((each) =>
        each.metricDuration({ period, statistic: Stats.p(99), label: each.node.id }),
      ),
      right: [this.sumOf('errors', 'Errors'), this.sumOf('throttles', 'Throttles')],
    });
  }

  /** Sums a metric over all functions. A Lambda metric without a function's name would include the whole account. */
  private sumOf(label: string, metricName: string): IMetric {
    const { functions } = this.props;
    const metrics = functions.map((each, index) => [
      `${label}${index}`,
      each.metric(metricName, { period, statistic: 'Sum' }),
    ]);
    return new MathExpression({
      expression: `SUM(METRICS("${label}"))`,
      usingMetrics: Object.fromEntries(metrics) as Record<string, IMetric>,
      label,
      period,
    });
  }

  private ledger(): GraphWidget {
    const { table } = this.props;
    // DynamoDB has a metric for each of its API operations.
    const ofTable = (metricName: string, label: string) =>
      new MathExpression({
        expression: `SUM(SEARCH('{AWS/DynamoDB,Operation,TableName} MetricName="${metricName}" TableName="${table.tableName}"', 'Sum', ${period.toSeconds()}))`,
        usingMetrics: {},
        label,
        period,
      });
    return graph('Ledger', {
      left: [rewindMetric(this, rewindMetrics.ledgerLatency, {}, { period, statistic: Stats.p(99), label: 'p99' })],
      right: [
        rewindMetric(this, rewindMetrics.ledgerErrors, {}, { period, statistic: 'Sum', label: 'failed calls' }),
        ofTable('ThrottledRequests', 'throttled'),
        ofTable('SystemErrors', 'DynamoDB’s errors'),
      ],
    });
  }

  private deadLetters(): GraphWidget {
    return graph('Dead letters and age of events', {
      left: this.props.deadLetters.map((queue) =>
        queue.metricApproximateNumberOfMessagesVisible({
          period,
          statistic: 'Maximum',
          label: queue.node.scope?.node.scope?.node.id ?? queue.node.id,
        }),
      ),
      right: [
        rewindMetric(this, rewindMetrics.eventAge, {}, { period, statistic: 'Maximum', label: 'age in seconds' }),
      ],
    });
  }

  private coldStarts(): GraphWidget {
    return graph('Cold starts', {
      left: this.props.functions.map((each) => {
        const figure = { statistic: 'Sum', period, label: each.node.id };
        return rewindMetric(this, rewindMetrics.coldStart, { function_name: each.functionName }, figure);
      }),
      stacked: true,
    });
  }

  private backlog(): GraphWidget {
    const { worker } = this.props;
    const metric = (metricName: string, label: string) =>
      worker && [
        new Metric({
          namespace: backlogMetric.namespace,
          metricName,
          dimensionsMap: { stack: stackOf(this), ...backlogDimensions(worker.namespace, worker.taskQueue) },
          statistic: 'Maximum',
          period,
          label,
        }),
      ];
    return graph(
      worker ? 'Backlog of the worker’s task queue' : 'Backlog of the worker’s task queue (no worker is configured)',
      {
        left: metric(backlogMetric.count, 'tasks') ?? [],
        right: metric(backlogMetric.ageSeconds, 'age of the oldest in seconds') ?? [],
      },
    );
  }

  /** Returns a graph with these metrics of each namespace. */
  private byNamespace(title: string, left: NamespaceMetric[], right?: NamespaceMetric[]): GraphWidget {
    const ofEach = (metrics: NamespaceMetric[]) => metrics.flatMap((metric) => this.ofEach(metric));
    return graph(title, { left: ofEach(left), right: right && ofEach(right) });
  }

  private ofEach([metricName, statistic, what]: NamespaceMetric): IMetric[] {
    const { namespaces } = this.props;
    if (namespaces.length > MAX_NAMESPACES_BY_NAME) {
      return [
        this.search(`{${rewindMetrics.namespace},stack,namespace} MetricName="${metricName}"`, what.trim(), statistic),
      ];
    }
    return namespaces.map((namespace) =>
      rewindMetric(this, metricName, { namespace }, { period, statistic, label: `${namespace}${what}` }),
    );
  }
}

/** A metric with the dimension `namespace`. Its label follows the name of the namespace. */
type NamespaceMetric = [metricName: string, statistic: string, label: string];

/** Returns a row for each hundred alarms, which is the limit of a widget. */
function alarmRows(alarms: Alarm[]): AlarmStatusWidget[][] {
  return chunksOf(alarms, 100).map((row) => [
    new AlarmStatusWidget({ title: 'Alarms', width: 3 * THIRD, height: 3, alarms: row }),
  ]);
}

function graph(
  title: string,
  { left, right, stacked }: { left: IMetric[]; right?: IMetric[] | undefined; stacked?: boolean },
): GraphWidget {
  return new GraphWidget({
    title,
    width: THIRD,
    height: HEIGHT,
    left,
    leftYAxis: { min: 0, showUnits: false },
    right,
    rightYAxis: right && { min: 0, showUnits: false },
    stacked,
    liveData: true,
  });
}
