import Long from 'long';
import type { ReapplyType } from '../../api/reset';
import type { ReusePolicy } from '../../api/restart';
import type { OneTimeOverride, VersioningOverride } from '../../api/versioning-override';
import type { temporal } from '@temporalio/proto';
import { OperationFailure } from '../../api/failures';
import { batchOperationState } from './enums';
import type { BatchOperationState } from './enums';
import { temporalFailure, TemporalRejection } from './errors';
import { toNumber } from './to-number';
import type { CallOptions, Calls } from './managed-connection';
import type { Requests, Responses, Rpc } from './rpcs';
import { incomparable, quoted } from './visibility-text';

export type WorkflowDescription = temporal.api.workflowservice.v1.DescribeWorkflowExecutionResponse;
export type HistoryEvent = temporal.api.history.v1.HistoryEvent;

/** A workflow, and one run of it where `runId` is given; the current run otherwise. */
export interface WorkflowExecution {
  workflowId: string;
  runId?: string;
}

/** One page of a listing. `nextPageToken` is absent on the last one. */
export interface WorkflowInfoPage {
  workflows: temporal.api.workflow.v1.IWorkflowExecutionInfo[];
  nextPageToken?: Uint8Array;
}

/** A task queue has two queues, for workflow tasks and for activities. */
export type TaskQueueKind = 'workflow' | 'activity';

/** One page of a history. `nextPageToken` is absent on the last one. */
export interface HistoryPage {
  events: HistoryEvent[];
  nextPageToken?: Uint8Array;
}

/** Pending activities of a run: one by its id, or all of a type. */
export type ActivitySelector = { id: string } | { type: string };

/** How an activity is reset. */
export interface ActivityResetOptions {
  keepPaused?: boolean;
  resetHeartbeat?: boolean;
}

/** Who asks and why, as Temporal's history records it. */
export interface Attribution {
  reason: string;
  identity: string;
  /** Temporal's `request_id`: the same for each repetition of a request. At most 1,000 characters. */
  temporalRequestId: string;
}

/** A job of Temporal's own batch engine. */
export interface BatchJob {
  /** Identifies the job in the namespace: the id cannot be used again while the job is retained. */
  jobId: string;
  /** A visibility query, or executions: the latest run where the run id is absent. */
  of: { query: string } | { executions: WorkflowExecution[] };
  action: 'cancel' | 'terminate' | ({ reset: BatchResetPoint } & ResetOptions);
}

/** The reset points that Temporal's batch engine can find in a history. */
export type BatchResetPoint = 'firstWorkflowTask' | 'lastWorkflowTask' | { buildId: string };

/** The progress of a job of Temporal's own batch engine. */
export interface BatchJobDescription {
  /** `Failed` also when it was stopped. */
  state: BatchOperationState;
  /** Runs that it covers, as estimated by the server. All counts are 0 once the job was stopped or has failed. */
  total: number;
  /** Runs that it processed or found gone. Counted when a page of 1,000 is done (1.29.1, 1.31.2). */
  succeeded: number;
  failed: number;
}

/** How the new run of a reset differs from the server's default. */
export interface ResetOptions {
  excludeReapply?: readonly ReapplyType[];
  versioningOverride?: VersioningOverride | OneTimeOverride;
}

/**
 * Longest wait for one call, in milliseconds. API Gateway's timeout for a whole request is 29 s (`functionTimeout` in
 * lib/constructs/rewind-function.ts), and an operation makes several calls.
 */
export const CALL_DEADLINE_MS = 8_000;

/** A call that fails this close to its deadline has reached it, in milliseconds. */
const DEADLINE_SLACK_MS = 250;

/** How much of visibility is read for the runs of a workflow whose id no query finds. */
const COMPARED_PAGE_SIZE = 1_000;
const MAX_PAGES_COMPARED = 10;

/** Values of `temporal.api.enums.v1`; enums.ts says why they are not imported. */
const HISTORY_EVENT_FILTER_TYPE_CLOSE_EVENT = 2 as temporal.api.enums.v1.HistoryEventFilterType;
const WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING = 2 as temporal.api.enums.v1.WorkflowIdConflictPolicy;
const WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE = 3 as temporal.api.enums.v1.WorkflowIdReusePolicy;
const workflowIdReusePolicy = { allowDuplicate: 1, allowDuplicateFailedOnly: 2 } as Record<
  ReusePolicy,
  temporal.api.enums.v1.WorkflowIdReusePolicy
>;
const WORKFLOW_ID_CONFLICT_POLICY_FAIL = 1 as temporal.api.enums.v1.WorkflowIdConflictPolicy;
const WORKFLOW_EXECUTION_STARTED = 1 as temporal.api.enums.v1.EventType;
const taskQueueType = { workflow: 1, activity: 2 } as Record<TaskQueueKind, temporal.api.enums.v1.TaskQueueType>;
const PINNED_OVERRIDE_BEHAVIOR_PINNED = 1 as temporal.api.workflow.v1.VersioningOverride.PinnedOverrideBehavior;
const resetReapplyExcludeType = { signals: 1, updates: 2, nexus: 3 } as Record<
  ReapplyType,
  temporal.api.enums.v1.ResetReapplyExcludeType
>;

/**
 * The calls of Temporal's workflow service that Rewind makes, on one namespace. Each is a raw call with a deadline.
 * Not the SDK's high-level client: its `cancel` takes no reason, and it wraps every NotFound in one error.
 *
 * All methods throw an `OperationFailure`, or a `TemporalRejection` where only the operation can explain the error.
 */
export class NamespaceClient {
  constructor(
    readonly namespace: string,
    private readonly calls: Calls,
    /** When the caller needs a response, in milliseconds since the epoch. */
    private readonly callerDeadline = Infinity,
  ) {}

  /** What is pending is in the order of its beginning: the server lists it in another one each time (1.29.1, 1.32.2). */
  async describe(execution: WorkflowExecution): Promise<WorkflowDescription> {
    const description = await this.call('describeWorkflowExecution', { namespace: this.namespace, execution });
    const { pendingActivities, pendingChildren, pendingNexusOperations } = description;
    return Object.assign(description, {
      pendingActivities: pendingActivities.toSorted(byActivityId),
      pendingChildren: pendingChildren.toSorted(by(({ initiatedId }) => initiatedId)),
      pendingNexusOperations: pendingNexusOperations.toSorted(by(({ scheduledEventId }) => scheduledEventId)),
    });
  }

  /** Does nothing to a run that is closed, or that was asked before (observed on 1.29.1 and 1.31.2). */
  async requestCancel(
    execution: Required<WorkflowExecution>,
    { reason, identity, temporalRequestId }: Attribution,
  ): Promise<void> {
    await this.change('requestCancelWorkflowExecution', {
      namespace: this.namespace,
      workflowExecution: execution,
      reason,
      identity,
      requestId: temporalRequestId,
    });
  }

  /** @throws {TemporalRejection} `notFound` for a run that is closed */
  async terminate(execution: Required<WorkflowExecution>, { reason, identity }: Attribution): Promise<void> {
    await this.change('terminateWorkflowExecution', {
      namespace: this.namespace,
      workflowExecution: execution,
      reason,
      identity,
    });
  }

  /** @returns the run id of the new run */
  async reset(
    execution: Required<WorkflowExecution>,
    workflowTaskFinishEventId: number,
    { reason, identity, temporalRequestId }: Attribution,
    { excludeReapply = [], versioningOverride }: ResetOptions = {},
  ): Promise<string> {
    const { runId } = await this.change('resetWorkflowExecution', {
      namespace: this.namespace,
      workflowExecution: execution,
      workflowTaskFinishEventId: Long.fromNumber(workflowTaskFinishEventId),
      reason,
      identity,
      requestId: temporalRequestId,
      resetReapplyExcludeTypes: excludeReapply.map((kind) => resetReapplyExcludeType[kind]),
      postResetOperations: versioningOverride && [overrideVersioning(versioningOverride)],
    });
    return runId;
  }

  /** Whether the server can pause workflows of the namespace: from 1.30 on, and off by default. */
  async canPauseWorkflows(): Promise<boolean> {
    const { namespaceInfo } = await this.call('describeNamespace', { namespace: this.namespace });
    return namespaceInfo?.capabilities?.workflowPause ?? false;
  }

  /**
   * @throws {TemporalRejection} `refused` for a run that is paused by another request, `notFound` for a closed one,
   *   `unimplemented` where {@link canPauseWorkflows} is false (1.29.1, 1.32.2)
   */
  async pauseWorkflow(
    { workflowId, runId }: Required<WorkflowExecution>,
    { reason, identity, temporalRequestId: requestId }: Attribution,
  ): Promise<void> {
    const { namespace } = this;
    await this.change('pauseWorkflowExecution', { namespace, workflowId, runId, reason, identity, requestId });
  }

  /** @throws {TemporalRejection} `refused` for a run that is not paused; otherwise as {@link pauseWorkflow} */
  async unpauseWorkflow(
    { workflowId, runId }: Required<WorkflowExecution>,
    { reason, identity, temporalRequestId: requestId }: Attribution,
  ): Promise<void> {
    const { namespace } = this;
    await this.change('unpauseWorkflowExecution', { namespace, workflowId, runId, reason, identity, requestId });
  }

  /**
   * Keeps further attempts of pending activities from beginning. Does nothing to one that is paused (1.29.1).
   * @throws {TemporalRejection} `notFound` when none is pending, or the run is closed; of this and the next two
   */
  async pauseActivity(
    { workflowId, runId }: Required<WorkflowExecution>,
    activity: ActivitySelector,
    { reason, identity, temporalRequestId }: Attribution,
  ): Promise<void> {
    const execution = { workflowId, runId };
    const { namespace } = this;
    await this.change('pauseActivity', {
      namespace,
      execution,
      ...activity,
      reason,
      identity,
      requestId: temporalRequestId,
    });
  }

  /** The server takes no reason for it. */
  async unpauseActivity(
    { workflowId, runId }: Required<WorkflowExecution>,
    activity: ActivitySelector,
    { identity }: Attribution,
  ): Promise<void> {
    const { namespace } = this;
    await this.change('unpauseActivity', { namespace, execution: { workflowId, runId }, ...activity, identity });
  }

  /** Makes the next attempt due now, and the first again. The server takes no reason for it. */
  async resetActivity(
    { workflowId, runId }: Required<WorkflowExecution>,
    activity: ActivitySelector,
    { keepPaused, resetHeartbeat }: ActivityResetOptions,
    { identity }: Attribution,
  ): Promise<void> {
    const { namespace } = this;
    await this.change('resetActivity', {
      namespace,
      execution: { workflowId, runId },
      ...activity,
      keepPaused,
      resetHeartbeat,
      identity,
    });
  }

  /**
   * Sends a signal. The same request id reaches one run once (1.29.1).
   * @param signal its input is its only argument, sent as JSON
   * @throws {TemporalRejection} `notFound` when the run, or every run without a run id, is closed
   */
  async signal(
    workflowExecution: WorkflowExecution,
    { signalName, input }: { signalName: string; input?: unknown },
    { identity, temporalRequestId: requestId }: Pick<Attribution, 'identity' | 'temporalRequestId'>,
  ): Promise<void> {
    await this.change('signalWorkflowExecution', {
      namespace: this.namespace,
      workflowExecution,
      signalName,
      input: input === undefined ? undefined : { payloads: [jsonPayload(input)] },
      identity,
      requestId,
    });
  }

  /**
   * A page of the history, oldest event first.
   * @param maximumPageSize counts stored batches, not events; the server takes 256 at most
   */
  async history(
    execution: Required<WorkflowExecution>,
    maximumPageSize: number,
    pageToken?: Uint8Array,
  ): Promise<HistoryPage> {
    const page = await this.call('getWorkflowExecutionHistory', {
      namespace: this.namespace,
      execution,
      maximumPageSize,
      skipArchival: true,
      nextPageToken: pageToken,
    });
    return historyPage(page);
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
    const page = await this.call('getWorkflowExecutionHistoryReverse', {
      namespace: this.namespace,
      execution,
      maximumPageSize,
      nextPageToken: pageToken,
    });
    return historyPage(page);
  }

  /**
   * How many runs match a visibility query.
   * @throws {TemporalRejection} `invalid` for a query that the server does not understand
   */
  async countWorkflows(query: string): Promise<number> {
    return (await this.countWorkflowGroups(query)).count;
  }

  /**
   * How many runs match a visibility query, and how many of them are in each group of a query with `GROUP BY`.
   * @throws {TemporalRejection} as `countWorkflows`
   */
  async countWorkflowGroups(
    query: string,
  ): Promise<{ count: number; groups?: { values: unknown[]; count: number }[] }> {
    const { count, groups } = await this.call('countWorkflowExecutions', { namespace: this.namespace, query });
    if (groups.length === 0) return { count: toNumber(count) };
    return {
      count: toNumber(count),
      groups: groups.map((group) => ({
        values: (group.groupValues ?? []).map(searchAttributeValue),
        count: toNumber(group.count),
      })),
    };
  }

  /** A page of the runs that match a visibility query, with what visibility has of them. */
  async listWorkflowInfos(query: string, pageSize: number, pageToken?: Uint8Array): Promise<WorkflowInfoPage> {
    const { executions, nextPageToken } = await this.call('listWorkflowExecutions', {
      namespace: this.namespace,
      query,
      pageSize,
      nextPageToken: pageToken,
    });
    return { workflows: executions, nextPageToken: presentToken(nextPageToken) };
  }

  /** A page of the runs that match a visibility query. */
  async listWorkflows(
    query: string,
    pageSize: number,
    pageToken?: Uint8Array,
  ): Promise<{ executions: Required<WorkflowExecution>[]; nextPageToken?: Uint8Array }> {
    const { workflows, nextPageToken: next } = await this.listWorkflowInfos(query, pageSize, pageToken);
    return {
      executions: workflows.map(({ execution }) => ({
        workflowId: execution?.workflowId ?? '',
        runId: execution?.runId ?? '',
      })),
      nextPageToken: next,
    };
  }

  /**
   * Starts a workflow, or returns the open one with this id. Does not start another after it has closed.
   * @param input its only argument, sent as JSON
   * @returns its run id
   */
  async startWorkflow({
    workflowId,
    type,
    taskQueue,
    input,
    identity,
  }: {
    workflowId: string;
    type: string;
    taskQueue: string;
    input: object;
    identity: string;
  }): Promise<string> {
    const { runId } = await this.change('startWorkflowExecution', {
      namespace: this.namespace,
      workflowId,
      requestId: workflowId,
      workflowType: { name: type },
      taskQueue: { name: taskQueue },
      input: { payloads: [jsonPayload(input)] },
      identity,
      workflowIdConflictPolicy: WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
      workflowIdReusePolicy: WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
    });
    return runId;
  }

  /**
   * Starts a workflow as a run of it was started. Payloads are passed on as they are. Repeated with the same request id, it
   * returns the same run while that one is the workflow's current run, open or closed (1.29.1).
   * @param started the run's first event
   * @returns the run id of the new run
   * @throws {TemporalRejection} `alreadyExists` while a run is open, or where the reuse policy forbids another
   */
  async startAgain(
    { workflowId, runId }: Required<WorkflowExecution>,
    { workflowExecutionStartedEventAttributes, userMetadata }: HistoryEvent,
    start: { identity: string; temporalRequestId: string; workflowIdReusePolicy: ReusePolicy },
  ): Promise<string> {
    const { namespace } = this;
    const started = workflowExecutionStartedEventAttributes ?? {};
    const eventRef = { eventId: Long.fromNumber(1), eventType: WORKFLOW_EXECUTION_STARTED };
    const { runId: newRunId } = await this.change('startWorkflowExecution', {
      namespace,
      workflowId,
      requestId: start.temporalRequestId,
      identity: start.identity,
      workflowIdReusePolicy: workflowIdReusePolicy[start.workflowIdReusePolicy],
      workflowIdConflictPolicy: WORKFLOW_ID_CONFLICT_POLICY_FAIL,
      links: [{ workflowEvent: { namespace, workflowId, runId, eventRef } }],
      workflowType: started.workflowType,
      taskQueue: { name: started.taskQueue?.name },
      input: started.input,
      workflowExecutionTimeout: started.workflowExecutionTimeout,
      workflowRunTimeout: started.workflowRunTimeout,
      workflowTaskTimeout: started.workflowTaskTimeout,
      retryPolicy: started.retryPolicy,
      cronSchedule: started.cronSchedule,
      memo: started.memo,
      searchAttributes: startersAttributes(started.searchAttributes),
      header: started.header,
      priority: started.priority,
      versioningOverride: started.versioningOverride,
      userMetadata,
    });
    return newRunId;
  }

  /** Adds no event when the run has this override (1.29.1). The server takes no reason for it, and keeps no identity. */
  async updateVersioningOverride(
    { workflowId, runId }: Required<WorkflowExecution>,
    override: VersioningOverride | 'none',
    identity: string,
  ): Promise<void> {
    await this.change('updateWorkflowExecutionOptions', {
      namespace: this.namespace,
      workflowExecution: { workflowId, runId },
      ...optionsWith(override),
      identity,
    });
  }

  /**
   * Waits for the run's close event in one long poll, which the server ends after about 20 s.
   * @param deadline milliseconds since the epoch
   * @returns whether the run has closed
   */
  async awaitCloseEvent(execution: Required<WorkflowExecution>, deadline: number): Promise<boolean> {
    try {
      const { history } = await this.call(
        'getWorkflowExecutionHistory',
        {
          namespace: this.namespace,
          execution,
          waitNewEvent: true,
          historyEventFilterType: HISTORY_EVENT_FILTER_TYPE_CLOSE_EVENT,
          skipArchival: true,
        },
        { deadline, kind: 'longPoll' },
      );
      return (history?.events?.length ?? 0) > 0;
    } catch (error) {
      // Near the deadline the server can end the call before the client does, as CANCELLED (seen on 1.29.1).
      if (error instanceof OperationFailure && Date.now() >= deadline - DEADLINE_SLACK_MS) return false;
      throw error;
    }
  }

  /**
   * The build ids of a worker deployment that get new work.
   * @throws {TemporalRejection} `notFound`
   */
  async deploymentRouting(deploymentName: string): Promise<{ current?: string; ramping?: string }> {
    const { workerDeploymentInfo } = await this.call('describeWorkerDeployment', {
      namespace: this.namespace,
      deploymentName,
    });
    const { currentDeploymentVersion, rampingDeploymentVersion } = workerDeploymentInfo?.routingConfig ?? {};
    const current = currentDeploymentVersion?.buildId;
    const ramping = rampingDeploymentVersion?.buildId;
    return { ...(current && { current }), ...(ramping && { ramping }) };
  }

  /** A task queue, with those who poll it: the server keeps pollers for some minutes. */
  describeTaskQueue(
    taskQueue: string,
    kind: TaskQueueKind,
  ): Promise<temporal.api.workflowservice.v1.DescribeTaskQueueResponse> {
    return this.call('describeTaskQueue', {
      namespace: this.namespace,
      taskQueue: { name: taskQueue },
      taskQueueType: taskQueueType[kind],
    });
  }

  /**
   * Run ids of a workflow from visibility, in no particular order: a new run can be missing for a second or two.
   * @param most maximum number of runs
   */
  async listRunIds(workflowId: string, most: number): Promise<string[]> {
    if (!incomparable.test(workflowId)) {
      const { executions } = await this.listWorkflows(`WorkflowId = ${quoted(workflowId)}`, most);
      return executions.map(({ runId }) => runId);
    }
    // No query finds it: what it begins with is in the query, and the whole is compared here.
    const [beginning = ''] = /^[^'"\\\p{Cc}\p{Cs}]*/u.exec(workflowId) ?? [];
    const query = beginning === '' ? '' : `WorkflowId STARTS_WITH ${quoted(beginning)}`;
    const runIds: string[] = [];
    let token: Uint8Array | undefined;
    for (let page = 0; page < MAX_PAGES_COMPARED && runIds.length < most; page += 1) {
      const { executions, nextPageToken } = await this.listWorkflows(query, COMPARED_PAGE_SIZE, token);
      runIds.push(...executions.flatMap((run) => (run.workflowId === workflowId ? [run.runId] : [])));
      if (!nextPageToken) break;
      token = nextPageToken;
    }
    return runIds.slice(0, most);
  }

  /**
   * Starts a job of Temporal's own batch engine. Does nothing when there is a job with this id. The server checks its
   * limit first: while a job runs, it throttles a repetition of that job, too.
   *
   * @throws {OperationFailure} `throttled` while a job runs in the namespace
   */
  async startBatchOperation({ jobId, of, action }: BatchJob, { reason, identity }: Attribution): Promise<void> {
    try {
      await this.change('startBatchOperation', {
        namespace: this.namespace,
        jobId,
        reason,
        ...('query' in of ? { visibilityQuery: of.query } : { executions: of.executions }),
        ...batchAction(action, identity),
      });
    } catch (error) {
      if (!(error instanceof TemporalRejection && error.alreadyExists)) throw error;
    }
  }

  /** @returns undefined for a job that was never started, or whose retention has ended */
  async describeBatchOperation(jobId: string): Promise<BatchJobDescription | undefined> {
    try {
      const job = await this.call('describeBatchOperation', { namespace: this.namespace, jobId });
      return {
        state: batchOperationState(job.state),
        total: toNumber(job.totalOperationCount),
        succeeded: toNumber(job.completeOperationCount),
        failed: toNumber(job.failureOperationCount),
      };
    } catch (error) {
      if (error instanceof TemporalRejection && error.notFound) return undefined;
      throw error;
    }
  }

  /**
   * Stops a job of Temporal's own batch engine: the server terminates its workflow, whose id is the job's.
   * @throws {TemporalRejection} `notFound` for a job that has ended or does not exist
   */
  async stopBatchOperation(jobId: string, { reason, identity }: Attribution): Promise<void> {
    await this.change('stopBatchOperation', { namespace: this.namespace, jobId, reason, identity });
  }

  /** A call that changes something. Not sent when too little time is left to receive its result. */
  private async change<R extends Rpc>(rpc: R, request: Requests[R]): Promise<Responses[R]> {
    if (this.callerDeadline - Date.now() < CALL_DEADLINE_MS) throw noTimeToAct();
    return this.call(rpc, request, { kind: 'change' });
  }

  private async call<R extends Rpc>(
    rpc: R,
    request: Requests[R],
    { kind = 'read', deadline = Date.now() + CALL_DEADLINE_MS }: Partial<CallOptions> = {},
  ): Promise<Responses[R]> {
    try {
      return await this.calls.call(rpc, request, { kind, deadline: Math.min(deadline, this.callerDeadline) });
    } catch (error) {
      throw temporalFailure(error, this.namespace);
    }
  }
}

/** SDKs count activities: a longer number is a later one. */
function byActivityId(
  { activityId: one }: temporal.api.workflow.v1.IPendingActivityInfo,
  { activityId: other }: temporal.api.workflow.v1.IPendingActivityInfo,
): number {
  const [a, b] = [one ?? '', other ?? ''];
  return a.length - b.length || (a < b ? -1 : 1);
}

const by =
  <T>(eventId: (pending: T) => Long | null | undefined) =>
  (one: T, other: T): number =>
    toNumber(eventId(one)) - toNumber(eventId(other));

function jsonPayload(value: unknown): temporal.api.common.v1.IPayload {
  return { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from(JSON.stringify(value)) };
}

/**
 * Search attributes that the server or an SDK keeps about one run while it proceeds, such as its builds. The server takes
 * some of them at a start, and refuses others (1.29.1, 1.32.2). Those of a schedule and of a division come from the start.
 */
const aboutOneRun = /^(BuildIds|BinaryChecksums|Temporal(?!Schedule|NamespaceDivision).*)$/;

/** The search attributes that a run was started with, without those that are about that run. */
function startersAttributes(
  given: temporal.api.common.v1.ISearchAttributes | null | undefined,
): temporal.api.common.v1.ISearchAttributes {
  const fields = Object.entries(given?.indexedFields ?? {}).filter(([name]) => !aboutOneRun.test(name));
  return { indexedFields: Object.fromEntries(fields) };
}

function noTimeToAct(): OperationFailure {
  return new OperationFailure(
    'temporal-timeout',
    'Temporal or the operation ledger took so long that no time was left to act. Nothing was done; try again.',
    { retryAfterSeconds: 1, nothingDone: true },
  );
}

function batchAction(action: BatchJob['action'], identity: string) {
  if (action === 'cancel') return { cancellationOperation: { identity } };
  if (action === 'terminate') return { terminationOperation: { identity } };
  const { reset } = action;
  const { excludeReapply = [], versioningOverride } = action;
  const options = {
    ...(typeof reset === 'string' ? { [reset]: {} } : reset),
    resetReapplyExcludeTypes: excludeReapply.map((kind) => resetReapplyExcludeType[kind]),
  };
  return {
    resetOperation: {
      identity,
      options,
      postResetOperations: versioningOverride && [overrideVersioning(versioningOverride)],
    },
  };
}

/** The value of a search attribute, which the server sends as JSON. */
function searchAttributeValue({ data }: temporal.api.common.v1.IPayload): unknown {
  return JSON.parse(Buffer.from(data ?? []).toString() || 'null');
}

function historyPage({
  history,
  nextPageToken,
}: Pick<
  temporal.api.workflowservice.v1.GetWorkflowExecutionHistoryResponse,
  'history' | 'nextPageToken'
>): HistoryPage {
  return {
    events: (history?.events ?? []) as HistoryEvent[],
    nextPageToken: presentToken(nextPageToken),
  };
}

/** protobuf has an empty token where there is none. */
function presentToken(token: Uint8Array | null | undefined): Uint8Array | undefined {
  return token && token.length > 0 ? token : undefined;
}

function serversOverride(override: VersioningOverride | OneTimeOverride): temporal.api.workflow.v1.IVersioningOverride {
  if (override === 'autoUpgrade') return { autoUpgrade: true };
  if ('oneTime' in override) return { oneTime: { targetDeploymentVersion: override.oneTime } };
  return { pinned: { behavior: PINNED_OVERRIDE_BEHAVIOR_PINNED, version: override.pinned } };
}

function overrideVersioning(
  override: VersioningOverride | OneTimeOverride,
): temporal.api.workflow.v1.IPostResetOperation {
  return { updateWorkflowOptions: optionsWith(override) };
}

function optionsWith(override: VersioningOverride | OneTimeOverride | 'none') {
  const versioningOverride = override === 'none' ? {} : { versioningOverride: serversOverride(override) };
  return { workflowExecutionOptions: versioningOverride, updateMask: { paths: ['versioning_override'] } };
}
