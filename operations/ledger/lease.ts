import { CALL_DEADLINE_MS } from '../temporal/namespace-client';
import type { OperationRecord } from './ledger';

/*
 * All in milliseconds, by the ledger's clock. docs/faults.md says what is promised under which conditions.
 */

/**
 * How long an attempt owns an operation before it records its target run. Exceeds the functions' timeout
 * (`functionTimeout` in lib/constructs/rewind-function.ts, 29 s). Only a duplicate's patience depends on it: an attempt
 * that lost the operation cannot record a target run.
 */
export const LEASE_MS = 35_000;

/** How long after its deadline Temporal may still execute a request. */
export const LATE_EXECUTION_MS = 60_000;

/** How far the estimates of the ledger's clock on two machines may differ: the `Date` header counts seconds. */
const CLOCK_ERROR_MS = 5_000;

/** From the record of the target run to the end of the change: a look at the workflow, and the change. */
const CHANGE_MS = 2 * CALL_DEADLINE_MS + CLOCK_ERROR_MS;

/** The lease of an attempt that is about to make the change. */
export function changeLease(ledgerTime: number): { leaseUntil: number; mayExecuteUntil: number } {
  const leaseUntil = ledgerTime + CHANGE_MS;
  return { leaseUntil, mayExecuteUntil: leaseUntil + LATE_EXECUTION_MS };
}

/** Whether a request that is sent now ends within the lease, late execution included. */
export function coversChange(mayExecuteUntil: number | undefined, ledgerTime: number): boolean {
  if (mayExecuteUntil === undefined) return false;
  return ledgerTime + CALL_DEADLINE_MS + CLOCK_ERROR_MS + LATE_EXECUTION_MS <= mayExecuteUntil;
}

/** An attempt is reconciled when its lease ends. */
export function leased(leaseUntil: number): Pick<OperationRecord, 'leaseUntil' | 'nextCheckAt'> {
  return { leaseUntil, nextCheckAt: new Date(leaseUntil).toISOString() };
}
