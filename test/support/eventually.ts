import { setTimeout as sleep } from 'node:timers/promises';

/** For what takes a moment. A loaded machine takes many times as long. */
const TIMEOUT_MS = 40_000;

/**
 * Calls `look` until it returns something, every 50 ms.
 * @param what is waited for, in the error's message
 * @returns what was seen
 * @throws when there is nothing within the time
 */
export async function eventually<T>(
  look: () => Promise<T | undefined | false> | T | undefined | false,
  what = String(look),
  timeoutMs = TIMEOUT_MS,
): Promise<T> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    if (Date.now() > end) throw new Error(`waited ${timeoutMs / 1000} s for ${what}`);
    await sleep(50);
  }
}
