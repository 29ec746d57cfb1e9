const FIRST_DELAY_SECONDS = 2;

/** Shorter than the period of the alarm on the age of events (10 min), so that each period has an attempt. */
const MAX_DELAY_SECONDS = 300;

/**
 * Returns the delay until the next attempt of an event, in seconds: exponential back-off with jitter, so that the events of
 * an outage are not retried at the same time.
 * @param attempt number of the failed attempt, from 1
 * @param atLeast minimum delay in seconds, before jitter
 */
export function retryDelaySeconds(attempt: number, atLeast = 0): number {
  const delay = Math.min(FIRST_DELAY_SECONDS * 2 ** (attempt - 1), MAX_DELAY_SECONDS);
  return Math.ceil(Math.max(atLeast, delay) * (1 + Math.random() / 2));
}
