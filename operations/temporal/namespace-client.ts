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

/** A run of a workflow: the one with `runId`, or the current run without it. */
export interface WorkflowExecution {
  workflowId: string;
  runId?: string;
}

/** A page of a list. `nextPageToken` is absent on the last page. */
export interface WorkflowInfoPage {
  workflows: temporal.api.workflow.v1.IWorkflowExecutionInfo[];
  nextPageToken?: Uint8Array;
}

/** A task queue has separate queues for workflow tasks and activity tasks. */
export type TaskQueueKind = 'workflow' | 'activity';

/** A page of a history. `nextPageToken` is absent on the last page. */
export interface HistoryPage {
  events: HistoryEvent[];
  nextPageToken?: Uint8Array;
}

/** Selects pending activities of a run: one by its ID, or all of a type. */
export type ActivitySelector = { id: string } | { type: string };

export interface ActivityResetOptions {
  keepPaused?: boolean;
  resetHeartbeat?: boolean;
}

/** The requester and the reason of a change, for Temporal's history. */
export interface Attribution {
  reason: string;
  identity: string;
  /** Temporal's `request_id`: the same for each retry of a request. At most 1,000 characters. */
  temporalRequestId: string;
}

/** A job of Temporal's own batch engine. */
export interface BatchJob {
  /** Unique in the namespace while the job is retained. */
  jobId: string;
  /** A visibility query, or executions. An execution without a run ID means its latest run. */
  of: { query: string } | { executions: WorkflowExecution[] };
  action: 'cancel' | 'terminate' | ({ reset: BatchResetPoint } & ResetOptions);
}

/** The reset points that Temporal's batch engine supports. */
export type BatchResetPoint = 'firstWorkflowTask' | 'lastWorkflowTask' | { buildId: string };

/** The progress of a job of Temporal's own batch engine. */
export interface BatchJobDescription {
  /** A stopped job is `Failed`, too. */
  state: BatchOperationState;
  /** The server's estimate of the runs to process. All counts are 0 once the job was stopped or has failed. */
  total: number;
  /** Runs that were processed, or no longer existed. Updated after each page of 1,000 (1.29.1, 1.31.2). */
  succeeded: number;
  failed: number;
}

/** Options for the new run of a reset. */
export interface ResetOptions {
  excludeReapply?: readonly ReapplyType[];
  versioningOverride?: VersioningOverride | OneTimeOverride;
}

/**
 * Timeout of a single call, in milliseconds. An operation makes several calls within API Gateway's timeout of 29 s
 * (`functionTimeout` in lib/constructs/rewind-function.ts).
 */
export const CALL_DEADLINE_MS = 8_000;

/** A call that fails this close to its deadline counts as timed out, in milliseconds. */
const DEADLINE_SLACK_MS = 250;

/** Limits for listing the runs of a workflow whose ID no visibility query matches. */
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
 * Makes Rewind's calls to Temporal's workflow service for a namespace, each as a raw RPC with a deadline. The SDK's high-level
 * client does not suffice: its `cancel` takes no reason, and it wraps every NotFound in the same error.
 *
 * All methods throw an `OperationFailure`, or a `TemporalRejection` for an error that the operation has to translate.
 */
export class NamespaceClient {
  constructor(
    readonly namespace: string,
    private readonly calls: Calls,
    /** Time by which the caller needs a response, in milliseconds since the epoch. */
    private readonly callerDeadline = Infinity,
  ) {}

  /** Sorts pending items in the order in which they were started. The server's order varies between calls (1.29.1, 1.32.2). */
  async describe(execution: WorkflowExecution): Promise<WorkflowDescription> {
    const description = await this.call('describeWorkflowExecution', { execution });
    const { pendingActivities, pendingChildren, pendingNexusOperations } = description;
    return Object.assign(description, {
      pendingActivities: pendingActivities.toSorted(byActivityId),
      pendingChildren: pendingChildren.toSorted(byEventId(({ initiatedId }) => initiatedId)),
      pendingNexusOperations: pendingNexusOperations.toSorted(byEventId(({ scheduledEventId }) => scheduledEventId)),
    });
  }

  /** Has no effect on a closed or already cancel-requested run, and does not throw (observed on 1.29.1 and 1.31.2). */
  async requestCancel(workflowExecution: Required<WorkflowExecution>, by: Attribution): Promise<void> {
    await this.change('requestCancelWorkflowExecution', { workflowExecution, ...attributed(by) });
  }

  /** @throws {TemporalRejection} `notFound` for a closed run */
  async terminate(workflowExecution: Required<WorkflowExecution>, { reason, identity }: Attribution): Promise<void> {
    await this.change('terminateWorkflowExecution', { workflowExecution, reason, identity });
  }

  /** @returns the run ID of the new run */
  async reset(
    execution: Required<WorkflowExecution>,
    workflowTaskFinishEventId: number,
    by: Attribution,
    { excludeReapply = [], versioningOverride }: ResetOptions = {},
  ): Promise<string> {
    const { runId } = await this.change('resetWorkflowExecution', {
      workflowExecution: execution,
      workflowTaskFinishEventId: Long.fromNumber(workflowTaskFinishEventId),
      ...attributed(by),
      resetReapplyExcludeTypes: excludeReapply.map((kind) => resetReapplyExcludeType[kind]),
      postResetOperations: versioningOverride && [overrideVersioning(versioningOverride)],
    });
    return runId;
  }

  /** Whether the server can pause workflows of the namespace: supported since 1.30, and disabled by default. */
  async canPauseWorkflows(): Promise<boolean> {
    const { namespaceInfo } = await this.call('describeNamespace', {});
    return namespaceInfo?.capabilities?.workflowPause ?? false;
  }

  /**
   * @throws {TemporalRejection} `refused` for a run that another request paused, `notFound` for a closed run,
   *   `unimplemented` where {@link canPauseWorkflows} returns false (1.29.1, 1.32.2)
   */
  async pauseWorkflow({ workflowId, runId }: Required<WorkflowExecution>, by: Attribution): Promise<void> {
    await this.change('pauseWorkflowExecution', { workflowId, runId, ...attributed(by) });
  }

  /** @throws {TemporalRejection} `refused` for a run that is not paused; otherwise as {@link pauseWorkflow} */
  async unpauseWorkflow({ workflowId, runId }: Required<WorkflowExecution>, by: Attribution): Promise<void> {
    await this.change('unpauseWorkflowExecution', { workflowId, runId, ...attributed(by) });
  }

  /**
   * Prevents further attempts of pending activities. Has no effect on paused activities (1.29.1).
   * @throws {TemporalRejection} `notFound` when no activity matches, or the run is closed
   */
  async pauseActivity(
    { workflowId, runId }: Required<WorkflowExecution>,
    activity: ActivitySelector,
    by: Attribution,
  ): Promise<void> {
    await this.change('pauseActivity', { execution: { workflowId, runId }, ...activity, ...attributed(by) });
  }

  /**
   * The RPC has no field for a reason.
   * @throws {TemporalRejection} as {@link pauseActivity}
   */
  async unpauseActivity(
    { workflowId, runId }: Required<WorkflowExecution>,
    activity: ActivitySelector,
    { identity }: Attribution,
  ): Promise<void> {
    await this.change('unpauseActivity', { execution: { workflowId, runId }, ...activity, identity });
  }

  /**
   * Makes the next attempt due now, and counts attempts from 1 again. The RPC has no field for a reason.
   * @throws {TemporalRejection} as {@link pauseActivity}
   */
  async resetActivity(
    { workflowId, runId }: Required<WorkflowExecution>,
    activity: ActivitySelector,
    { keepPaused, resetHeartbeat }: ActivityResetOptions,
    { identity }: Attribution,
  ): Promise<void> {
    const execution = { workflowId, runId };
    await this.change('resetActivity', { execution, ...activity, keepPaused, resetHeartbeat, identity });
  }

  /**
   * Sends a signal. A run receives only one signal per request ID (1.29.1).
   * @param signal `input` is the signal's only argument, sent as JSON
   * @throws {TemporalRejection} `notFound` when the run is closed; without a run ID, when the workflow has no open run
   */
  async signal(
    workflowExecution: WorkflowExecution,
    { signalName, input }: { signalName: string; input?: unknown },
    { identity, temporalRequestId: requestId }: Pick<Attribution, 'identity' | 'temporalRequestId'>,
  ): Promise<void> {
    await this.change('signalWorkflowExecution', {
      workflowExecution,
      signalName,
      input: input === undefined ? undefined : { payloads: [jsonPayload(input)] },
      identity,
      requestId,
    });
  }

  /**
   * Reads a page of the history, oldest event first.
   * @param maximumPageSize counts stored event batches, not events; the server's limit is 256
   */
  async history(
    execution: Required<WorkflowExecution>,
    maximumPageSize: number,
    nextPageToken?: Uint8Array,
  ): Promise<HistoryPage> {
    const request = { execution, maximumPageSize, skipArchival: true, nextPageToken };
    return historyPage(await this.call('getWorkflowExecutionHistory', request));
  }

  /**
   * Reads a page of the history, newest event first.
   * @param maximumPageSize counts stored event batches, not events: 10 batches had 23–47 events
   */
  async historyReverse(
    execution: Required<WorkflowExecution>,
    maximumPageSize: number,
    nextPageToken?: Uint8Array,
  ): Promise<HistoryPage> {
    const request = { execution, maximumPageSize, nextPageToken };
    return historyPage(await this.call('getWorkflowExecutionHistoryReverse', request));
  }

  /**
   * Counts the runs that match a visibility query.
   * @throws {TemporalRejection} `invalid` for an invalid query
   */
  async countWorkflows(query: string): Promise<number> {
    return (await this.countWorkflowGroups(query)).count;
  }

  /**
   * Counts the runs that match a visibility query; with `GROUP BY`, also per group.
   * @throws {TemporalRejection} as `countWorkflows`
   */
  async countWorkflowGroups(
    query: string,
  ): Promise<{ count: number; groups?: { values: unknown[]; count: number }[] }> {
    const { count, groups } = await this.call('countWorkflowExecutions', { query });
    if (groups.length === 0) return { count: toNumber(count) };
    return {
      count: toNumber(count),
      groups: groups.map((group) => ({
        values: (group.groupValues ?? []).map(searchAttributeValue),
        count: toNumber(group.count),
      })),
    };
  }

  /** Lists a page of the runs that match a visibility query, with their visibility records. */
  async listWorkflowInfos(query: string, pageSize: number, pageToken?: Uint8Array): Promise<WorkflowInfoPage> {
    const request = { query, pageSize, nextPageToken: pageToken };
    const { executions, nextPageToken } = await this.call('listWorkflowExecutions', request);
    return { workflows: executions, nextPageToken: presentToken(nextPageToken) };
  }

  /** Lists a page of the runs that match a visibility query. */
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
   * Starts a workflow, or returns the open run with this ID. Does not start another run after the workflow has closed.
   * @param input the workflow's only argument, sent as JSON
   * @returns the run ID
   */
  async startWorkflow(
    workflowId: string,
    { type, taskQueue, input, identity }: { type: string; taskQueue: string; input: object; identity: string },
  ): Promise<string> {
    const { runId } = await this.change('startWorkflowExecution', {
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
   * Starts a workflow again with the input and options of one of its runs. Payloads are copied without decoding. A retry with
   * the same request ID returns the same run, as long as that is the workflow's current run, open or closed (1.29.1).
   * @param started the run's first event
   * @returns the run ID of the new run
   * @throws {TemporalRejection} `alreadyExists` while a run is open, or when the reuse policy forbids another run
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
      searchAttributes: startSearchAttributes(started.searchAttributes),
      header: started.header,
      priority: started.priority,
      versioningOverride: started.versioningOverride,
      userMetadata,
    });
    return newRunId;
  }

  /** Writes no event when the run already has the override (1.29.1). The RPC has no reason, and the event no identity. */
  async updateVersioningOverride(
    { workflowId, runId }: Required<WorkflowExecution>,
    override: VersioningOverride | 'none',
    identity: string,
  ): Promise<void> {
    await this.change('updateWorkflowExecutionOptions', {
      workflowExecution: { workflowId, runId },
      ...optionsWith(override),
      identity,
    });
  }

  /**
   * Waits for the run's close event in a single long poll, which the server ends after about 20 s.
   * @param deadline milliseconds since the epoch
   * @returns whether the server returned an event: the close event, or the newest event of a paused run (1.32.2)
   */
  async awaitCloseEvent(execution: Required<WorkflowExecution>, deadline: number): Promise<boolean> {
    try {
      const { history } = await this.call(
        'getWorkflowExecutionHistory',
        {
          execution,
          waitNewEvent: true,
          historyEventFilterType: HISTORY_EVENT_FILTER_TYPE_CLOSE_EVENT,
          skipArchival: true,
        },
        { deadline, kind: 'longPoll' },
      );
      return (history?.events?.length ?? 0) > 0;
    } catch (error) {
      // Near the deadline, the server can end the call before the client does, with CANCELLED (observed on 1.29.1).
      if (error instanceof OperationFailure && Date.now() >= deadline - DEADLINE_SLACK_MS) return false;
      throw error;
    }
  }

  /**
   * Returns the build IDs of a worker deployment's current and ramping versions.
   * @throws {TemporalRejection} `notFound` for an unknown deployment
   */
  async deploymentRouting(deploymentName: string): Promise<{ current?: string; ramping?: string }> {
    const { workerDeploymentInfo } = await this.call('describeWorkerDeployment', { deploymentName });
    const { currentDeploymentVersion, rampingDeploymentVersion } = workerDeploymentInfo?.routingConfig ?? {};
    return {
      current: currentDeploymentVersion?.buildId || undefined,
      ramping: rampingDeploymentVersion?.buildId || undefined,
    };
  }

  /** Returns the task queues that workers of a deployment version have polled. None for a version that is unknown or was deleted. */
  async taskQueuesOf(
    deploymentVersion: { deploymentName: string; buildId: string },
    kind: TaskQueueKind,
  ): Promise<string[]> {
    try {
      const { versionTaskQueues } = await this.call('describeWorkerDeploymentVersion', { deploymentVersion });
      return versionTaskQueues.flatMap(({ name, type }) => (name && type === taskQueueType[kind] ? [name] : []));
    } catch (error) {
      if (error instanceof TemporalRejection && error.notFound) return [];
      throw error;
    }
  }

  /** Describes a task queue and its pollers. The server lists a poller for some minutes after its last poll. */
  describeTaskQueue(
    taskQueue: string,
    kind: TaskQueueKind,
  ): Promise<temporal.api.workflowservice.v1.DescribeTaskQueueResponse> {
    return this.call('describeTaskQueue', {
      taskQueue: { name: taskQueue },
      taskQueueType: taskQueueType[kind],
    });
  }

  /**
   * Lists run IDs of a workflow, in no particular order. Visibility is eventually consistent: a run that has just started can
   * be missing for a second or two.
   * @param limit maximum number of runs
   */
  async listRunIds(workflowId: string, limit: number): Promise<string[]> {
    if (!incomparable.test(workflowId)) {
      const { executions } = await this.listWorkflows(`WorkflowId = ${quoted(workflowId)}`, limit);
      return executions.map(({ runId }) => runId);
    }
    // No query matches this ID: query by a prefix that the server can compare with, and compare the whole ID here.
    const [prefix = ''] = /^[^'"\\\p{Cc}\p{Cs}]*/u.exec(workflowId) ?? [];
    const query = prefix === '' ? '' : `WorkflowId STARTS_WITH ${quoted(prefix)}`;
    const runIds: string[] = [];
    let token: Uint8Array | undefined;
    for (let page = 0; page < MAX_PAGES_COMPARED && runIds.length < limit; page += 1) {
      const { executions, nextPageToken } = await this.listWorkflows(query, COMPARED_PAGE_SIZE, token);
      runIds.push(...executions.flatMap((run) => (run.workflowId === workflowId ? [run.runId] : [])));
      if (!nextPageToken) break;
      token = nextPageToken;
    }
    return runIds.slice(0, limit);
  }

  /**
   * Starts a job of Temporal's own batch engine. Does nothing when a job with this ID exists. While any job runs in the
   * namespace, the server throttles the call, even with the ID of that job.
   *
   * @throws {OperationFailure} `throttled` while a job runs in the namespace
   */
  async startBatchOperation({ jobId, of, action }: BatchJob, { reason, identity }: Attribution): Promise<void> {
    try {
      await this.change('startBatchOperation', {
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
      const job = await this.call('describeBatchOperation', { jobId });
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
   * Stops a job of Temporal's own batch engine. The server terminates the job's workflow, whose ID is the job ID.
   * @throws {TemporalRejection} `notFound` for a job that has ended or does not exist
   */
  async stopBatchOperation(jobId: string, { reason, identity }: Attribution): Promise<void> {
    await this.change('stopBatchOperation', { jobId, reason, identity });
  }

  /** Makes a call that changes something. Does not send it when too little time is left to receive the result. */
  private async change<R extends Rpc>(rpc: R, request: Omit<Requests[R], 'namespace'>): Promise<Responses[R]> {
    if (this.callerDeadline - Date.now() < CALL_DEADLINE_MS) throw noTimeToAct();
    return this.call(rpc, request, { kind: 'change' });
  }

  private async call<R extends Rpc>(
    rpc: R,
    request: Omit<Requests[R], 'namespace'>,
    { kind = 'read', deadline = Date.now() + CALL_DEADLINE_MS }: Partial<CallOptions> = {},
  ): Promise<Responses[R]> {
    const { namespace } = this;
    try {
      return await this.calls.call(
        rpc,
        { ...request, namespace },
        { kind, deadline: Math.min(deadline, this.callerDeadline) },
      );
    } catch (error) {
      throw temporalFailure(error, namespace);
    }
  }
}

/** Returns an attribution with the names of the fields of requests. */
const attributed = ({ reason, identity, temporalRequestId: requestId }: Attribution) => ({
  reason,
  identity,
  requestId,
});

/** Sorts numeric activity IDs, as assigned by SDKs, in numeric order. */
function byActivityId(
  { activityId: one }: temporal.api.workflow.v1.IPendingActivityInfo,
  { activityId: other }: temporal.api.workflow.v1.IPendingActivityInfo,
): number {
  const [a, b] = [one ?? '', other ?? ''];
  return a.length - b.length || (a < b ? -1 : 1);
}

const byEventId =
  <T>(eventId: (pending: T) => Long | null | undefined) =>
  (one: T, other: T): number =>
    toNumber(eventId(one)) - toNumber(eventId(other));

function jsonPayload(value: unknown): temporal.api.common.v1.IPayload {
  return { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from(JSON.stringify(value)) };
}

/**
 * Search attributes that the server or an SDK maintains for a run, such as its build IDs. The server accepts some of them when
 * a workflow is started, and rejects others (1.29.1, 1.32.2). Those of schedules and namespace divisions are set at the start.
 */
const runSpecificAttribute = /^(BuildIds|BinaryChecksums|Temporal(?!Schedule|NamespaceDivision).*)$/;

/** Returns the search attributes that a run was started with, without the run-specific ones. */
function startSearchAttributes(
  given: temporal.api.common.v1.ISearchAttributes | null | undefined,
): temporal.api.common.v1.ISearchAttributes {
  const fields = Object.entries(given?.indexedFields ?? {}).filter(([name]) => !runSpecificAttribute.test(name));
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

/** Decodes the value of a search attribute, which the server sends as JSON. */
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

/** Maps protobuf's empty token to undefined. */
function presentToken(token: Uint8Array | null | undefined): Uint8Array | undefined {
  return token && token.length > 0 ? token : undefined;
}

function toProtoOverride(override: VersioningOverride | OneTimeOverride): temporal.api.workflow.v1.IVersioningOverride {
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
  const versioningOverride = override === 'none' ? {} : { versioningOverride: toProtoOverride(override) };
  return { workflowExecutionOptions: versioningOverride, updateMask: { paths: ['versioning_override'] } };
}
