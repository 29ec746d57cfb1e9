import type { ResetRequest } from '../../api/reset';
import { OperationFailure } from '../../api/failures';
import type { TemporalRejection } from '../temporal/errors';
import type { NamespaceClient } from '../temporal/namespace-client';
import type { ResetPlan } from './plan';
import { notAResetPoint } from './choose-point';

/** Errors of server 1.29.1 to 1.31.2 for an event that it cannot reset to. */
const eventIdError = /must be > 1|reset workflow to event ID|at the boundary/i;

/** The server copies signals and updates after the reset point into the new run in one transaction of at most 4 MB. */
const transactionSizeError = /transaction size/i;

/** Returns the failure for a reset that the server refused. */
export async function refusalOf(
  client: NamespaceClient,
  request: ResetRequest,
  { run, eventId }: ResetPlan,
  rejection: TemporalRejection,
): Promise<OperationFailure> {
  if (eventIdError.test(rejection.details)) return notAResetPoint(client, run, { eventId }, rejection);
  return new OperationFailure(
    'invalid-request',
    `Temporal refused to reset workflow ${JSON.stringify(run.workflowId)}, run ${run.runId}: ${rejection.details}. Nothing was done.`,
    {
      ...refusedField(request, rejection),
      operatorDetail: rejection.details,
    },
    { cause: rejection },
  );
}

function refusedField({ excludeReapply, versioningOverride }: ResetRequest, { details }: TemporalRejection) {
  if (transactionSizeError.test(details)) {
    return {
      field: 'excludeReapply',
      value: excludeReapply,
      allowed: 'a list with "signals" or "updates", whichever are too large; or a later target',
    };
  }
  if (!versioningOverride) return {};
  return {
    field: 'versioningOverride',
    value: versioningOverride,
    allowed: 'a version whose workers have polled the task queue, or left out',
  };
}
