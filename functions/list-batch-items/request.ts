import * as z from 'zod/mini';
import { itemOutcomes } from '../../operations/batch/follow';
import { pageSize, pageToken } from '../request-fields';

const outcomes = Object.keys(itemOutcomes) as (keyof typeof itemOutcomes)[];

export const listBatchItemsRequest = z.strictObject({
  outcome: z.optional(z.enum(outcomes, `one of ${outcomes.join(', ')}, or left out for all`)),
  pageSize,
  pageToken,
});
