import { Aws, Duration, Stack } from 'aws-cdk-lib';
import { Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import type { EventBus, EventPattern, IRule, IRuleTarget, RuleTargetInputProperties } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { CANCELLATION_REQUESTS } from '../../operations/trigger';
import type { Triggers } from '../../operations/trigger';
import { CANCELLATION_REQUESTED } from '../../api/accepted-events';
import { EnvironmentVariable } from '../../aws/environment';
import { acknowledgeCheckov } from '../checkov-finding';
import type { RewindConfig } from '../config';
import { CANCELLATION_REQUESTS_RULE } from '../config/triggers';
import { pascalCase } from '../pascal-case';
import { DeadLetterQueue } from './dead-letter-queue';
import type { RewindFunction } from './rewind-function';

export interface EventTriggersProps {
  bus: EventBus;
  triggers: RewindConfig['triggers'];
  cancellationRequests: RewindConfig['cancellationRequests'];
  events: RewindConfig['events'];
  /** The function that executes the operations of events. */
  handler: RewindFunction;
}

/** EventBridge's retries of a delivery to the queue: the maximum. */
const DELIVERY_RETRIES = { maximumEventAgeInSeconds: Duration.hours(24).toSeconds(), maximumRetryAttempts: 185 };

/** Messages per invocation. The function processes them concurrently, so a batch takes as long as its slowest message. */
const BATCH_SIZE = 10;

/** AWS recommends six times the function's timeout (29 s), so that a message is not delivered again while it is processed. */
const VISIBILITY_TIMEOUT = Duration.minutes(3);

/** SQS's maximum. It is only reached by messages on which the function crashes, because the function rejects old events itself. */
const MAX_RECEIVE_COUNT = 1000;

/**
 * The EventBridge rules of the triggers. Each rule accepts events from its configured sources and sends them, with the name of
 * the trigger, to a queue that all rules share. The function reads the triggers from its configuration, so a new trigger needs
 * a rule but no code.
 */
export class EventTriggers extends Construct {
  readonly deadLetters: DeadLetterQueue;
  readonly queue: Queue;
  private readonly bus: EventBus;

  constructor(scope: Construct, id: string, props: EventTriggersProps) {
    super(scope, id);
    const { bus, triggers, cancellationRequests, events, handler } = props;
    this.bus = bus;
    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters', {
      impact:
        'Messages could neither be processed nor recorded as rejected events: the workflows that they should have cancelled keep running.',
      runbook: 'messages-in-the-dead-letter-queue',
    });
    this.queue = new Queue(this, 'Events', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      visibilityTimeout: VISIBILITY_TIMEOUT,
      deadLetterQueue: { queue: this.deadLetters.queue, maxReceiveCount: MAX_RECEIVE_COUNT },
    });
    acknowledgeCheckov(this.queue, {
      id: 'CKV_AWS_27',
      reason: 'Encrypted with an SQS-managed key: EventBridge cannot send to a queue with the AWS managed KMS key',
    });
    this.deliverTo(handler, events);
    this.allowRules();

    for (const [name, trigger] of Object.entries(triggers)) {
      const { detail, account } = trigger.eventPattern;
      const pattern = { source: trigger.sources, detailType: trigger.eventPattern['detail-type'] };
      this.rule(name, { ...pattern, detail, account }, name);
    }
    if (cancellationRequests) {
      const { sources: source, account, namespaces: namespace } = cancellationRequests;
      const detail = namespace && { namespace };
      this.rule(
        CANCELLATION_REQUESTS_RULE,
        { source, detailType: [CANCELLATION_REQUESTED], detail, account },
        CANCELLATION_REQUESTS,
      );
    }
  }

  /** Connects the function to the queue and the dead-letter queue. */
  private deliverTo(
    handler: RewindFunction,
    { maxConcurrency, retryHours, rejectedRetentionDays }: RewindConfig['events'],
  ): void {
    handler.addEventSource(
      new SqsEventSource(this.queue, { batchSize: BATCH_SIZE, maxConcurrency, reportBatchItemFailures: true }),
    );
    handler.addEnvironment(EnvironmentVariable.eventQueueUrl, this.queue.queueUrl);
    handler.addEnvironment(EnvironmentVariable.eventRetrySeconds, String(Duration.hours(retryHours).toSeconds()));
    handler.addEnvironment(EnvironmentVariable.rejectedEventRetentionDays, String(rejectedRetentionDays));
    handler.addEnvironment(EnvironmentVariable.deadLetterQueueUrl, this.deadLetters.queue.queueUrl);
    this.deadLetters.queue.grantSendMessages(handler);
  }

  /** Allows a function to send events to the queue again. */
  redrivenBy(redriver: RewindFunction): void {
    redriver.addEnvironment(EnvironmentVariable.eventQueueUrl, this.queue.queueUrl);
    this.queue.grantSendMessages(redriver);
  }

  /** Allows every rule of the bus to send to the queues. One statement for all rules, because a queue policy is limited to 20. */
  private allowRules(): void {
    const resourceName = `${this.bus.eventBusName}/*`;
    const rules = Stack.of(this).formatArn({ service: 'events', resource: 'rule', resourceName });
    for (const queue of [this.queue, this.deadLetters.queue]) {
      queue.addToResourcePolicy(
        new PolicyStatement({
          sid: 'EventsOfRules',
          principals: [new ServicePrincipal('events.amazonaws.com')],
          actions: ['sqs:SendMessage'],
          resources: [queue.queueArn],
          conditions: { ArnLike: { 'aws:SourceArn': rules }, StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
        }),
      );
    }
  }

  private rule(name: string, { account, ...pattern }: AcceptedEvents, trigger: string): void {
    // A sender can choose any source, but EventBridge sets the account.
    const eventPattern: EventPattern = { ...pattern, account: account ?? [Aws.ACCOUNT_ID] };
    const target: IRuleTarget = {
      bind: () => ({
        arn: this.queue.queueArn,
        input: new QueuedEventInput(trigger),
        deadLetterConfig: { arn: this.deadLetters.queue.queueArn },
        retryPolicy: DELIVERY_RETRIES,
      }),
    };
    new Rule(this, `Rule-${name}`, {
      eventBus: this.bus,
      eventPattern,
      description: `Rewind trigger ${name}`,
      targets: [target],
    });
    if (account) allowPutEvents(this.bus, `Trigger${pascalCase(name)}`, { ...pattern, account });
  }
}

/** Events with these sources and types, from these accounts; from the deployment's account when `account` is undefined. */
interface AcceptedEvents extends Pick<EventPattern, 'detail'> {
  source: string[];
  detailType: string[];
  account: string[] | undefined;
}

/** Allows other accounts to put only these events on the bus. Their own IAM policies have to allow it too. */
function allowPutEvents(
  bus: EventBus,
  sid: string,
  { source, detailType, account }: AcceptedEvents & { account: string[] },
): void {
  bus.addToResourcePolicy(
    new PolicyStatement({
      sid,
      principals: account.map((id) => new AccountPrincipal(id)),
      actions: ['events:PutEvents'],
      resources: [bus.eventBusArn],
      // Both keys have a value for each event of the call. `ForAllValues` is also true for an absent key, hence `Null`.
      conditions: {
        'ForAllValues:StringEquals': { 'events:source': source, 'events:detail-type': detailType },
        Null: { 'events:source': 'false', 'events:detail-type': 'false' },
      },
    }),
  );
}

/** Returns the triggers in the format that the function reads. */
export function triggersByName(triggers: RewindConfig['triggers']): Triggers {
  return Object.fromEntries(
    Object.entries(triggers).map(
      ([name, { namespace, reason, workflowId, query = '', action, engine, ratePerSecond, maxWorkflows }]) => [
        name,
        workflowId === undefined
          ? { namespace, reason, query, action, engine, ratePerSecond, maxWorkflows }
          : { namespace, reason, workflowId },
      ],
    ),
  );
}

/** A rule's target input: a JSON object with the event and the trigger's name, which is a `QueuedEvent`. */
class QueuedEventInput extends RuleTargetInput {
  constructor(private readonly trigger: string) {
    super();
  }

  bind(_rule: IRule): RuleTargetInputProperties {
    // EventBridge writes quotes around the time, as for the same template in the rule that it makes for an archive.
    const ingestedAt = '<aws.events.event.ingestion-time>';
    const event = '<aws.events.event.json>';
    return {
      inputTemplate: `{"trigger":${JSON.stringify(this.trigger)},"ingestedAt":${ingestedAt},"event":${event}}`,
    };
  }
}
