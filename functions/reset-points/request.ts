import * as z from 'zod/mini';
import { pageSize, pageToken, runId, workflowId } from '../request-fields';

export const resetPointsRequest = z.strictObject({ workflowId, runId, pageSize, pageToken });
