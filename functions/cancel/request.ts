import * as z from 'zod/mini';
import { firstExecutionRunId, reason, runId, workflowId } from '../request-fields';

/**
 * API Gateway waits 29 s for a function (`functionTimeout` in lib/constructs/rewind-function.ts); what is not spent
 * waiting is for the calls before and after.
 */
const MAX_WAIT_SECONDS = 25;

const waitSecondsAllowed = `a number of seconds from 0 to ${MAX_WAIT_SECONDS}`;

export const cancelRequest = z.strictObject({
  workflowId,
  runId,
  firstExecutionRunId,
  reason,
  waitSeconds: z.optional(
    z.number(waitSecondsAllowed).check(z.gte(0, waitSecondsAllowed), z.lte(MAX_WAIT_SECONDS, waitSecondsAllowed)),
  ),
});
