import { setTimeout as sleep } from 'node:timers/promises';

/** For what takes a moment. A loaded machine takes many times as long. */
const TIMEOUT_MS = 40_000;

/**
 * Calls `look` until it returns something: every 50 ms at first, and less often the longer it takes, since looks cost time too.
 * @param what is waited for, in the error's message
 * @returns what was seen
 * @throws when there is nothing within the time
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
