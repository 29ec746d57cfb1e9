import * as z from 'zod/mini';
import { firstExecutionRunId, reason, runId, workflowId } from '../request-fields';

export const terminateRequest = z.strictObject({ workflowId, runId, firstExecutionRunId, reason });
