import type { ResetRequest } from '../../api/reset';
import { OperationFailure } from '../../api/failures';
import { isFinal } from '../ledger/attempt-result';
import { changeLease } from '../ledger/lease';
import type { Ledger, LockHolder } from '../ledger/ledger';
import { ledgerTime } from '../ledger/ledger-time';
import type { Call, OperationDependencies } from '../verb';

/**
 * Time in which reconciliation, which runs every minute, looks up a reset with an unknown outcome, in milliseconds. Until then,
 * the reset may have been made: another one, for example by the retry of a batch operation, would reset its new run.
 */
const RECONCILIATION_MS = 120_000;

/**
 * Acquires the workflow's reset lock, so that no other operation can reset it until this one has ended, or can no longer have
 * an effect and has been looked up. The lock is never released explicitly: the next operation takes it when the holder's
 * operation has ended.
 * @throws {OperationFailure} `conflict` while another operation resets the workflow. The kind is not
 *   `operation-in-progress`, because a retry would reset the other operation's new run
 */
export async function lockWorkflow(
  dependencies: OperationDependencies,
  { client, operationId, request: { workflowId } }: Call<ResetRequest>,
): Promise<void> {
  const { ledger } = dependencies;
  const time = ledgerTime(dependencies);
  const name = `reset/${client.namespace}/${workflowId}`;
  const own = { operationId, until: changeLease(time).mayExecuteUntil + RECONCILIATION_MS };
  const holder = await ledger.acquireLock(name, own, time);
  if (!holder) return;
  const other = (await hasEnded(ledger, holder)) ? await ledger.acquireLock(name, own, time, holder) : holder;
  if (!other) return;
  throw new OperationFailure(
    'conflict',
    `Operation ${other.operationId} is resetting workflow ${JSON.stringify(workflowId)}. Nothing was done.`,
    {
      field: 'workflowId',
      value: workflowId,
      allowed: 'a new request under another idempotency key, once that has ended',
    },
  );
}

/** A failed operation counts as ended: it changed nothing, and acquires the lock again when it is retried. */
async function hasEnded(ledger: Ledger, { operationId }: LockHolder): Promise<boolean> {
  const record = await ledger.find(operationId);
  return record !== undefined && (record.state === 'failed' || (isFinal(record) && record.state !== 'unknown'));
}
