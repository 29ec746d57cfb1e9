import { Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { CfnAlarm, IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct, IConstruct } from 'constructs';

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

/** Of CloudWatch's. A longer one, by a long name of a namespace, CloudFormation chooses. */
const MAX_NAME_CHARACTERS = 255;

/** An alarm that is named by its place in the stack, and whose description says what it means and where to read on. */
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

  /** @param runbookUrl where docs/runbook.md is */
  linkTo(runbookUrl: string): void {
    (this.node.defaultChild as CfnAlarm).alarmDescription = `${this.impact} Runbook: ${runbookUrl}#${this.runbook}`;
  }
}

/** `RewindControl-Alarms-ApiFails`: the name of the stack, and the ids of the constructs in it. */
function nameOf(scope: IConstruct, id: string): string {
  const stack = Stack.of(scope);
  const { scopes } = scope.node;
  const ids = scopes.slice(scopes.indexOf(stack) + 1).map((construct) => construct.node.id);
  return [stack.stackName, ...ids, id].filter((part) => part !== 'Default').join('-');
}

/** Every alarm below the scope that is for people, in the order they were made; scaling has alarms of its own. */
export function alarmsBelow(scope: Construct): RewindAlarm[] {
  return scope.node.findAll().filter((construct) => construct instanceof RewindAlarm);
}

export interface AlarmsConfig {
  alarmTopicArn?: string | undefined;
  runbookUrl?: string | undefined;
}

/** Every alarm below the scope notifies the SNS topic when it goes off and when it is over, and links to the runbook. */
export function configureAlarms(scope: Construct, { alarmTopicArn, runbookUrl }: AlarmsConfig): void {
  const topic = alarmTopicArn === undefined ? undefined : Topic.fromTopicArn(scope, 'AlarmTopic', alarmTopicArn);
  for (const alarm of alarmsBelow(scope)) {
    if (runbookUrl !== undefined) alarm.linkTo(runbookUrl);
    if (topic === undefined) continue;
    alarm.addAlarmAction(new SnsAction(topic));
    alarm.addOkAction(new SnsAction(topic));
  }
}
