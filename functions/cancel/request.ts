import * as z from 'zod/mini';
import { firstExecutionRunId, reason, runId, waitSeconds, workflowId } from '../request-fields';

export const cancelRequest = z.strictObject({ workflowId, runId, firstExecutionRunId, reason, waitSeconds });
