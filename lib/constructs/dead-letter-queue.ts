import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledgeCheckov } from '../checkov-finding';
import { RewindAlarm } from './alarm';

export interface DeadLetterQueueProps {
  /** What it means for users that something is in it. */
  impact: string;
  /** Anchor of its entry in docs/runbook.md. */
  runbook: string;
}

/** A queue for what could not be handled, kept as long as SQS keeps anything, with an alarm on the first message. */
export class DeadLetterQueue extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string, { impact, runbook }: DeadLetterQueueProps) {
    super(scope, id);
    this.queue = new Queue(this, 'Queue', {
      retentionPeriod: Duration.days(14),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(this.queue).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason:
        'It is a dead-letter queue itself, of functions and rules: an alarm watches it, and the runbook empties it',
    });
    acknowledgeCheckov(this.queue, {
      id: 'CKV_AWS_27',
      reason: 'Encrypted by a key of SQS: EventBridge cannot send to a queue with the AWS managed KMS key',
    });
    new RewindAlarm(this, 'Alarm', {
      metric: this.queue.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(1),
        statistic: 'Maximum',
      }),
      threshold: 1,
      impact,
      runbook,
    });
  }
}
