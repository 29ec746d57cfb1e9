/* Limits of the local stack that the end-to-end tests share: low, so that a test reaches them. */

export const MAX_WAITING = 6;

/** Executions of each function at once: those that wait, and as many for the others. */
export const MAX_CONCURRENCY = 2 * MAX_WAITING;
