import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

export interface RewindAlarmProps {
  metric: IMetric;
  /** Alarms from this value on. */
  threshold: number;
  /** Alarms at this value and below it instead. */
  below?: boolean;
  /** In how many periods of the metric in a row; 1 when absent. */
  periods?: number;
  /** What it means for the people who use Rewind. Comes first in the notification. */
  impact: string;
  /** Heading of the alarm's entry in docs/runbook.md, as its anchor. */
  runbook: string;
}

/** An alarm whose description says what it means and where to read on. */
export class RewindAlarm extends Alarm {
  constructor(scope: Construct, id: string, props: RewindAlarmProps) {
    const { metric, threshold, below = false, periods = 1, impact, runbook } = props;
    super(scope, id, {
      metric,
      threshold,
      evaluationPeriods: periods,
      comparisonOperator: below
        ? ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: `${impact} Runbook: docs/runbook.md#${runbook}`,
    });
  }
}

/** Every alarm below the scope that is for people, in the order they were made; scaling has alarms of its own. */
export function alarmsBelow(scope: Construct): RewindAlarm[] {
  return scope.node.findAll().filter((construct) => construct instanceof RewindAlarm);
}

/** Every alarm below the scope notifies the SNS topic when it goes off and when it is over. */
export function notifyTopic(scope: Construct, topicArn: string): void {
  const action = new SnsAction(Topic.fromTopicArn(scope, 'AlarmTopic', topicArn));
  for (const alarm of alarmsBelow(scope)) {
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
  }
}
