import type { ResetRequest } from '../../api/reset';
import { OperationFailure } from '../../api/failures';
import type { TemporalRejection } from '../temporal/errors';
import type { NamespaceClient } from '../temporal/namespace-client';
import type { ResetPlan } from './plan';
import { notAResetPoint } from './choose-point';

/** The server's texts about an event that it cannot reset to, of 1.29.1 to 1.31.2. */
const aboutTheEvent = /must be > 1|reset workflow to event ID|at the boundary/i;

/** Signals and updates after the point are copied into the new run in one transaction, of 4 MB at most. */
const aboutItsSize = /transaction size/i;

/** In words what the server had against a reset. It made no run. */
export async function refusalOf(
  client: NamespaceClient,
  request: ResetRequest,
  { run, eventId }: ResetPlan,
  rejection: TemporalRejection,
): Promise<OperationFailure> {
  if (aboutTheEvent.test(rejection.details)) return notAResetPoint(client, run, { eventId }, rejection);
  return new OperationFailure(
    'invalid-request',
    `Temporal refused to reset workflow ${JSON.stringify(run.workflowId)}, run ${run.runId}: ${rejection.details}. Nothing was done.`,
    {
      ...fieldAtFault(request, rejection),
      operatorDetail: rejection.details,
    },
    { cause: rejection },
  );
}

function fieldAtFault({ excludeReapply, versioningOverride }: ResetRequest, { details }: TemporalRejection) {
  if (aboutItsSize.test(details)) {
    return {
      field: 'excludeReapply',
      value: excludeReapply,
      allowed: 'a list with "signals" or "updates", whichever are so large; or a target further on',
    };
  }
  if (!versioningOverride) return {};
  return {
    field: 'versioningOverride',
    value: versioningOverride,
    allowed: 'a version that workers of the task queue have polled as, or left out',
  };
}
