import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledgeCheckov } from '../checkov-finding';
import { RewindAlarm } from './alarm';

export interface DeadLetterQueueProps {
  /** Consequence for users when the queue has a message. */
  impact: string;
  /** Anchor of its section in docs/runbook.md. */
  runbook: string;
}

/** A dead-letter queue with SQS's maximum retention and an alarm on the first message. */
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
        'It is a dead-letter queue itself, of functions and rules. It has an alarm, and the runbook says how to empty it',
    });
    acknowledgeCheckov(this.queue, {
      id: 'CKV_AWS_27',
      reason: 'Encrypted with an SQS-managed key: EventBridge cannot send to a queue with the AWS managed KMS key',
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
