import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';

export interface RewindAlarmProps {
  metric: IMetric;
  /** Alarms from this value on. */
  threshold: number;
  /** What it means for the people who use Rewind: the first thing a person on call wants to know. */
  impact: string;
  /** Heading of the alarm's entry in docs/runbook.md, as its anchor. */
  runbook: string;
}

/** An alarm whose description says what it means and where to read on. */
export class RewindAlarm extends Alarm {
  constructor(scope: Construct, id: string, { metric, threshold, impact, runbook }: RewindAlarmProps) {
    super(scope, id, {
      metric,
      threshold,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: `${impact} Runbook: docs/runbook.md#${runbook}`,
    });
  }
}
