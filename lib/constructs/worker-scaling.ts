import { Duration } from 'aws-cdk-lib';
import { AdjustmentType } from 'aws-cdk-lib/aws-applicationautoscaling';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { FargateService } from 'aws-cdk-lib/aws-ecs';
import { Construct } from 'constructs';
import { backlogDimensions, backlogMetric } from '../../aws/backlog-metric';
import type { RewindConfig } from '../config';
import { RewindAlarm } from './alarm';
import { everyMinute } from './every-minute';
import { RewindFunction } from './rewind-function';
import type { NamespaceSecrets } from '../namespace-secrets';

export interface WorkerScalingProps {
  service: FargateService;
  /** Name of the control stack. */
  stack: string;
  namespace: string;
  taskQueue: string;
  /** The worker's `REWIND_*` variables, from which the function takes the task queue. */
  environment: Record<string, string>;
  secret: NamespaceSecrets;
  /** The `functions` section of the configuration. */
  functions: RewindConfig['functions'];
  minCapacity: number;
  maxCapacity: number;
}

/**
 * Scales the worker by the age of the oldest task in its backlog. CPU is not a good measure: a worker that waits for other
 * services is idle while its backlog grows.
 */
export class WorkerScaling extends Construct {
  readonly backlogAge: Metric;

  constructor(scope: Construct, id: string, props: WorkerScalingProps) {
    super(scope, id);
    const { service, stack, namespace, taskQueue, minCapacity, maxCapacity } = props;
    this.publishBacklog(props);

    const metric = (metricName: string, period: Duration) =>
      new Metric({
        namespace: backlogMetric.namespace,
        metricName,
        dimensionsMap: { stack, ...backlogDimensions(namespace, taskQueue) },
        statistic: Stats.MAXIMUM,
        period,
      });
    this.backlogAge = metric(backlogMetric.ageSeconds, Duration.minutes(1));

    const scaling = service.autoScaleTaskCount({ minCapacity, maxCapacity });
    // The cooldown allows a new task to start before the next one is added.
    scaling.scaleOnMetric('TasksWait', {
      metric: this.backlogAge,
      scalingSteps: [
        { lower: 5, upper: 30, change: 1 },
        { lower: 30, change: 3 },
      ],
      adjustmentType: AdjustmentType.CHANGE_IN_CAPACITY,
      cooldown: Duration.minutes(2),
      evaluationPeriods: 1,
    });
    // After ten minutes without a backlog, one task is removed. Tasks with running activities are protected from scale-in.
    scaling.scaleOnMetric('NothingWaits', {
      metric: metric(backlogMetric.count, Duration.minutes(10)),
      scalingSteps: [
        { upper: 0, change: -1 },
        { lower: 1, change: 0 },
      ],
      adjustmentType: AdjustmentType.CHANGE_IN_CAPACITY,
      cooldown: Duration.minutes(10),
      evaluationPeriods: 1,
    });
  }

  private publishBacklog({ environment, secret, functions }: WorkerScalingProps): void {
    const publish = new RewindFunction(this, 'PublishBacklog', {
      name: 'publish-task-queue-backlog',
      description: 'Publishes the size and age of the worker’s backlog',
      environment,
      config: functions,
    });
    secret.grantRead(publish.role);
    new RewindAlarm(this, 'BacklogUnknown', {
      metric: publish.metricErrors({ period: Duration.minutes(5), statistic: 'Sum' }),
      threshold: 3,
      impact:
        'The backlog of the worker’s task queue is not measured: the worker does not scale, and there is no alarm when tasks wait.',
      runbook: 'the-backlog-is-not-measured',
    });
    everyMinute(this, 'EveryMinute', publish, 'Rewind: measure the backlog of the worker’s task queue');
  }
}
