import { executeOnce } from './ledger/execute-once';
import type { RequestedOperation } from './ledger/execute-once';
import { OperationFailure } from '../api/failures';
import type { NamespaceClient } from './temporal/namespace-client';
import type { Call, ChangeRequest, ExecutionResult, FollowUp, OperationDependencies, Plan, Verb } from './verb';

/**
 * Makes a change to Temporal: once under its key, and recorded; then what the verb does after that, such as waiting for
 * the workflow to close. Everything that asks for a change calls this.
 *
 * @throws {OperationFailure} as `executeOnce`; a failure after the change is recorded does not change the answer
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
    // The change is made and recorded: the answer goes out although a later look at it failed.
    if (!(error instanceof OperationFailure)) throw error;
  }
  return latest;
}

async function recordFollowUp<Answer extends object>(
  { ledger, onRecordFailure }: OperationDependencies,
  { record, replayed }: ExecutionResult<Answer>,
  { answer, settled }: FollowUp<Answer>,
): Promise<ExecutionResult<Answer>> {
  const changes = { answer, ...(settled && record.nextCheckAt && { settled, nextCheckAt: undefined }) };
  await ledger.update(record, changes).catch((error: unknown) => onRecordFailure(record, error));
  return { record: { ...record, ...changes }, answer, replayed };
}
