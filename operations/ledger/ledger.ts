import type { VerbName } from '../../api';
import type { Stuck } from '../../api/stuck';
import type { Actor } from './attribution';
import type { BatchRecord } from '../batch/batch';
import type { FailureDetails, FailureKind } from '../../api/failures';

/**
 * - `started`: written before acting. While its lease runs somebody is at it; after that it is not known what was done.
 * - `completed`: it acted, or found that there was nothing to do. Final.
 * - `refused`: nothing was done, and asking again would change nothing. Final.
 * - `failed`: nothing was done; the next request under the same key tries again.
 * - `unknown`: Temporal was asked and did not answer. The next request under the same key finds out first.
 */
export type OperationState = 'started' | 'completed' | 'refused' | 'failed' | 'unknown';

/** One operation, as the ledger keeps it. Times are RFC 3339. */
export interface OperationRecord {
  operationId: string;
  namespace: string;
  workflowId: string;
  verb: VerbName;
  actor: Actor;
  reason: string;
  /** Of the request that asked for it first: the one to look for in the logs. A batch operation's items have the batch's. */
  requestId?: string;
  /** The request as it was checked, without its namespace. */
  request: object;
  /** Tells a repetition from another request under the same key, see operations/ledger/execute-once.ts. */
  fingerprint: string;
  state: OperationState;
  requestedAt: string;
  /** Counts those who took the operation on: 1, and one more each time a lease ended without an answer. */
  attempt: number;
  /** Whose attempt it is: a random id, so that nobody takes another's record for their own. */
  owner: string;
  /** Until when the one who took it on may act, in milliseconds since the epoch, by the ledger's clock. */
  leaseUntil: number;
  /** The run it acts on. Written before acting, so without it nothing can have been done. */
  runId?: string;
  completedAt?: string;
  /** The answer's `outcome`; the kind of failure when there is none. */
  outcome?: string;
  /** The first answer, for repetitions. */
  answer?: object;
  failure?: RecordedFailure;
  /**
   * When to look next at what is not known yet, RFC 3339: whether an operation that has not ended was done, or how a
   * workflow took its cancellation. Absent once everything is known.
   */
  nextCheckAt?: string;
  /** Requested cancellations: what kept the workflow from hearing or acting on it when it was looked at last. */
  stuck?: Stuck['kind'][];
  /** How the workflow ended after a cancellation was requested. */
  settled?: Settlement;
  /** The batch operation that this one is an item of. */
  batchOperationId?: string;
  /** With the verb `batch`: how far it is. */
  batch?: BatchRecord;
}

export interface RecordedFailure {
  kind: FailureKind;
  message: string;
  details: FailureDetails;
}

export interface Settlement {
  /** The status the run closed in. */
  status: string;
  closeTime?: string;
}

/** What is to be counted of an operation of which not everything is known yet. */
export type UnsettledOperation = Pick<OperationRecord, 'namespace' | 'stuck'> & { nextCheckAt: string };

export interface OperationPage {
  /** Newest first. */
  operations: OperationRecord[];
  nextPageToken?: string;
}

/** What ends an attempt at an operation. */
export type AttemptResult = Pick<OperationRecord, 'state' | 'outcome'> &
  Partial<Pick<OperationRecord, 'completedAt' | 'answer' | 'failure' | 'leaseUntil' | 'nextCheckAt'>>;

/**
 * Keeps every operation, from before it acts. Its conditional write is what makes an operation happen once: whoever
 * `begin`s it first owns it until the lease ends.
 *
 * Every method throws an `OperationFailure` `ledger-unavailable` when the store does not answer.
 */
export interface Ledger {
  /**
   * How far the ledger's clock is ahead of this machine's, in milliseconds, as far as its answers have shown: 0 before
   * the first one. Leases are by the ledger's clock: it is the one that all machines see.
   */
  readonly clockOffsetMs: number;
  /** @returns nothing when the record was written, or the record that is there already under this id */
  createIfAbsent(record: OperationRecord): Promise<OperationRecord | undefined>;
  /**
   * Takes on an operation whose lease has ended.
   * @returns the record as it is ours now, or nothing when somebody else was faster
   */
  takeOver(record: OperationRecord, owner: string, leaseUntil: number): Promise<OperationRecord | undefined>;
  /** Notes the run that is about to be acted on, and the lease. @returns whether the operation is still ours */
  recordTargetRun(record: OperationRecord, runId: string, leaseUntil: number): Promise<boolean>;
  /** Ends the attempt. Does nothing when somebody else has taken the operation over. */
  complete(record: OperationRecord, ending: AttemptResult): Promise<void>;
  /** Notes what became known after the operation was completed, or when to look again. */
  update(
    record: OperationRecord,
    known: Pick<OperationRecord, 'answer' | 'settled' | 'stuck' | 'nextCheckAt'>,
  ): Promise<void>;
  find(operationId: string): Promise<OperationRecord | undefined>;
  /** The operations on a workflow, newest first. */
  list(namespace: string, workflowId: string, page: { size: number; token?: string }): Promise<OperationPage>;
  /** The operations that are items of a batch operation, by workflow id. */
  listItems(
    batchOperationId: string,
    page: { size: number; token?: string; states?: readonly OperationState[] },
  ): Promise<OperationPage>;
  /** Notes how far a batch operation is. */
  updateBatch(operationId: string, batch: BatchRecord): Promise<void>;
  /** Operations that are due to be looked at again, the longest overdue first. */
  listDue(now: Date, size: number): Promise<OperationRecord[]>;
  /** Every operation of which not everything is known yet, due or not; of a great many only the first thousands. */
  listUnsettled(): Promise<UnsettledOperation[]>;
}
