import { Aws, Duration } from 'aws-cdk-lib';
import { Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import type { EventBus, EventPattern, IRule, RuleTargetInputProperties } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { AccountPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { TriggeredEvent } from '../../functions/cancel-on-event/handler';
import { CANCELLATION_REQUESTED } from '../../functions/cancel-on-event/request';
import { EnvironmentVariable } from '../../aws/environment';
import type { RewindConfig, TriggerConfig } from '../config';
import { pascalCase } from '../pascal-case';
import { DeadLetterQueue } from './dead-letter-queue';
import type { RewindFunction } from './rewind-function';

export interface EventTriggersProps {
  bus: EventBus;
  triggers: RewindConfig['triggers'];
  cancellationRequests: RewindConfig['cancellationRequests'];
  /** The function that cancels what an event is about. */
  handler: RewindFunction;
}

/** How long EventBridge and Lambda go on trying to have an event handled before it is dead-lettered. */
const MAX_EVENT_AGE = Duration.hours(2);

/**
 * The rules that let events cancel workflows. Each lets only its allow-listed sources through, and tells the function
 * what the configuration says of such an event: a new trigger is a new rule, and no code.
 */
export class EventTriggers extends Construct {
  readonly deadLetters: DeadLetterQueue;
  private readonly handler: RewindFunction;

  constructor(scope: Construct, id: string, { bus, triggers, cancellationRequests, handler }: EventTriggersProps) {
    super(scope, id);
    this.handler = handler;
    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters', {
      impact: 'Events that should have cancelled workflows did not: those workflows go on.',
      runbook: 'events-in-the-dead-letter-queue',
    });
    const { queue } = this.deadLetters;
    handler.deadLetterTo(queue);
    handler.addEnvironment(EnvironmentVariable.deadLetterQueueUrl, queue.queueUrl);
    handler.configureAsyncInvoke({ retryAttempts: 2, maxEventAge: MAX_EVENT_AGE });

    for (const [name, trigger] of Object.entries(triggers)) {
      const { detail, account } = trigger.eventPattern;
      const pattern = { source: trigger.sources, detailType: trigger.eventPattern['detail-type'] };
      this.rule(name, bus, { ...pattern, ...(detail && { detail }), account }, { name, ...templatesOf(trigger) });
    }
    if (cancellationRequests) {
      const { sources: source, account } = cancellationRequests;
      const name = 'cancellation-requests';
      this.rule(name, bus, { source, detailType: [CANCELLATION_REQUESTED], account }, { name });
    }
  }

  private rule(
    name: string,
    eventBus: EventBus,
    { account, ...pattern }: AcceptedEvents,
    trigger: TriggeredEvent['trigger'],
  ): void {
    // A source is what the sender says it is. The account is what EventBridge says.
    const eventPattern: EventPattern = { ...pattern, account: account ?? [Aws.ACCOUNT_ID] };
    const target = new LambdaFunction(this.handler, {
      event: new TriggerInput(trigger),
      deadLetterQueue: this.deadLetters.queue,
      maxEventAge: MAX_EVENT_AGE,
      retryAttempts: 24,
    });
    new Rule(this, `Rule-${name}`, {
      eventBus,
      eventPattern,
      description: `Rewind trigger ${name}`,
      targets: [target],
    });
    if (account) allowPutEvents(eventBus, `Trigger${pascalCase(name)}`, { ...pattern, account });
  }
}

/** Events of these sources and types, from the named accounts or else from the deployment's own. */
interface AcceptedEvents extends Pick<EventPattern, 'detail'> {
  source: string[];
  detailType: string[];
  account: string[] | undefined;
}

/** Other accounts may put these events on the bus, and no others. Their own IAM has to let them as well. */
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
      conditions: {
        'ForAllValues:StringEquals': { 'events:source': source },
        StringEquals: { 'events:detail-type': detailType },
      },
    }),
  );
}

/** What the function needs to know of a trigger; the configuration has either a workflow id or a query. */
function templatesOf({ namespace, workflowId, query = '', reason, ratePerSecond, maxWorkflows }: TriggerConfig) {
  return workflowId === undefined
    ? { namespace, reason, query, ratePerSecond, maxWorkflows }
    : { namespace, reason, workflowId };
}

/** Hands over the whole event and the trigger, as one JSON object: a `TriggeredEvent`. */
class TriggerInput extends RuleTargetInput {
  constructor(private readonly trigger: TriggeredEvent['trigger']) {
    super();
  }

  bind(_rule: IRule): RuleTargetInputProperties {
    // EventBridge would take the templates' "<…>" for variables of its own; escaped, they reach the function.
    const trigger = JSON.stringify(this.trigger).replaceAll('<', '\\u003c').replaceAll('>', '\\u003e');
    return { inputTemplate: `{"trigger":${trigger},"event":<aws.events.event.json>}` };
  }
}
