import { CancellationScope, isCancellation, log } from '@temporalio/workflow';

/**
 * Runs `work`. If the workflow is cancelled meanwhile, runs `cleanup` and then rethrows the cancellation.
 *
 * - `cleanup` runs in a non-cancellable scope: in the cancelled scope its first activity would be skipped.
 * - It runs only on a cancellation, not on other failures of `work`. An activity that fails in response to the
 *   cancellation counts as cancelled too.
 * - A failure of `cleanup` is logged and does not replace the error of `work`.
 *
 * @throws the error of `work`; a cancellation ends the workflow as Canceled
 */
export async function cleanupOnCancellation<T>(work: () => Promise<T>, cleanup: () => Promise<unknown>): Promise<T> {
  const scope = CancellationScope.current();
  try {
    return await work();
  } catch (error) {
    if (isCancellation(error) || scope.consideredCancelled) {
      try {
        await CancellationScope.nonCancellable(cleanup);
      } catch (cleanupError) {
        log.error('Cleanup after the cancellation failed', { error: cleanupError });
      }
    }
    throw error;
  }
}
