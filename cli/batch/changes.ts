import { openApi } from '../requests/client';
import type { Answer, Api, Header } from '../requests/client';
import { batchOperation, failures } from './batch-operation';
import { consent } from '../consent';
import type { Consent } from '../consent';
import type { RouteName } from '../requests/contract';
import { idempotencyKey, reason, yes } from '../command-line/options';
import { printable } from '../output/quote';
import type { Session } from '../session';

/* Changes of a batch operation that was started: what the commands that stop, suspend, resume and retry one share. */

export const args = [{ name: '<operation>', description: 'its id: op-…' }];
export const options = { reason, yes, idempotencyKey };

interface BatchChange<Result> {
  /** The command, after `batch`. */
  verb: string;
  route: RouteName;
  /** The change as an imperative. */
  action: string;
  flags?: string[];
  send(
    this: void,
    client: Api['client'],
    params: { path: { namespace: string; operationId: string }; header: Header },
    reason: string,
  ): Answer<Result>;
}

/** Changes a batch operation: shows it, asks, and sends the change under its key. */
export async function changeBatch<Result>(
  session: Session,
  operationId: string,
  given: Consent & { idempotencyKey?: string | undefined },
  { verb, route, action, flags = [], send }: BatchChange<Result>,
): Promise<Result> {
  const lines = given.yes ? [`  batch operation ${operationId}`] : await describe(session, operationId);
  const why = await consent(session, given, { lines, action });
  const api = await openApi(session);
  const change = {
    route,
    subject: `${verb} of ${operationId}`,
    repeat: ['batch', verb, operationId, ...flags, '--reason', why],
    idempotencyKey: given.idempotencyKey,
  };
  return api.change(change, (header) => send(api.client, { path: { ...api.path, operationId }, header }, why));
}

async function describe(session: Session, operationId: string): Promise<string[]> {
  const batch = await batchOperation(session, operationId);
  const { action, state, done, matched } = batch;
  return [
    `  batch ${action}, ${state}: ${done} of ${matched} done, ${failures(batch)} failed. ${printable(batch.reason)}`,
  ];
}
