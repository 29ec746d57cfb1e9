const FIRST_DELAY_SECONDS = 2;

/** Short enough for the alarm on the age of events, which takes the largest of ten minutes. */
const MAX_DELAY_SECONDS = 300;

/**
 * Seconds until the next attempt at an event: doubled with each attempt, and spread, so that the events of an outage do not
 * come back together.
 * @param attempt the number of the attempt that failed, from 1
 * @param atLeast what the failure asks for
 */
export function retryDelaySeconds(attempt: number, atLeast = 0, random: () => number = Math.random): number {
  const delay = Math.min(FIRST_DELAY_SECONDS * 2 ** (attempt - 1), MAX_DELAY_SECONDS);
  return Math.ceil(Math.max(atLeast, delay) * (1 + random() / 2));
}
