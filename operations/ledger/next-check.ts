import type { OperationRecord } from './ledger';

/** An operation that stays open is looked at again after a tenth of its age, within these bounds. In milliseconds. */
const MIN_CHECK_INTERVAL_MS = 60_000;
const MAX_CHECK_INTERVAL_MS = 60 * 60_000;

/** When to look again at an operation that has not ended, RFC 3339. */
export function nextCheck({ requestedAt }: OperationRecord, now: number): string {
  const age = now - Date.parse(requestedAt);
  return new Date(now + Math.min(MAX_CHECK_INTERVAL_MS, Math.max(MIN_CHECK_INTERVAL_MS, age / 10))).toISOString();
}
