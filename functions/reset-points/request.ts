import * as z from 'zod/mini';
import { runId, workflowId } from '../request-fields';

export const resetPointsRequest = z.strictObject({ workflowId, runId });
