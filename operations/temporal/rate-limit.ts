import { setTimeout as wait } from 'node:timers/promises';
import type { Calls } from './managed-connection';

/** Limits the rate of calls by spacing them evenly. */
export class RateLimit {
  private nextAt = 0;

  constructor(private readonly perSecond: number) {}

  /** Resolves when the next call may start. */
  async take(): Promise<void> {
    const now = performance.now();
    const at = Math.max(now, this.nextAt);
    this.nextAt = at + 1000 / this.perSecond;
    // Timers fire about a millisecond late, so one of less than a millisecond would reduce the rate.
    if (at - now >= 1) await wait(at - now);
  }
}

/** Wraps calls with a rate limit. */
export function rateLimited(calls: Calls, limit: RateLimit): Calls {
  return {
    async call(rpc, request, options) {
      await limit.take();
      return calls.call(rpc, request, options);
    },
  };
}
