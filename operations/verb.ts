import type { VerbName } from '../api';
import type { Actor } from './ledger/attribution';
import type { Ledger, OperationRecord, Settlement } from './ledger/ledger';
import type { Telemetry } from './telemetry';
import type { DescribedExecution } from './temporal/executions';
import type { NamespaceClient } from './temporal/namespace-client';

/** Fields that every change request has. */
export interface ChangeRequest {
  reason: string;
  /** Absent where the change does not target a single workflow. */
  workflowId?: string;
}

/** One call of an operation: the request, the actor and the dependencies. */
export interface Call<Request> {
  client: NamespaceClient;
  request: Request;
  operationId: string;
  actor: Actor;
  /** Id of the request in the logs. */
  requestId?: string;
  webUiUrl?: string;
  /** Time by which the caller needs an answer, in milliseconds since the epoch. */
  deadline?: number;
  /** Time of the original request, RFC 3339. Set for requests that may have waited in a queue or in a batch operation. */
  askedAt?: string;
  /**
   * Checks the lease. Call it immediately before the change is sent.
   * @throws {OperationFailure} when the lease no longer covers the change, so that another attempt may act
   */
  assertLease?: () => void;
  /**
   * Renews the lease. Call it after lengthy preparation for the change.
   * @throws {OperationFailure} `operation-in-progress` when another attempt has taken the operation over
   */
  renewLease?: () => Promise<void>;
  /** The worker's task queue. Used only to start a batch operation. */
  taskQueue?: string;
  /** Absent in a preview. Used only to count the workflows that a retry of a batch operation covers. */
  ledger?: Ledger;
}

/** A planned change: the run to change, and what else the verb needs to execute it. */
export interface Plan {
  runId: string;
}

/** A plan for verbs that need only the described run. */
export interface RunPlan extends Plan {
  run: DescribedExecution;
}

/** The answer to the caller, and what the ledger stores with it. */
export interface OperationResult<Answer> {
  answer: Answer;
  outcome: string;
  /** The final result is not known yet: {@link Verb.settle} determines it later. */
  unsettled?: boolean;
}

export interface ExecutionResult<Answer> {
  record: OperationRecord;
  answer: Answer;
  /** The answer was recorded by an earlier request under the same key. This request changed nothing. */
  replayed: boolean;
}

/** An addition to the answer that becomes known after the operation is recorded. */
export interface FollowUp<Answer> {
  /** @param answer the answer as currently recorded */
  amend(answer: Answer): Answer;
  settled?: Settlement;
}

export interface OperationDependencies {
  ledger: Ledger;
  /** Called when the result of an operation could not be recorded. The answer is correct nevertheless. */
  onRecordFailure: (record: OperationRecord, error: unknown) => void;
  telemetry?: Telemetry;
  now?: () => number;
  pause?: (milliseconds: number) => Promise<unknown>;
  /** Duration of an attempt's lease on an operation, in milliseconds. Default: `LEASE_MS` of ledger/lease.ts. */
  leaseMs?: number;
  /** See {@link Call.taskQueue}. */
  taskQueue?: string;
}

/**
 * A kind of change to workflows; operations/index.ts lists them all. HTTP requests, events and batch operations call
 * `executeOperation` with a verb. Reconciliation calls `lookupOutcome` and `settle` for operations without a final result.
 */
export interface Verb<Request extends ChangeRequest, Answer extends object, P extends Plan = Plan> {
  readonly name: WorkflowVerbName;
  /** For a verb whose request names no workflow: the workflow ID under which the ledger lists its operations. */
  readonly listedUnder?: string;
  /** Whether the change is idempotent in Temporal: making it twice has the same effect as making it once. */
  readonly repeatable: boolean;

  /** Returns the part of the request to record, for a verb whose request can exceed a record. Default: the whole request. */
  recordedRequest?(request: Request): object;

  /**
   * Determines the change to make. Must not change anything: it runs concurrently with the ledger's first write.
   * @param targetRunId the run that an earlier attempt at this operation recorded as its target
   * @returns `noop` when there is nothing to change
   */
  plan(call: Call<Request>, targetRunId?: string): Promise<{ noop: OperationResult<Answer> } | P>;

  /**
   * Makes the change.
   * @throws only while the server has not acknowledged the change. A failed read after that does not throw
   */
  execute(call: Call<Request>, plan: P, dependencies: OperationDependencies): Promise<OperationResult<Answer>>;

  /**
   * Searches Temporal's history for the change of an earlier attempt at this operation.
   * @param runId the run that the earlier attempt recorded as its target
   * @returns undefined when the history shows no change by this operation
   */
  lookupOutcome(call: Call<Request>, runId: string, since: Date): Promise<OperationResult<Answer> | undefined>;

  /** Returns the answer to a `dryRun`. Changes nothing, in Temporal or in the ledger. */
  preview?(call: Call<Request>): Promise<object>;

  /**
   * Yields what becomes known after the operation is recorded, such as the workflow's closing or the progress of a new run.
   * `executeOperation` adds each to the record and the answer. Also called for a repeated request.
   */
  followUp?(
    dependencies: OperationDependencies,
    call: Call<Request>,
    executed: ExecutionResult<Answer>,
  ): AsyncIterable<FollowUp<Answer>>;

  /** Checks a completed operation that was recorded as `unsettled`. Records its final result, or the time of the next check. */
  settle?(dependencies: OperationDependencies, client: NamespaceClient, record: OperationRecord): Promise<void>;
}

/** Verbs that change workflows. A redrive changes only the ledger, so it needs no lookup in Temporal. */
export type WorkflowVerbName = Exclude<VerbName, 'redrive'>;

/** A verb with its type parameters erased, for code that treats all verbs alike. */
export type AnyVerb = Verb<ChangeRequest, object>;
