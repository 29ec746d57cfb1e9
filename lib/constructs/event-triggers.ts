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
import { pascalCase } from '../pascal-case';
import { DeadLetterQueue } from './dead-letter-queue';
import type { RewindFunction } from './rewind-function';

export interface EventTriggersProps {
  bus: EventBus;
  triggers: RewindConfig['triggers'];
  cancellationRequests: RewindConfig['cancellationRequests'];
  events: RewindConfig['events'];
  /** The function that cancels the workflows of an event. */
  handler: RewindFunction;
}

/** EventBridge's own retries of a delivery to the queue: its longest. */
const DELIVERY_RETRIES = { maximumEventAgeInSeconds: Duration.hours(24).toSeconds(), maximumRetryAttempts: 185 };

/** Messages of one invocation. The function handles them at once, so a batch takes as long as its slowest. */
const BATCH_SIZE = 10;

/** AWS asks for six times the function's timeout of 29 s, so that a message is not received again while it is handled. */
const VISIBILITY_TIMEOUT = Duration.minutes(3);

/** SQS's largest. The function rejects what is too old; this is for messages at which it ends without an answer. */
const MAX_RECEIVE_COUNT = 1000;

/**
 * The rules by which events cancel workflows. Each accepts events of its allow-listed sources only, and puts them into one
 * queue with the trigger's name. The function has the triggers' configuration: a new trigger is a new rule, and no code.
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
        'Messages that could neither be handled nor recorded as rejected events: workflows that they should have cancelled go on.',
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
      reason: 'Encrypted by a key of SQS: EventBridge cannot send to a queue with the AWS managed KMS key',
    });
    this.deliverTo(handler, events);
    this.allowRules();

    for (const [name, trigger] of Object.entries(triggers)) {
      const { detail, account } = trigger.eventPattern;
      const pattern = { source: trigger.sources, detailType: trigger.eventPattern['detail-type'] };
      this.rule(name, { ...pattern, ...(detail && { detail }), account }, name);
    }
    if (cancellationRequests) {
      const { sources: source, account } = cancellationRequests;
      this.rule(
        'cancellation-requests',
        { source, detailType: [CANCELLATION_REQUESTED], account },
        CANCELLATION_REQUESTS,
      );
    }
  }

  /** The function takes events from the queue, a limited number at once, and rejects those that cannot succeed. */
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

  /** Lets a function put events into the queue again. */
  redrivenBy(redriver: RewindFunction): void {
    redriver.addEnvironment(EnvironmentVariable.eventQueueUrl, this.queue.queueUrl);
    this.queue.grantSendMessages(redriver);
  }

  /** Lets every rule of the bus send to the queues. One statement for all of them: a queue's policy takes 20 statements. */
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
    // The sender chooses the source. EventBridge sets the account.
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

/** Events of these sources and types, from the named accounts or else from the deployment's own. */
interface AcceptedEvents extends Pick<EventPattern, 'detail'> {
  source: string[];
  detailType: string[];
  account: string[] | undefined;
}

/** Lets other accounts put these events on the bus, and no others. Their own IAM has to allow it too. */
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
      // Both keys hold a value for each event of the call, and `ForAllValues` holds for a key that is absent.
      conditions: {
        'ForAllValues:StringEquals': { 'events:source': source, 'events:detail-type': detailType },
        Null: { 'events:source': 'false', 'events:detail-type': 'false' },
      },
    }),
  );
}

/** What the function reads of the triggers; each has either a workflow id or a query. */
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

/** The whole event and the trigger's name as one JSON object: a `QueuedEvent`. */
class QueuedEventInput extends RuleTargetInput {
  constructor(private readonly trigger: string) {
    super();
  }

  bind(_rule: IRule): RuleTargetInputProperties {
    return { inputTemplate: `{"trigger":${JSON.stringify(this.trigger)},"event":<aws.events.event.json>}` };
  }
}
