import { OperationFailure } from '../../api/failures';
import type { NamespaceClient } from '../../operations/temporal/namespace-client';
import type { Target } from './rewind';
import { withCall } from './with-call';

type Call = (...args: unknown[]) => Promise<unknown>;
type Method = {
  [Name in keyof NamespaceClient]: NamespaceClient[Name] extends (...args: never[]) => Promise<unknown> ? Name : never;
}[keyof NamespaceClient];

export const timedOut = (): OperationFailure =>
  new OperationFailure('temporal-timeout', 'Temporal did not respond in time.');

function replaced({ client, workflowId }: Target, method: Method, replace: (call: Call) => Call): Target {
  const call = client[method].bind(client) as Call;
  return { client: withCall(client, method, replace(call) as never), workflowId };
}

/** A workflow that changes just before the first call of this method. */
export function changedBefore(target: Target, method: Method, change: () => Promise<unknown>): Target {
  let changed: Promise<unknown> | undefined;
  return replaced(target, method, (call) => async (...args) => {
    await (changed ??= change());
    return call(...args);
  });
}

/** A workflow whose calls of this method are executed, but whose responses are lost after `meanwhile`. */
export const losingResponse = (target: Target, method: Method, meanwhile = async (): Promise<void> => {}): Target =>
  replaced(target, method, (call) => async (...args) => {
    await call(...args);
    await meanwhile();
    throw timedOut();
  });

/** A workflow whose calls of this method do not reach Temporal. */
export const failingCall = (target: Target, method: Method, failure: Error = timedOut()): Target =>
  replaced(target, method, () => () => Promise.reject(failure));

/** A workflow whose calls of this method never end, as in a function that is killed; with `executed`, after the change. */
export const hangingCall = (target: Target, method: Method, { executed = false } = {}): Target =>
  replaced(target, method, (call) => async (...args) => {
    if (executed) await call(...args);
    return new Promise(() => {});
  });
