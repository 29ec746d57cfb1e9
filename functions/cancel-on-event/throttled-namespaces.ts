import { OperationFailure } from '../../api/failures';

/** How long a namespace is left alone after Temporal has throttled a call to it, in milliseconds. */
const PAUSE_MS = 2000;

/** The namespaces that Temporal has just throttled in this process: their events wait, instead of adding to the load. */
export class ThrottledNamespaces {
  private readonly pausedUntil = new Map<string, number>();

  /**
   * Does the work, unless the namespace is throttled.
   * @throws {OperationFailure} `throttled` without doing the work; what `work` throws
   */
  async run<T>(namespace: string, work: () => Promise<T>): Promise<T> {
    const pausedMs = (this.pausedUntil.get(namespace) ?? 0) - Date.now();
    if (pausedMs > 0) {
      const retryAfterSeconds = Math.ceil(pausedMs / 1000);
      throw new OperationFailure('throttled', `Temporal throttles ${namespace}.`, { retryAfterSeconds });
    }
    try {
      return await work();
    } catch (error) {
      if (error instanceof OperationFailure && error.kind === 'throttled') {
        const { retryAfterSeconds = 0 } = error.details;
        this.pausedUntil.set(namespace, Date.now() + Math.max(PAUSE_MS, retryAfterSeconds * 1000));
      }
      throw error;
    }
  }
}
