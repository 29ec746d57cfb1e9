import { isFailure, OperationFailure } from '../../api/failures';

/** Minimum pause for a namespace after Temporal has throttled a call, in milliseconds. */
const PAUSE_MS = 2000;

/** Tracks the namespaces that Temporal throttles in this process, so that their events wait instead of adding load. */
export class ThrottledNamespaces {
  private readonly pausedUntil = new Map<string, number>();

  /**
   * Calls `work`, unless the namespace is paused.
   * @throws {OperationFailure} `throttled` while the namespace is paused; errors of `work`
   */
  async run<T>(namespace: string, work: () => Promise<T>): Promise<T> {
    const pausedMs = (this.pausedUntil.get(namespace) ?? 0) - Date.now();
    if (pausedMs > 0) {
      const retryAfterSeconds = Math.ceil(pausedMs / 1000);
      throw new OperationFailure('throttled', `Temporal is throttling ${namespace}.`, { retryAfterSeconds });
    }
    try {
      return await work();
    } catch (error) {
      if (isFailure(error, 'throttled')) {
        const { retryAfterSeconds = 0 } = error.details;
        this.pausedUntil.set(namespace, Date.now() + Math.max(PAUSE_MS, retryAfterSeconds * 1000));
      }
      throw error;
    }
  }
}
