import * as z from 'zod/mini';

/** The operation is named in the path; there is nothing else to say. */
export const getOperationRequest = z.strictObject({});
