import type { ResetRequest } from '../../api/reset';
import { OperationFailure } from '../../api/failures';
import { isFinal } from '../ledger/attempt-result';
import { changeLease } from '../ledger/lease';
import type { Ledger, LockHolder } from '../ledger/ledger';
import type { Call, OperationDependencies } from '../verb';

/**
 * Lets no other operation reset the workflow until this one has ended, or can no longer have an effect. Nothing releases
 * the lock: the next operation finds the holder's operation ended.
 * @throws {OperationFailure} `conflict` while another operation resets the workflow. Not `operation-in-progress`: a
 *   repetition would reset the other's new run
 */
export async function lockWorkflow(
  { ledger, now = Date.now }: OperationDependencies,
  { client, operationId, request: { workflowId } }: Call<ResetRequest>,
): Promise<void> {
  const time = now() + ledger.clockOffsetMs;
  const name = `reset/${client.namespace}/${workflowId}`;
  const own = { operationId, until: changeLease(time).mayExecuteUntil };
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

/** An operation that failed did nothing, and acquires the lock again before it acts. */
async function hasEnded(ledger: Ledger, { operationId }: LockHolder): Promise<boolean> {
  const record = await ledger.find(operationId);
  return record !== undefined && (record.state === 'failed' || (isFinal(record) && record.state !== 'unknown'));
}
