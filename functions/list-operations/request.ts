import * as z from 'zod/mini';
import { pageSize, pageToken, workflowId } from '../request-fields';

export const listOperationsRequest = z.strictObject({ workflowId, pageSize, pageToken });
