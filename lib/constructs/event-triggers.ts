import { Aws, Duration, Stack } from 'aws-cdk-lib';
import { Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import type { EventBus, EventPattern, IRule, IRuleTarget, RuleTargetInputProperties } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { TriggeredEvent } from '../../operations/trigger';
import { CANCELLATION_REQUESTED } from '../../api/accepted-events';
import { EnvironmentVariable } from '../../aws/environment';
import type { RewindConfig, TriggerConfig } from '../config';
import { pascalCase } from '../pascal-case';
import { DeadLetterQueue } from './dead-letter-queue';
import type { RewindFunction } from './rewind-function';

export interface EventTriggersProps {
  bus: EventBus;
  triggers: RewindConfig['triggers'];
  cancellationRequests: RewindConfig['cancellationRequests'];
  /** The function that cancels the workflows of an event. */
  handler: RewindFunction;
}

/** How long EventBridge and Lambda retry an event before they dead-letter it. */
const MAX_EVENT_AGE = Duration.hours(2);

/**
 * The rules by which events cancel workflows. Each accepts events of its allow-listed sources only, and passes the
 * trigger's configuration to the function with the event: a new trigger is a new rule, and no code.
 */
export class EventTriggers extends Construct {
  readonly deadLetters: DeadLetterQueue;
  private readonly bus: EventBus;
  private readonly handler: RewindFunction;

  constructor(scope: Construct, id: string, { bus, triggers, cancellationRequests, handler }: EventTriggersProps) {
    super(scope, id);
    this.bus = bus;
    this.handler = handler;
    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters', {
      impact: 'Events that should have cancelled workflows did not: those workflows go on.',
      runbook: 'events-in-the-dead-letter-queue',
    });
    const { queue } = this.deadLetters;
    handler.deadLetterTo(queue);
    handler.addEnvironment(EnvironmentVariable.deadLetterQueueUrl, queue.queueUrl);
    handler.configureAsyncInvoke({ retryAttempts: 2, maxEventAge: MAX_EVENT_AGE });
    this.allowRules();

    for (const [name, trigger] of Object.entries(triggers)) {
      const { detail, account } = trigger.eventPattern;
      const pattern = { source: trigger.sources, detailType: trigger.eventPattern['detail-type'] };
      this.rule(name, { ...pattern, ...(detail && { detail }), account }, { name, ...templatesOf(trigger) });
    }
    if (cancellationRequests) {
      const { sources: source, account } = cancellationRequests;
      const name = 'cancellation-requests';
      this.rule(name, { source, detailType: [CANCELLATION_REQUESTED], account }, { name });
    }
  }

  /**
   * Lets every rule of the bus invoke the function and dead-letter its events. One statement for all of them: CDK's own
   * targets add one for each rule, and a queue's policy takes 20 statements, a function's 20 KB.
   */
  private allowRules(): void {
    const principal = new ServicePrincipal('events.amazonaws.com');
    const rules = Stack.of(this).formatArn({
      service: 'events',
      resource: 'rule',
      resourceName: `${this.bus.eventBusName}/*`,
    });
    this.handler.addPermission('Rules', { principal, sourceArn: rules });
    const { queue } = this.deadLetters;
    queue.addToResourcePolicy(
      new PolicyStatement({
        sid: 'DeadLettersOfRules',
        principals: [principal],
        actions: ['sqs:SendMessage'],
        resources: [queue.queueArn],
        conditions: { ArnLike: { 'aws:SourceArn': rules } },
      }),
    );
  }

  private rule(name: string, { account, ...pattern }: AcceptedEvents, trigger: TriggeredEvent['trigger']): void {
    // The sender chooses the source. EventBridge sets the account.
    const eventPattern: EventPattern = { ...pattern, account: account ?? [Aws.ACCOUNT_ID] };
    const target: IRuleTarget = {
      bind: () => ({
        arn: this.handler.functionArn,
        input: new TriggerInput(trigger),
        deadLetterConfig: { arn: this.deadLetters.queue.queueArn },
        retryPolicy: { maximumEventAgeInSeconds: MAX_EVENT_AGE.toSeconds(), maximumRetryAttempts: 24 },
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

/** What the function needs of a trigger; the configuration has either a workflow id or a query. */
function templatesOf({
  namespace,
  workflowId,
  query = '',
  reason,
  engine,
  ratePerSecond,
  maxWorkflows,
}: TriggerConfig) {
  return workflowId === undefined
    ? { namespace, reason, query, engine, ratePerSecond, maxWorkflows }
    : { namespace, reason, workflowId };
}

/** The whole event and the trigger as one JSON object: a `TriggeredEvent`. */
class TriggerInput extends RuleTargetInput {
  constructor(private readonly trigger: TriggeredEvent['trigger']) {
    super();
  }

  bind(_rule: IRule): RuleTargetInputProperties {
    // Escaped, because EventBridge replaces "<…>" by variables of its own.
    const trigger = JSON.stringify(this.trigger).replaceAll('<', '\\u003c').replaceAll('>', '\\u003e');
    return { inputTemplate: `{"trigger":${trigger},"event":<aws.events.event.json>}` };
  }
}
