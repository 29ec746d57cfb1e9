import type { VerbName } from '../api';
import type { Actor } from './ledger/attribution';
import type { Ledger, OperationRecord, Settlement } from './ledger/ledger';
import type { Telemetry } from './telemetry';
import type { NamespaceClient } from './temporal/namespace-client';

/** What every request for a change has. */
export interface ChangeRequest {
  reason: string;
  /** Absent where the change is about no single workflow. */
  workflowId?: string;
}

/** One call of an operation: what was asked, by whom, and what it works with. */
export interface Call<Request> {
  client: NamespaceClient;
  request: Request;
  operationId: string;
  actor: Actor;
  /** Id of the request in the logs. */
  requestId?: string;
  webUiUrl?: string;
  /** When the caller needs an answer, in milliseconds since the epoch. */
  deadline?: number;
  /** Of a request that may have waited: when it was made, RFC 3339. */
  askedAt?: string;
  /**
   * To be called right before the change is requested.
   * @throws {OperationFailure} when the lease does not cover it any more: another attempt may act
   */
  assertLease?: () => void;
  /**
   * To be called when what precedes the change took a while.
   * @throws {OperationFailure} `operation-in-progress` when another attempt has taken the operation over
   */
  renewLease?: () => Promise<void>;
  /** The worker's task queue. Needed to start a batch operation only. */
  taskQueue?: string;
  /** Absent in a preview. Needed to count what a retry of a batch operation is about only. */
  ledger?: Ledger;
}

/** A change that is planned: the run that it is about to act on, and whatever else the verb found out. */
export interface Plan {
  runId: string;
}

/** An answer, and what the ledger keeps with it. */
export interface OperationResult<Answer> {
  answer: Answer;
  outcome: string;
  /** How it ends is still open: {@link Verb.settle} finds that out. */
  unsettled?: boolean;
}

export interface ExecutionResult<Answer> {
  record: OperationRecord;
  answer: Answer;
  /** The answer is the first one under this key. Nothing was done this time. */
  replayed: boolean;
}

/** What became known after an operation was recorded. */
export interface FollowUp<Answer> {
  /** @param answer as it is recorded by then */
  amend(answer: Answer): Answer;
  settled?: Settlement;
}

export interface OperationDependencies {
  ledger: Ledger;
  /** Called when the result of an operation could not be recorded. The answer is correct all the same. */
  onRecordFailure: (record: OperationRecord, error: unknown) => void;
  telemetry?: Telemetry;
  now?: () => number;
  pause?: (milliseconds: number) => Promise<unknown>;
  /** How long one attempt owns an operation, in milliseconds; `LEASE_MS` of ledger/execute-once.ts when absent. */
  leaseMs?: number;
  /** See {@link Call.taskQueue}. */
  taskQueue?: string;
}

/**
 * Something Rewind does to workflows. operations/index.ts lists them. Whatever asks for a change (HTTP, an event, a batch)
 * calls `executeOperation` with one of these; reconciliation looks up and settles what has no known end.
 */
export interface Verb<Request extends ChangeRequest, Answer extends object, P extends Plan = Plan> {
  readonly name: WorkflowVerbName;
  /** The workflow id that the ledger lists its operations under, for a verb whose request names no workflow. */
  readonly listedUnder?: string;
  /** Whether making the change twice does no more than making it once. */
  readonly repeatable: boolean;

  /** What the ledger keeps of the request, where that may be too large for a record. The request when absent. */
  recordedRequest?(request: Request): object;

  /**
   * Reads what there is to do. Changes nothing: it runs beside the ledger's first write.
   * @param targetRunId the run that an earlier attempt at this operation was about to act on
   * @returns `noop` when there is nothing to do
   */
  plan(call: Call<Request>, targetRunId?: string): Promise<{ noop: OperationResult<Answer> } | P>;

  /**
   * Makes the change.
   * @throws when the server has not acknowledged the change. Once it has, a failure to read the details throws nothing
   */
  execute(call: Call<Request>, plan: P, dependencies: OperationDependencies): Promise<OperationResult<Answer>>;

  /**
   * What an earlier attempt at this operation did, by Temporal's history.
   * @param runId the run that it was about to act on
   * @returns nothing when it did nothing
   */
  lookupOutcome(call: Call<Request>, runId: string, since: Date): Promise<OperationResult<Answer> | undefined>;

  /** What a `dryRun` answers. Changes nothing, in Temporal or in the ledger. */
  preview?(call: Call<Request>): Promise<object>;

  /**
   * What becomes known after the operation is recorded: that the workflow closed, how far a new run got. Each is added to
   * the record and the answer. A repetition comes here, too.
   */
  followUp?(
    dependencies: OperationDependencies,
    call: Call<Request>,
    executed: ExecutionResult<Answer>,
  ): AsyncIterable<FollowUp<Answer>>;

  /** Finds out how a completed operation ended that was recorded as `unsettled`, and records that or when to look again. */
  settle?(dependencies: OperationDependencies, client: NamespaceClient, record: OperationRecord): Promise<void>;
}

/** Verbs that change workflows. A redrive changes the ledger and is complete with its record: nothing of it is looked up. */
export type WorkflowVerbName = Exclude<VerbName, 'redrive'>;

/** Any verb: for code that handles all of them alike. */
export type AnyVerb = Verb<ChangeRequest, object>;
