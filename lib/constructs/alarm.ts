import { Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { CfnAlarm, IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct, IConstruct } from 'constructs';

export interface RewindAlarmProps {
  metric: IMetric;
  /** The alarm starts when the metric reaches or exceeds this value. */
  threshold: number;
  /** Whether the alarm starts at and below the threshold instead. */
  below?: boolean;
  /** Number of consecutive periods of the metric. 1 when absent. */
  periods?: number;
  /** Consequence for the users of Rewind. First sentence of the notification. */
  impact: string;
  /** Anchor of the alarm's section in docs/runbook.md. */
  runbook: string;
}

/** CloudWatch's limit. If the name of a namespace makes an alarm's name longer, CloudFormation generates a name. */
const MAX_NAME_CHARACTERS = 255;

/** A CloudWatch alarm. Its name is its path in the stack, and its description has the impact and a link to the runbook. */
export class RewindAlarm extends Alarm {
  private readonly impact: string;
  private readonly runbook: string;

  constructor(scope: Construct, id: string, props: RewindAlarmProps) {
    const { metric, threshold, below = false, periods = 1, impact, runbook } = props;
    const alarmName = nameOf(scope, id);
    super(scope, id, {
      ...(alarmName.length <= MAX_NAME_CHARACTERS && { alarmName }),
      metric,
      threshold,
      evaluationPeriods: periods,
      comparisonOperator: below
        ? ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    this.impact = impact;
    this.runbook = runbook;
    this.linkTo('docs/runbook.md');
  }

  /** Sets the link to the runbook. @param runbookUrl path or URL of docs/runbook.md */
  linkTo(runbookUrl: string): void {
    (this.node.defaultChild as CfnAlarm).alarmDescription = `${this.impact} Runbook: ${runbookUrl}#${this.runbook}`;
  }
}

/** Returns a name such as `RewindControl-Alarms-ApiFails`: the name of the stack and the ids of the constructs in it. */
function nameOf(scope: IConstruct, id: string): string {
  const stack = Stack.of(scope);
  const { scopes } = scope.node;
  const ids = scopes.slice(scopes.indexOf(stack) + 1).map((construct) => construct.node.id);
  return [stack.stackName, ...ids, id].filter((part) => part !== 'Default').join('-');
}

/** Returns the alarms below the scope, in the order of their creation, without the alarms of auto scaling. */
export function alarmsBelow(scope: Construct): RewindAlarm[] {
  return scope.node.findAll().filter((construct) => construct instanceof RewindAlarm);
}

export interface AlarmsConfig {
  alarmTopicArn?: string | undefined;
  runbookUrl?: string | undefined;
}

/** Configures all alarms below the scope to notify the SNS topic when they start and end, and to link to the runbook. */
export function configureAlarms(scope: Construct, { alarmTopicArn, runbookUrl }: AlarmsConfig): void {
  const topic = alarmTopicArn === undefined ? undefined : Topic.fromTopicArn(scope, 'AlarmTopic', alarmTopicArn);
  for (const alarm of alarmsBelow(scope)) {
    if (runbookUrl !== undefined) alarm.linkTo(runbookUrl);
    if (topic === undefined) continue;
    alarm.addAlarmAction(new SnsAction(topic));
    alarm.addOkAction(new SnsAction(topic));
  }
}
