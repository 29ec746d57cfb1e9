import { setTimeout as wait } from 'node:timers/promises';
import type { Calls } from './managed-connection';

/** Spreads calls evenly, so that no more begin in a second than is allowed. */
export class RateLimit {
  private nextAt = 0;

  constructor(private readonly perSecond: number) {}

  /** Resolves when the next call may begin. */
  async take(): Promise<void> {
    const now = performance.now();
    const at = Math.max(now, this.nextAt);
    this.nextAt = at + 1000 / this.perSecond;
    // A timer is a millisecond late: one that is due within it would slow the calls down.
    if (at - now >= 1) await wait(at - now);
  }
}

/** These calls, begun no faster than a limit allows. */
export function limited(calls: Calls, limit: RateLimit): Calls {
  return {
    async call(rpc, request, options) {
      await limit.take();
      return calls.call(rpc, request, options);
    },
  };
}
