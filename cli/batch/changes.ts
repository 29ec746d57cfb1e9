import { change } from '../requests/client';
import type { RequestTo, ResultOf } from '../requests/client';
import { batchOperation, failures } from './batch-operation';
import { consent } from '../consent';
import type { Consent } from '../consent';
import type { RouteName } from '../requests/contract';
import { printable } from '../output/quote';
import type { Session } from '../session';

/* Changes of a batch operation that was started: what the commands that stop, suspend, resume and retry one share. */

export const args = [{ name: '<operation>', description: 'its id: op-…' }];

const participles = { stop: 'stopped', suspend: 'suspended', resume: 'resumed', retry: 'repeated' };

interface BatchChange<Route> {
  /** The command, after `batch`. */
  verb: keyof typeof participles;
  route: Route;
  /** The change as an imperative. */
  action: string;
  flags?: string[];
  /** Fields of the request, without the reason. */
  fields?: object;
}

/** Changes a batch operation: shows it, asks, and sends the change under its key. */
export async function changeBatch<Route extends RouteName>(
  session: Session,
  operationId: string,
  given: Consent & { idempotencyKey?: string | undefined },
  { verb, route, action, flags = [], fields }: BatchChange<Route>,
): Promise<ResultOf<Route>> {
  const lines = given.yes ? [`  batch operation ${operationId}`] : await describe(session, operationId);
  const why = await consent(session, given, { lines, action });
  return change(session, {
    route,
    request: { operationId, body: { reason: why, ...fields } } as unknown as RequestTo<Route>,
    subject: `batch operation ${operationId}`,
    done: `batch operation ${operationId} was ${participles[verb]}`,
    seenWith: verb === 'retry' ? ['batch', 'ls'] : ['batch', 'show', operationId],
    repeat: ['batch', verb, operationId, ...flags, '--reason', why],
    idempotencyKey: given.idempotencyKey,
  });
}

async function describe(session: Session, operationId: string): Promise<string[]> {
  const batch = await batchOperation(session, operationId);
  const { action, state, done, matched } = batch;
  return [
    `  batch ${action}, ${state}: ${done} of ${matched} done, ${failures(batch)} failed. ${printable(batch.reason)}`,
  ];
}
