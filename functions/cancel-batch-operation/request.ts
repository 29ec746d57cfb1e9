import * as z from 'zod/mini';
import { reason } from '../request-fields';

export const changeBatchRequest = z.strictObject({ reason });
