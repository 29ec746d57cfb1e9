import Long from 'long';
import type { temporal } from '@temporalio/proto';
import type { Connection } from './connection';
import { temporalFailure } from './errors';

export type WorkflowDescription = temporal.api.workflowservice.v1.DescribeWorkflowExecutionResponse;
export type HistoryEvent = temporal.api.history.v1.HistoryEvent;

/** A workflow, and one run of it where `runId` is given; the current run otherwise. */
export interface WorkflowExecution {
  workflowId: string;
  runId?: string;
}

/** One page of a history. `nextPageToken` is absent on the last one. */
export interface HistoryPage {
  events: HistoryEvent[];
  nextPageToken?: Uint8Array;
}

/** Who asks, and why, as Temporal's history is to keep it. */
export interface Attribution {
  reason: string;
  identity: string;
  /** Must be the same when the same request is sent again. At most 1,000 characters. */
  requestId: string;
}

/**
 * Longest wait for one call, in milliseconds. The gateway gives a whole request 29 s (`functionTimeout` in
 * lib/constructs/rewind-function.ts); an operation makes a handful of calls.
 */
const CALL_DEADLINE_MS = 8_000;

/**
 * The calls of Temporal's workflow service that Rewind makes, on one namespace. Each is the raw call with a deadline;
 * errors arrive as `OperationFailure`s. The SDK's high-level client is no use here: its `cancel` takes no reason, and
 * it turns every NotFound into one error.
 */
export class NamespaceClient {
  constructor(
    readonly namespace: string,
    private readonly connection: Connection,
  ) {}

  describe(execution: WorkflowExecution): Promise<WorkflowDescription> {
    return this.call((service) =>
      service.describeWorkflowExecution({ namespace: this.namespace, execution: protoExecution(execution) }),
    );
  }

  async requestCancel(
    execution: WorkflowExecution,
    { reason, identity, requestId }: Attribution,
    firstExecutionRunId?: string,
  ): Promise<void> {
    await this.call((service) =>
      service.requestCancelWorkflowExecution({
        namespace: this.namespace,
        workflowExecution: protoExecution(execution),
        reason,
        identity,
        requestId,
        ...(firstExecutionRunId !== undefined && { firstExecutionRunId }),
      }),
    );
  }

  async terminate(
    execution: WorkflowExecution,
    { reason, identity }: Attribution,
    firstExecutionRunId?: string,
  ): Promise<void> {
    await this.call((service) =>
      service.terminateWorkflowExecution({
        namespace: this.namespace,
        workflowExecution: protoExecution(execution),
        reason,
        identity,
        ...(firstExecutionRunId !== undefined && { firstExecutionRunId }),
      }),
    );
  }

  /** @returns the run id of the new run */
  async reset(
    execution: Required<WorkflowExecution>,
    workflowTaskFinishEventId: number,
    { reason, identity, requestId }: Attribution,
  ): Promise<string> {
    const { runId } = await this.call((service) =>
      service.resetWorkflowExecution({
        namespace: this.namespace,
        workflowExecution: protoExecution(execution),
        workflowTaskFinishEventId: Long.fromNumber(workflowTaskFinishEventId),
        reason,
        identity,
        requestId,
      }),
    );
    return runId;
  }

  /**
   * A page of the history, newest event first.
   * @param maximumPageSize counts stored batches, not events: 10 gave 23–47 events
   */
  async historyReverse(
    execution: Required<WorkflowExecution>,
    maximumPageSize: number,
    pageToken?: Uint8Array,
  ): Promise<HistoryPage> {
    const { history, nextPageToken } = await this.call((service) =>
      service.getWorkflowExecutionHistoryReverse({
        namespace: this.namespace,
        execution: protoExecution(execution),
        maximumPageSize,
        ...(pageToken && { nextPageToken: pageToken }),
      }),
    );
    return {
      events: (history?.events ?? []) as HistoryEvent[],
      ...(nextPageToken && nextPageToken.length > 0 && { nextPageToken }),
    };
  }

  private async call<T>(send: (service: Connection['workflowService']) => Promise<T>): Promise<T> {
    try {
      return await this.connection.withDeadline(Date.now() + CALL_DEADLINE_MS, () =>
        send(this.connection.workflowService),
      );
    } catch (error) {
      throw temporalFailure(error, this.namespace);
    }
  }
}

function protoExecution({ workflowId, runId }: WorkflowExecution) {
  return { workflowId, ...(runId !== undefined && { runId }) };
}
