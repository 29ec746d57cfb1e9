import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Construct } from 'constructs';
import type { RewindFunction } from './rewind-function';

/** Invokes the function every minute, and retries nothing: the next invocation is a minute away. */
export function everyMinute(scope: Construct, id: string, handler: RewindFunction, description: string): void {
  const once = { retryAttempts: 0, maxEventAge: Duration.minutes(1) };
  // The rule's retries are for invocations that Lambda does not accept. Those that fail, Lambda retries by itself.
  handler.configureAsyncInvoke(once);
  new Rule(scope, id, {
    description,
    schedule: Schedule.rate(Duration.minutes(1)),
    targets: [new LambdaFunction(handler, once)],
  });
}
