import { Duration } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Construct } from 'constructs';
import type { RewindFunction } from './rewind-function';

/** Targets of a rule, by EventBridge's quota. */
const MAX_TARGETS = 5;

/**
 * Invokes the function every minute with each of these inputs, and retries nothing: the next invocation is a minute away.
 * @param inputs events of their own; the schedule's event when absent
 */
export function everyMinute(
  scope: Construct,
  id: string,
  handler: RewindFunction,
  description: string,
  inputs?: readonly object[],
): void {
  const once = { retryAttempts: 0, maxEventAge: Duration.minutes(1) };
  // The rule's retries are for invocations that Lambda does not accept. Those that fail, Lambda retries by itself.
  handler.configureAsyncInvoke(once);
  const events = inputs?.map((input) => RuleTargetInput.fromObject(input)) ?? [undefined];
  for (let at = 0; at < events.length; at += MAX_TARGETS) {
    new Rule(scope, at === 0 ? id : `${id}${at / MAX_TARGETS + 1}`, {
      description,
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: events.slice(at, at + MAX_TARGETS).map((event) => new LambdaFunction(handler, { ...once, event })),
    });
  }
}
