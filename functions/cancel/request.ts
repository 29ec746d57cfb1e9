import * as z from 'zod/mini';
import { reason, runId, workflowId } from '../request-fields';

export const cancelRequest = z.strictObject({ workflowId, runId, reason });
