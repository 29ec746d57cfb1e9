import { Duration } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Construct } from 'constructs';
import type { RewindFunction } from './rewind-function';

/** EventBridge's limit for the targets of a rule. */
const MAX_TARGETS = 5;

/**
 * Invokes the function every minute, once for each input. Without retries, because the next invocation follows after a minute.
 * @param inputs events that the function receives; the event of the schedule when absent
 */
export function everyMinute(
  scope: Construct,
  id: string,
  handler: RewindFunction,
  description: string,
  inputs?: readonly object[],
): void {
  const once = { retryAttempts: 0, maxEventAge: Duration.minutes(1) };
  // The rule retries invocations that Lambda does not accept. Lambda retries failed invocations itself.
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
