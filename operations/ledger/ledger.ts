import type { VerbName } from '../../api';
import type { BatchStuckKind } from '../../api/stuck';
import type { Actor } from './attribution';
import type { NewRunProgress } from '../../api/batch-operation';
import type { BatchRecord } from '../batch/batch';
import type { FailureDetails, FailureKind } from '../../api/failures';

/**
 * - `started`: written before acting. After its lease it is not known whether anything was done.
 * - `completed`: it acted, or found that there was nothing to do. Final.
 * - `refused`: nothing was done, and asking again would change nothing. Final.
 * - `failed`: nothing was done. The next request under the same key tries again.
 * - `unknown`: Temporal did not answer. The next request under the same key looks first whether it was done.
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
  /** Of the request that asked for it first, as the logs have it. The items of a batch operation have the batch's. */
  requestId?: string;
  /** The request as it was checked, without its namespace. */
  request: object;
  /** Distinguishes a repetition from another request under the same key, see operation-id.ts. */
  fingerprint: string;
  state: OperationState;
  requestedAt: string;
  /** Counts the attempts: 1, and one more each time a lease ended without an answer. */
  attempt: number;
  /** Whose attempt it is: a random id. */
  owner: string;
  /** Until when no other attempt takes the operation over, in milliseconds since the epoch by the ledger's clock. */
  leaseUntil: number;
  /** Counts the writes. A write succeeds only if the record is as it was read. */
  version: number;
  /** The run it acts on. Recorded before the change is made: without it, nothing can have been done. */
  runId?: string;
  /** With `runId`: until when Temporal may still execute a request of an attempt so far. As `leaseUntil`. */
  mayExecuteUntil?: number;
  completedAt?: string;
  /** The answer's `outcome`; the kind of failure when there is none. */
  outcome?: string;
  /** For repetitions. */
  answer?: object;
  failure?: RecordedFailure;
  /**
   * When to look next at what is not known yet, RFC 3339: whether an operation that has not ended was done, or how a
   * workflow took its cancellation. Absent once everything is known.
   */
  nextCheckAt?: string;
  /** At the last check: what kept a workflow from acting on a requested cancellation, or a batch operation from proceeding. */
  stuck?: BatchStuckKind[];
  /** How the workflow ended after a cancellation was requested. */
  settled?: Settlement;
  /** The batch operation that this one is an item of. */
  batchOperationId?: string;
  /** With `batchOperationId`: which of its items, counted from 0 in the order of the listing. */
  batchPosition?: number;
  /** With `batchOperationId`: how far the new run of a reset got, once that was followed. */
  progress?: NewRunProgress;
  /** With the verb `batch`: how far it is. */
  batch?: BatchRecord;
  /** With the verb `batch`: when it was asked to stop. It begins no workflow after that. RFC 3339. */
  stopRequestedAt?: string;
  /** With the verb `batch`: since when it is suspended. It begins no workflow while it is. RFC 3339. */
  suspendedAt?: string;
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

/** An operation of which not everything is known yet, as far as metrics need it. */
export type UnsettledOperation = Pick<OperationRecord, 'stuck' | 'batch'> & { nextCheckAt: string };

export interface OperationPage {
  operations: OperationRecord[];
  nextPageToken?: string;
}

export interface PageRequest {
  size: number;
  token?: string;
}

/** Which operations of a namespace are wanted: those that match all that is given. Times are RFC 3339 in UTC. */
export interface OperationSearch {
  workflowId?: string;
  /** An actor's id, or the name in it; see `actorName`. */
  actor?: string;
  verb?: VerbName;
  states?: readonly OperationState[];
  /** The earliest and the latest `requestedAt`, both included. */
  since?: string;
  until?: string;
  batchOperationId?: string;
}

export interface SearchPageRequest extends PageRequest {
  /** Stands for `since` where the search has none: all pages of a list keep that of the first. */
  defaultSince?: string;
  /** A condition that a search cannot express. `name` tells apart the page tokens of different ones. */
  where?: { name: string; test: (record: OperationRecord) => boolean };
}

export type ChangeLease = Pick<OperationRecord, 'leaseUntil'> & { mayExecuteUntil: number };

/** What ends an attempt at an operation. */
export type AttemptResult = Pick<OperationRecord, 'state' | 'outcome'> &
  Partial<
    Pick<
      OperationRecord,
      'runId' | 'mayExecuteUntil' | 'completedAt' | 'answer' | 'failure' | 'leaseUntil' | 'nextCheckAt'
    >
  >;

/** What becomes known after an operation was completed. */
export type OperationUpdate = Partial<
  Pick<OperationRecord, 'outcome' | 'answer' | 'settled' | 'stuck' | 'nextCheckAt' | 'progress'>
>;

/** The operation that holds a lock, and until when it does at most, in milliseconds since the epoch by the ledger's clock. */
export interface LockHolder {
  operationId: string;
  until: number;
}

/**
 * Keeps every operation, from before it acts. Its conditional writes make an operation happen once.
 *
 * A write to an existing record succeeds only while the record's version is the one that was read, and returns the record
 * as it is now; nothing when another write came first. A field that is `undefined` is removed.
 *
 * Every method throws an `OperationFailure` `ledger-unavailable` when the store does not answer.
 */
export interface Ledger {
  /**
   * How far the ledger's clock is ahead of this machine's, in milliseconds, as far as its answers have shown: 0 before
   * the first one. Leases are by the ledger's clock, which is the one that all machines see.
   */
  readonly clockOffsetMs: number;
  /** @returns nothing when the record was written, or the record that exists already under this id */
  createIfAbsent(record: OperationRecord): Promise<OperationRecord | undefined>;
  /** Begins another attempt. */
  takeOver(record: OperationRecord, owner: string, leaseUntil: number): Promise<OperationRecord | undefined>;
  /** Records the run that is about to be changed, and renews the lease. */
  recordTargetRun(record: OperationRecord, runId: string, lease: ChangeLease): Promise<OperationRecord | undefined>;
  /** Ends the attempt. */
  complete(record: OperationRecord, result: AttemptResult): Promise<OperationRecord | undefined>;
  /** Adds what became known after the operation was completed. */
  update(record: OperationRecord, changes: OperationUpdate): Promise<OperationRecord | undefined>;
  /** Sets when to look next. It is no change to the operation: the version stays. Nothing when another write came first. */
  postpone(record: OperationRecord, nextCheckAt: string): Promise<void>;
  find(operationId: string): Promise<OperationRecord | undefined>;
  /** The records of these ids, in any order, without those that there are none of. */
  findAll(operationIds: readonly string[]): Promise<OperationRecord[]>;
  /** The operations of a namespace that match a search, newest first. A page is empty only when it is the last. */
  search(namespace: string, search: OperationSearch, page: SearchPageRequest): Promise<OperationPage>;
  /**
   * Acquires a lock that is free, has expired or is the operation's own.
   * @param now by the ledger's clock
   * @param replaced the holder whose lock is taken although it has not expired, while it is still this one
   * @returns nothing when the lock is acquired, or its holder
   */
  acquireLock(name: string, holder: LockHolder, now: number, replaced?: LockHolder): Promise<LockHolder | undefined>;
  /**
   * Records how far a batch operation is. Does nothing once it has ended by the ledger, or is further: a write that was
   * delayed, or comes from an earlier attempt, changes nothing.
   */
  updateBatch(operationId: string, batch: BatchRecord): Promise<void>;
  /** Records that a batch operation is to begin no further workflow. */
  requestBatchStop(operationId: string): Promise<void>;
  /** Records that a batch operation is to begin no workflow for the time being, or that it may again. */
  setBatchSuspended(operationId: string, suspended: boolean): Promise<void>;
  /** Stores a page of a list of workflows that a batch operation is about, apart from its record. */
  storeListPage(operationId: string, page: number, workflowIds: readonly string[]): Promise<void>;
  /** @returns nothing for a page that is not stored, or not any more */
  findListPage(operationId: string, page: number): Promise<string[] | undefined>;
  /** Operations of a namespace whose `nextCheckAt` has come, the longest overdue first, read as they are taken. */
  due(namespace: string, now: Date): AsyncIterable<OperationRecord>;
  /** Every operation of a namespace of which not everything is known yet, due or not; of very many only ten thousands. */
  listUnsettled(namespace: string): Promise<UnsettledOperation[]>;
}
