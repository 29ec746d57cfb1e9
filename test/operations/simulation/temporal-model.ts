import { Metadata, status as grpcStatus } from '@grpc/grpc-js';
import Long from 'long';
import { workflowStatuses } from '../../../api/enums';
import type { WorkflowStatus } from '../../../api/enums';
import type { Rpc } from '../../../operations/temporal/rpcs';
import type { World } from './world';

/** The attributes of a history event in the model. */
type Attributes = Record<string, object>;
interface Event {
  id: number;
  at: number;
  attributes: Attributes;
}

export interface Run {
  workflowId: string;
  runId: string;
  firstRunId: string;
  startedAt: number;
  status: WorkflowStatus;
  closedAt?: number;
  cancelRequested: boolean;
  events: Event[];
  /** Events that the server buffers while a workflow task runs. */
  held: Attributes[];
  /** When the workflow task that runs now was started. */
  taskStartedAt?: number;
  resetRunId?: string;
}

/** An effect that a request with a tag had. */
export interface Act {
  kind: 'cancel' | 'terminate' | 'reset';
  operationId: string;
  runId: string;
  newRunId?: string;
  sentAt: number;
  at: number;
}

/** How the workflows of a schedule react to requests. */
export interface Behavior {
  /** What a run does some time after a cancellation request. */
  onCancel: 'cancel' | 'complete' | 'continueAsNew' | 'ignore';
  onCancelMs: number;
  /** What closes a run that is not cancelled: its successor, if any, has the same behavior. */
  chain: 'none' | 'continueAsNew' | 'cron' | 'retry';
}

interface Execution {
  workflowId?: string;
  runId?: string;
}
/** The fields of all requests that the model reads. */
export interface ModelRequest {
  execution?: Execution;
  workflowExecution?: Execution;
  firstExecutionRunId?: string;
  reason?: string;
  workflowTaskFinishEventId?: Long;
  maximumPageSize?: number;
  nextPageToken?: Uint8Array;
  query?: string;
}

const LISTED_AFTER_MS = 2_000;

/**
 * Temporal's semantics as far as the verbs depend on them, as observed on servers 1.29.1 and 1.31.2
 * (docs/temporal-semantics.md).
 */
export class TemporalModel {
  readonly runs = new Map<string, Run>();
  readonly acts: Act[] = [];
  /** Whether the history of any run was deleted. */
  deleted = false;
  private readonly current = new Map<string, Run>();
  private readonly byWorkflow = new Map<string, Run[]>();
  private count = 0;

  constructor(
    private readonly world: World,
    private readonly behaviorOf: (workflowId: string) => Behavior,
    private readonly onAct: (act: Act) => void,
    /** Called after a run was described; the description does not contain changes from here on. */
    private readonly onDescribed: (run: Run) => void,
  ) {}

  /** Starts a workflow, if none is open under the id. */
  startWorkflow(workflowId: string): void {
    const current = this.current.get(workflowId);
    if (!current || current.closedAt !== undefined) this.newRun(workflowId);
  }

  currentRun(workflowId: string): Run | undefined {
    return this.current.get(workflowId);
  }

  chain(firstRunId: string): Run[] {
    return [...this.runs.values()].filter((run) => run.firstRunId === firstRunId);
  }

  /** Closes an open run, as user code or Temporal does. */
  close(run: Run, status: WorkflowStatus, { successor = false } = {}): void {
    if (run.closedAt !== undefined) return;
    this.endTask(run);
    const next = successor ? this.newRun(run.workflowId, run.firstRunId) : undefined;
    const field = `workflowExecution${status}EventAttributes`;
    this.record(run, { [field]: next ? { newExecutionRunId: next.runId } : {} });
    run.status = status;
    run.closedAt = this.world.time;
  }

  /** Closes a run that nothing else closes. */
  finish(run: Run): void {
    const { chain } = this.behaviorOf(run.workflowId);
    if (chain === 'continueAsNew') this.close(run, 'ContinuedAsNew', { successor: true });
    else if (chain === 'retry') this.close(run, 'Failed', { successor: true });
    else this.close(run, 'Completed', { successor: chain === 'cron' });
  }

  beginTask(run: Run, ms: number): void {
    if (run.closedAt !== undefined || run.taskStartedAt !== undefined) return;
    run.taskStartedAt = this.world.time;
    this.world.in(ms, () => this.endTask(run));
  }

  /** Removes a run whose retention period has ended or that was deleted. */
  deleteClosed(workflowId: string): void {
    for (const run of this.byWorkflow.get(workflowId) ?? []) {
      if (run.closedAt !== undefined && this.current.get(workflowId) !== run) this.deleteRun(run);
    }
  }

  deleteRun(run: Run): void {
    this.deleted = true;
    this.runs.delete(run.runId);
    const left = (this.byWorkflow.get(run.workflowId) ?? []).filter((other) => other !== run);
    this.byWorkflow.set(run.workflowId, left);
    if (this.current.get(run.workflowId) === run) this.current.delete(run.workflowId);
  }

  /** Executes a request at this moment. Throws the errors of the server. */
  execute(rpc: Rpc, request: ModelRequest, sentAt: number): object {
    switch (rpc) {
      case 'describeWorkflowExecution':
        return this.describe(this.find(request.execution));
      case 'requestCancelWorkflowExecution':
        this.requestCancel(request, sentAt);
        return {};
      case 'terminateWorkflowExecution':
        this.terminate(request, sentAt);
        return {};
      case 'resetWorkflowExecution':
        return { runId: this.reset(request, sentAt) };
      case 'getWorkflowExecutionHistory':
        return page(this.find(request.execution).events, request);
      case 'getWorkflowExecutionHistoryReverse':
        return page(this.find(request.execution).events.toReversed(), request);
      case 'listWorkflowExecutions':
        return { executions: this.listed(request.query ?? '') };
      default:
        throw new Error(`the model does not know ${rpc}`);
    }
  }

  private describe(run: Run): object {
    const description = describe(run);
    this.onDescribed(run);
    return description;
  }

  requestCancel(request: ModelRequest, sentAt = this.world.time): void {
    const run = this.target(request);
    if (run.closedAt !== undefined) return;
    if (request.firstExecutionRunId && run.firstRunId !== request.firstExecutionRunId) throw notFound();
    if (run.cancelRequested) return;
    run.cancelRequested = true;
    const cause = request.reason ?? '';
    this.record(run, { workflowExecutionCancelRequestedEventAttributes: { cause } });
    this.act('cancel', run, cause, sentAt);
    const { onCancel, onCancelMs } = this.behaviorOf(run.workflowId);
    this.world.in(onCancelMs, () => {
      if (onCancel === 'cancel') this.close(run, 'Canceled');
      if (onCancel === 'complete') this.finish(run);
      if (onCancel === 'continueAsNew') this.close(run, 'ContinuedAsNew', { successor: true });
    });
  }

  terminate(request: ModelRequest, sentAt = this.world.time): void {
    const run = this.target(request);
    if (request.firstExecutionRunId && run.firstRunId !== request.firstExecutionRunId) throw notFound();
    if (run.closedAt !== undefined) throw failure(grpcStatus.NOT_FOUND, 'workflow execution already completed');
    this.terminateRun(run, request.reason ?? '');
    this.act('terminate', run, request.reason ?? '', sentAt);
  }

  reset(request: ModelRequest, sentAt = this.world.time): string {
    const base = this.find(request.workflowExecution);
    const eventId = request.workflowTaskFinishEventId?.toNumber() ?? 0;
    const point = base.events.find(({ id }) => id === eventId)?.attributes;
    if (!point || !('workflowTaskCompletedEventAttributes' in point || 'workflowTaskFailedEventAttributes' in point)) {
      throw failure(grpcStatus.INVALID_ARGUMENT, 'Can only reset workflow to event ID in range');
    }
    const reason = request.reason ?? '';
    const current = this.current.get(base.workflowId);
    if (current) this.terminateRun(current, reason);
    const run = this.newRun(
      base.workflowId,
      base.firstRunId,
      base.events.filter(({ id }) => id < eventId),
    );
    this.record(run, {
      workflowTaskFailedEventAttributes: { failure: { message: reason }, startedEventId: Long.fromNumber(3) },
    });
    base.resetRunId = run.runId;
    this.act('reset', base, reason, sentAt, run.runId);
    return run.runId;
  }

  private act(kind: Act['kind'], run: Run, reason: string, sentAt: number, newRunId?: string): void {
    const operationId = /\[rewind (\S+) by/.exec(reason)?.[1];
    if (operationId !== undefined) {
      const act = { kind, operationId, runId: run.runId, newRunId, sentAt, at: this.world.time };
      this.acts.push(act);
      this.onAct(act);
    }
  }

  private terminateRun(run: Run, reason: string): void {
    if (run.closedAt !== undefined) return;
    this.endTask(run);
    this.record(run, { workflowExecutionTerminatedEventAttributes: { reason } });
    run.status = 'Terminated';
    run.closedAt = this.world.time;
  }

  private newRun(workflowId: string, firstRunId?: string, kept?: Event[]): Run {
    this.count += 1;
    const runId = `run-${this.count}`;
    const run: Run = {
      workflowId,
      runId,
      firstRunId: firstRunId ?? runId,
      startedAt: this.world.time,
      status: 'Running',
      cancelRequested: false,
      events: [...(kept ?? [])],
      held: [],
    };
    if (!kept) {
      this.record(run, { workflowExecutionStartedEventAttributes: {} });
      this.record(run, { workflowTaskScheduledEventAttributes: {} });
      this.record(run, { workflowTaskStartedEventAttributes: { identity: 'worker' } });
      this.record(run, { workflowTaskCompletedEventAttributes: {} });
    }
    this.runs.set(runId, run);
    this.current.set(workflowId, run);
    this.byWorkflow.set(workflowId, [...(this.byWorkflow.get(workflowId) ?? []), run]);
    return run;
  }

  private record(run: Run, attributes: Attributes): void {
    if (run.taskStartedAt !== undefined) run.held.push(attributes);
    else run.events.push({ id: run.events.length + 1, at: this.world.time, attributes });
  }

  private endTask(run: Run): void {
    if (run.taskStartedAt === undefined) return;
    run.taskStartedAt = undefined;
    for (const attributes of run.held.splice(0)) this.record(run, attributes);
  }

  /** With the first run of a chain, the server looks at the current run. */
  private target({ workflowExecution = {}, firstExecutionRunId }: ModelRequest): Run {
    const { workflowId, runId } = workflowExecution;
    return this.find(firstExecutionRunId ? { workflowId } : { workflowId, runId });
  }

  private find({ workflowId = '', runId }: Execution = {}): Run {
    const run = runId ? this.runs.get(runId) : this.current.get(workflowId);
    if (!run || run.workflowId !== workflowId) throw failure(grpcStatus.NOT_FOUND, 'workflow not found for ID');
    return run;
  }

  private listed(query: string): object[] {
    const workflowId = /^WorkflowId = "(.*)"$/.exec(query)?.[1] ?? '';
    return (this.byWorkflow.get(workflowId) ?? [])
      .filter(({ startedAt }) => startedAt <= this.world.time - LISTED_AFTER_MS)
      .map(({ runId }) => ({ execution: { workflowId, runId } }));
  }
}

/** An error as gRPC reports it. */
export function failure(code: grpcStatus, details: string): Error {
  return Object.assign(new Error(details), { code, details, metadata: new Metadata() });
}

function notFound(): Error {
  return failure(grpcStatus.NOT_FOUND, 'workflow execution not found');
}

function describe(run: Run): object {
  const { workflowId, runId, firstRunId, status, cancelRequested, resetRunId, taskStartedAt } = run;
  return {
    workflowExecutionInfo: {
      execution: { workflowId, runId },
      firstRunId,
      status: workflowStatuses.indexOf(status),
      startTime: timestamp(run.startedAt),
      closeTime: run.closedAt === undefined ? undefined : timestamp(run.closedAt),
      historyLength: Long.fromNumber(run.events.length),
      historySizeBytes: Long.fromNumber(run.events.length * 100),
    },
    workflowExtendedInfo: { cancelRequested, resetRunId },
    ...(taskStartedAt !== undefined && {
      pendingWorkflowTask: {
        state: 2,
        attempt: 1,
        scheduledTime: timestamp(taskStartedAt),
        startedTime: timestamp(taskStartedAt),
      },
    }),
    pendingActivities: [],
    pendingChildren: [],
    pendingNexusOperations: [],
    executionConfig: { taskQueue: { name: 'queue' } },
  };
}

function page(events: Event[], { maximumPageSize = 20, nextPageToken }: ModelRequest): object {
  const start = nextPageToken ? Number(Buffer.from(nextPageToken).toString()) : 0;
  const end = start + maximumPageSize;
  return {
    history: {
      events: events.slice(start, end).map(({ id, at, attributes }) => ({
        eventId: Long.fromNumber(id),
        eventTime: timestamp(at),
        ...attributes,
      })),
    },
    ...(end < events.length && { nextPageToken: Buffer.from(String(end)) }),
  };
}

function timestamp(ms: number): object {
  return { seconds: Long.fromNumber(Math.floor(ms / 1000)), nanos: (ms % 1000) * 1e6 };
}
