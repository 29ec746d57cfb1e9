import { CALL_DEADLINE_MS } from '../temporal/namespace-client';
import type { OperationRecord } from './ledger';

/*
 * All values are in milliseconds, by the ledger's clock. docs/faults.md lists the guarantees and their conditions.
 */

/**
 * Lease of an attempt until it records its target run. Exceeds the functions' timeout (`functionTimeout` in
 * lib/constructs/rewind-function.ts, 29 s). Correctness does not depend on it, because an attempt that lost the operation
 * cannot record a target run; it determines only when a duplicate request can take over.
 */
export const LEASE_MS = 35_000;

/** How long after its deadline Temporal may still execute a request. */
export const LATE_EXECUTION_MS = 60_000;

/** Maximum difference between two machines' estimates of the ledger's clock. The `Date` header has a resolution of 1 s. */
const CLOCK_ERROR_MS = 5_000;

/** Time from recording the target run to the end of the change: two calls to Temporal, one read and the change. */
const CHANGE_MS = 2 * CALL_DEADLINE_MS + CLOCK_ERROR_MS;

/** Returns the lease for an attempt that is about to make the change. */
export function changeLease(ledgerTime: number): { leaseUntil: number; mayExecuteUntil: number } {
  const leaseUntil = ledgerTime + CHANGE_MS;
  return { leaseUntil, mayExecuteUntil: leaseUntil + LATE_EXECUTION_MS };
}

/** Whether a request sent now ends before `mayExecuteUntil`, late execution included. */
export function coversChange(mayExecuteUntil: number | undefined, ledgerTime: number): boolean {
  if (mayExecuteUntil === undefined) return false;
  return ledgerTime + CALL_DEADLINE_MS + CLOCK_ERROR_MS + LATE_EXECUTION_MS <= mayExecuteUntil;
}

/** Fields of a record for a lease: the attempt is reconciled when its lease expires. */
export function leased(leaseUntil: number): Pick<OperationRecord, 'leaseUntil' | 'nextCheckAt'> {
  return { leaseUntil, nextCheckAt: new Date(leaseUntil).toISOString() };
}
