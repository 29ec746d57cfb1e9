import * as z from 'zod/mini';
import { reason, runId, workflowId } from '../request-fields';

export const terminateRequest = z.strictObject({ workflowId, runId, reason });
