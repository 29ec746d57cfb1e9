import { setTimeout as sleep } from 'node:timers/promises';

/** Long, because a loaded machine is many times slower. */
const TIMEOUT_MS = 40_000;

/**
 * Calls `look` until it returns a value: every 50 ms at first, then less often, because each call costs time.
 * @param what names the awaited condition in the error
 * @returns the value
 * @throws after the timeout
 */
export async function eventually<T>(
  look: () => Promise<T | undefined | false> | T | undefined | false,
  what = String(look),
  timeoutMs = TIMEOUT_MS,
): Promise<T> {
  const begun = Date.now();
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    const waited = Date.now() - begun;
    if (waited > timeoutMs) throw new Error(`waited ${timeoutMs / 1000} s for ${what}`);
    await sleep(Math.min(250, Math.max(50, waited / 16)));
  }
}
