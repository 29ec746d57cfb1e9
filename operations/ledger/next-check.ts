import type { OperationRecord } from './ledger';

/** Bounds for the interval between checks, which is a tenth of the operation's age. In milliseconds. */
const MIN_CHECK_INTERVAL_MS = 60_000;
const MAX_CHECK_INTERVAL_MS = 60 * 60_000;

/** Returns the time of the next check of an operation without a final result, RFC 3339. */
export function nextCheck({ requestedAt }: OperationRecord, now: number): string {
  const age = now - Date.parse(requestedAt);
  return new Date(now + Math.min(MAX_CHECK_INTERVAL_MS, Math.max(MIN_CHECK_INTERVAL_MS, age / 10))).toISOString();
}
