import type { VerbName } from '../../api';
import type { BatchStuckKind } from '../../api/stuck';
import type { Actor } from './attribution';
import type { NewRunProgress } from '../../api/batch-operation';
import type { BatchRecord } from '../batch/batch';
import type { PageRequest } from '../page-token';
import type { FailureDetails, FailureKind } from '../../api/failures';

/**
 * - `started`: written before the change. Once the lease has expired, the change may or may not have been made.
 * - `completed`: the change was made, or there was nothing to change. Final.
 * - `refused`: nothing was changed, and a retry would fail likewise. Final.
 * - `failed`: nothing was changed. The next request under the same key tries again.
 * - `unknown`: Temporal did not respond. The next request under the same key first checks whether the change was made.
 */
export type OperationState = 'started' | 'completed' | 'refused' | 'failed' | 'unknown';

/** An operation as the ledger stores it. Times are RFC 3339 unless stated otherwise. */
export interface OperationRecord {
  operationId: string;
  namespace: string;
  workflowId: string;
  verb: VerbName;
  actor: Actor;
  reason: string;
  /** Request ID in the logs, of the first request for this operation. Items of a batch operation have the batch's. */
  requestId?: string;
  /** The validated request, without its namespace. */
  request: object;
  /** Distinguishes a repeated request from a different one under the same key; see operation-id.ts. */
  fingerprint: string;
  state: OperationState;
  requestedAt: string;
  /** Number of the current attempt, from 1. Each takeover after an expired lease adds one. */
  attempt: number;
  /** Random ID of the current attempt. */
  owner: string;
  /** When the current attempt's lease expires, in milliseconds since the epoch by the ledger's clock. */
  leaseUntil: number;
  /** Number of writes to the record, for optimistic locking. */
  version: number;
  /** The target run. Recorded before the change: a record without it means that nothing was changed. */
  runId?: string;
  /** With `runId`: how long Temporal may still execute a request of any attempt so far. Unit and clock as `leaseUntil`. */
  mayExecuteUntil?: number;
  completedAt?: string;
  /** The answer's `outcome`, or the kind of failure when there is no answer. */
  outcome?: string;
  /** Returned to repeated requests. */
  answer?: object;
  failure?: RecordedFailure;
  /**
   * When to reconcile the operation next: whether an interrupted attempt made its change, or how a workflow reacted to its
   * cancellation. Absent once the final result is recorded.
   */
  nextCheckAt?: string;
  /** At the last check: what kept a workflow from acting on a requested cancellation, or a batch operation from proceeding. */
  stuck?: BatchStuckKind[];
  /** How the workflow closed after a cancellation was requested. */
  settled?: Settlement;
  /** The batch operation that this one is an item of. */
  batchOperationId?: string;
  /** When the request was made, for one that has waited in a queue or a batch operation; otherwise that is `requestedAt`. */
  askedAt?: string;
  /** With `batchOperationId`: the item's index in the order of the listing, from 0. */
  batchPosition?: number;
  /** With `batchOperationId`: progress of a reset's new run, if it was followed. */
  progress?: NewRunProgress;
  /** With the verb `batch`: its progress. */
  batch?: BatchRecord;
  /** With the verb `batch`: when a stop was requested. No further items are started after that. */
  stopRequestedAt?: string;
  /** With `stopRequestedAt`: the operation that requested the stop first. Absent in records of releases before it was recorded. */
  stopRequestedBy?: string;
  /** With the verb `batch`: when it was suspended; absent while it is not. No items are started while it is suspended. */
  suspendedAt?: string;
  /** With the verb `batch`: the operations that have suspended or resumed it, so that a repeated one does not do so again. */
  suspensionChanges?: string[];
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

/** The fields that metrics need of an operation without a final result. */
export type UnsettledOperation = Pick<OperationRecord, 'stuck' | 'batch'> & { nextCheckAt: string };

export interface OperationPage {
  operations: OperationRecord[];
  nextPageToken?: string;
}

/** Search criteria for operations of a namespace; a match meets all that are set. Times are RFC 3339 in UTC. */
export interface OperationSearch {
  workflowId?: string;
  /** An actor's ID, or the name in it; see `actorName`. */
  actor?: string;
  verb?: VerbName;
  states?: readonly OperationState[];
  /** Earliest and latest `requestedAt`, both inclusive. */
  since?: string;
  until?: string;
  batchOperationId?: string;
}

export interface SearchPageRequest extends PageRequest {
  /** Used when the search has no `since`. Later pages keep the value of the first page. */
  defaultSince?: string;
  /** An extra filter. Page tokens are bound to its `name`. */
  where?: { name: string; test: (record: OperationRecord) => boolean };
}

export type ChangeLease = Pick<OperationRecord, 'leaseUntil'> & { mayExecuteUntil: number };

/** Fields to write when an attempt ends. */
export type AttemptResult = Pick<OperationRecord, 'state' | 'outcome'> &
  Partial<
    Pick<
      OperationRecord,
      'runId' | 'mayExecuteUntil' | 'completedAt' | 'answer' | 'failure' | 'leaseUntil' | 'nextCheckAt'
    >
  >;

/** Fields that may change after an operation has completed. */
export type OperationUpdate = Partial<
  Pick<OperationRecord, 'outcome' | 'answer' | 'settled' | 'stuck' | 'nextCheckAt' | 'progress'>
>;

/** The operation that holds a lock, and when the lock expires, in milliseconds since the epoch by the ledger's clock. */
export interface LockHolder {
  operationId: string;
  until: number;
}

/**
 * Stores a record of each operation before it changes anything. Conditional writes ensure that an operation runs once.
 *
 * A write to an existing record succeeds only if its version is still the one that was read. It returns the new record, or
 * undefined when another write came first. A field that is set to `undefined` is removed.
 *
 * Every method throws the `OperationFailure` `ledger-unavailable` when the store does not respond.
 */
export interface Ledger {
  /**
   * How far the ledger's clock is ahead of this machine's, in milliseconds, estimated from the ledger's responses; 0 before
   * the first response. Leases use the ledger's clock because all machines share it.
   */
  readonly clockOffsetMs: number;
  /** @returns undefined when the record was written, otherwise the existing record with this ID */
  createIfAbsent(record: OperationRecord): Promise<OperationRecord | undefined>;
  /** Starts another attempt. */
  takeOver(record: OperationRecord, owner: string, leaseUntil: number): Promise<OperationRecord | undefined>;
  /** Records the target run and renews the lease. Called before the change. */
  recordTargetRun(record: OperationRecord, runId: string, lease: ChangeLease): Promise<OperationRecord | undefined>;
  /** Records the result of the attempt. */
  complete(record: OperationRecord, result: AttemptResult): Promise<OperationRecord | undefined>;
  /** Updates a completed operation. */
  update(record: OperationRecord, changes: OperationUpdate): Promise<OperationRecord | undefined>;
  /** Sets `nextCheckAt` without a new version. Does nothing when another write came first. */
  postpone(record: OperationRecord, nextCheckAt: string): Promise<void>;
  find(operationId: string): Promise<OperationRecord | undefined>;
  /** Returns the records with these IDs, in any order. IDs without a record are omitted. */
  findAll(operationIds: readonly string[]): Promise<OperationRecord[]>;
  /** Returns the matching operations of a namespace, newest first. Only the last page can be empty. */
  search(namespace: string, search: OperationSearch, page: SearchPageRequest): Promise<OperationPage>;
  /**
   * Acquires a lock that is free, expired, or held by the same operation.
   * @param now in milliseconds since the epoch by the ledger's clock
   * @param replaced a holder whose unexpired lock may be taken, if it still holds the lock
   * @returns undefined when the lock is acquired, otherwise its holder
   */
  acquireLock(name: string, holder: LockHolder, now: number, replaced?: LockHolder): Promise<LockHolder | undefined>;
  /**
   * Records the progress of a batch operation. Does nothing when the recorded batch has ended or has progressed further, so
   * that delayed writes and writes of earlier attempts have no effect.
   */
  updateBatch(operationId: string, batch: BatchRecord): Promise<void>;
  /**
   * Records that a batch operation must not start further items.
   * @param by the operation that requests it
   */
  requestBatchStop(operationId: string, by: string): Promise<void>;
  /**
   * Records that a batch operation is suspended, or resumed.
   * @param by the operation that requests it. Its second change has no effect: it could undo one that was made in between
   */
  setBatchSuspended(operationId: string, suspended: boolean, by: string): Promise<void>;
  /** Stores a page of a batch operation's list of workflows, separately from its record. */
  storeListPage(operationId: string, page: number, workflowIds: readonly string[]): Promise<void>;
  /** @returns undefined for a page that was never stored, or has expired */
  findListPage(operationId: string, page: number): Promise<string[] | undefined>;
  /** Iterates lazily over a namespace's operations with a `nextCheckAt` up to `now`, the longest overdue first. */
  due(namespace: string, now: Date): AsyncIterable<OperationRecord>;
  /** Returns a namespace's operations without a final result, due or not. Of very many, returns only tens of thousands. */
  listUnsettled(namespace: string): Promise<UnsettledOperation[]>;
}
