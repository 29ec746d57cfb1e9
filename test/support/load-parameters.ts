/*
 * Parameters that `npm run load` raises with environment variables; the suite runs the same tests with these defaults.
 */

/** Number of workflows of each kind that a bad build breaks. */
export const brokenWorkflows = figure('REWIND_TEST_BROKEN_WORKFLOWS', 6);

/** Seconds for which a batch operation is suspended at least. */
export const suspendedSeconds = figure('REWIND_TEST_SUSPENDED_SECONDS', 0);

function figure(variable: string, inSuite: number): number {
  return Number(process.env[variable] ?? inSuite);
}
