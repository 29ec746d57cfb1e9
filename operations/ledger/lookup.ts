import { OperationFailure } from '../../api/failures';
import type { OperationRecord } from './ledger';
import { TemporalRejection } from '../temporal/errors';
import type { Call, ChangeRequest, OperationResult, Plan, Verb } from '../verb';

/**
 * Searches Temporal's history for the change of the attempts so far.
 * @param runId the target run that they recorded
 * @returns undefined when the history shows no change by this operation so far
 * @throws {OperationFailure} `outcome-unknown` when Temporal has deleted that history
 */
export async function lookUpOutcome<Request extends ChangeRequest, Answer extends object, P extends Plan>(
  verb: Verb<Request, Answer, P>,
  call: Call<Request>,
  { requestedAt, operationId, workflowId }: OperationRecord,
  runId: string,
): Promise<OperationResult<Answer> | undefined> {
  try {
    return await verb.lookupOutcome(call, runId, new Date(requestedAt));
  } catch (error) {
    if (!isGone(error)) throw error;
    throw new OperationFailure(
      'outcome-unknown',
      `It is not known whether operation ${operationId} changed workflow ${JSON.stringify(workflowId)}: Temporal has deleted the history of run ${runId}.`,
      { field: 'workflowId', value: workflowId, allowed: 'a new request under another idempotency key' },
      { cause: error },
    );
  }
}

function isGone(error: unknown): boolean {
  if (error instanceof TemporalRejection) return error.notFound;
  return error instanceof OperationFailure && (error.kind === 'workflow-not-found' || error.kind === 'run-not-found');
}
