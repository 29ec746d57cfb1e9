import { executeOnce } from './ledger/execute-once';
import type { RequestedOperation } from './ledger/execute-once';
import type { OperationRecord } from './ledger/ledger';
import { OperationFailure } from '../api/failures';
import type { NamespaceClient } from './temporal/namespace-client';
import type { Call, ChangeRequest, ExecutionResult, FollowUp, OperationDependencies, Plan, Verb } from './verb';

/**
 * Makes a change to Temporal once per idempotency key and records it, then runs the verb's follow-up, such as waiting for
 * the workflow to close. Every change goes through this function.
 *
 * @throws {OperationFailure} as `executeOnce` does; a failed follow-up does not throw
 */
export async function executeOperation<Request extends ChangeRequest, Answer extends object, P extends Plan>(
  dependencies: OperationDependencies,
  client: NamespaceClient,
  verb: Verb<Request, Answer, P>,
  operation: RequestedOperation<Request>,
): Promise<ExecutionResult<Answer>> {
  const executed = await executeOnce(dependencies, client, verb, operation);
  const { request, requestId, webUiUrl, deadline } = operation;
  const { operationId, actor } = executed.record;
  const call: Call<Request> = { client, request, operationId, actor, requestId, webUiUrl, deadline };
  let latest = executed;
  try {
    for await (const followUp of verb.followUp?.(dependencies, call, executed) ?? []) {
      latest = await recordFollowUp(dependencies, latest, followUp);
    }
  } catch (error) {
    // The change is made and recorded: return the answer even when a follow-up read fails.
    if (!(error instanceof OperationFailure)) throw error;
  }
  return latest;
}

/** Maximum attempts at an update that conflicts with concurrent updates. */
const MAX_UPDATES = 5;

async function recordFollowUp<Answer extends object>(
  { ledger, onRecordFailure }: OperationDependencies,
  { record: known, answer: knownAnswer, replayed }: ExecutionResult<Answer>,
  followUp: FollowUp<Answer>,
): Promise<ExecutionResult<Answer>> {
  const own = { record: known, answer: followUp.amend(knownAnswer), replayed };
  const { settled } = followUp;
  try {
    let record: OperationRecord | undefined = known;
    for (let update = 1; update <= MAX_UPDATES && record?.state === 'completed'; update += 1) {
      const answer = followUp.amend(record.answer as Answer);
      const changes = { answer, ...(settled && record.nextCheckAt && { settled, nextCheckAt: undefined }) };
      const updated = await ledger.update(record, changes);
      if (updated) return { record: updated, answer, replayed };
      record = await ledger.find(known.operationId);
    }
  } catch (error) {
    onRecordFailure(known, error);
  }
  return own;
}
