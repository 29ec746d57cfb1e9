import { CancellationScope, isCancellation, log } from '@temporalio/workflow';

/**
 * Runs `work`. If the workflow is cancelled meanwhile, runs `cleanup` and then rethrows the cancellation.
 *
 * - `cleanup` runs in a non-cancellable scope: in the cancelled one its first activity would be skipped.
 * - It runs only on a cancellation, not on another failure of `work`. An activity that answers the cancellation with a
 *   failure of its own counts as cancelled too.
 * - Its own failure is logged and does not replace what `work` ended with.
 *
 * @throws what `work` threw; for a cancellation that ends the workflow as Canceled
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
