import * as z from 'zod/mini';
import { runId, workflowId } from '../request-fields';

export const describeRequest = z.strictObject({ workflowId, runId });
