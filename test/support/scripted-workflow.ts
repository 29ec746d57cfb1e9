import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection, isGrpcDeadlineError } from '@temporalio/client';
import type { ConnectionOptions } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import Long from 'long';
import { callsOver } from './calls-over';
import { NamespaceClient } from '../../operations/temporal/namespace-client';
import { eventually } from './eventually';
import { namespace, onNewerServer, temporalAddressVariable } from './server-address';

export { namespace };

export type Command = temporal.api.command.v1.ICommand;
type DeploymentVersion = { deploymentName: string; buildId: string };

/** A connection to the integration tests' server; the caller closes it. */
export function connectToTestServer(channelArgs?: ConnectionOptions['channelArgs']): Connection {
  return Connection.lazy({ address: process.env[temporalAddressVariable] ?? '127.0.0.1:7233', channelArgs });
}

/** A connection that is closed after the tests of the file or `describe`. */
export function testConnection(): Connection {
  const connection = connectToTestServer();
  afterAll(() => connection.close());
  return connection;
}

/**
 * Polls a task queue as a worker of a version until the server has registered it. Newer servers refuse to pin a workflow to
 * another version; the development server accepts any, so that nothing is necessary there.
 */
export async function registerVersion(
  connection: Connection,
  taskQueue: string,
  deploymentVersion: DeploymentVersion,
  where = namespace,
): Promise<void> {
  if (!onNewerServer) return;
  const { workflowService } = connection;
  const poll = {
    namespace: where,
    taskQueue: { name: taskQueue },
    deploymentOptions: { ...deploymentVersion, workerVersioningMode: VERSIONED },
  };
  const isRegistered = async () => {
    const described = await workflowService
      .describeWorkerDeploymentVersion({ namespace: where, deploymentVersion })
      .catch(() => undefined);
    return described?.versionTaskQueues.some(({ name }) => name === taskQueue);
  };
  const untilTask = async () => {
    for (let hasTask = false; !hasTask;) {
      const polled = () => workflowService.pollWorkflowTaskQueue(poll);
      const task = await connection.withDeadline(Date.now() + 8_000, polled).catch(() => sleep(100));
      hasTask = task !== undefined && task.taskToken.length > 0;
    }
  };
  const polling = untilTask();
  await eventually(isRegistered, `version ${deploymentVersion.buildId} on ${taskQueue}`);
  // The server could still match a canceled poll, and that task would be lost until it times out: the poll ends with a task.
  const workflowExecution = { workflowId: `registers-${randomUUID()}` };
  await workflowService.startWorkflowExecution({
    namespace: where,
    ...workflowExecution,
    requestId: randomUUID(),
    workflowType: { name: 'scripted' },
    taskQueue: { name: taskQueue },
    versioningOverride: { pinned: { behavior: PINNED_OVERRIDE, version: deploymentVersion } },
  });
  await polling;
  await workflowService.terminateWorkflowExecution({ namespace: where, workflowExecution });
}

/**
 * A workflow without code: the test completes each workflow task itself in place of a worker, so that the history
 * contains exactly the wanted events, including failed and timed-out tasks.
 */
export class ScriptedWorkflow {
  private constructor(
    private readonly connection: Connection,
    readonly workflowId: string,
    readonly runId: string,
    readonly taskQueue: string,
    private readonly where = namespace,
  ) {}

  get client(): NamespaceClient {
    return this.clientWithDeadline();
  }

  /** A client with a deadline, in milliseconds since the epoch. */
  clientWithDeadline(until?: number): NamespaceClient {
    return new NamespaceClient(this.where, callsOver(this.connection), until);
  }

  static async start(
    connection: Connection,
    {
      workflowId = `scripted-${randomUUID()}`,
      taskQueue = `scripted-${randomUUID()}`,
      type = 'scripted',
      where = namespace,
      workflowTaskTimeoutSeconds = 10,
      workflowRunTimeoutSeconds = 0,
      cronSchedule,
      startDelaySeconds,
      attempts,
      pinned,
    }: {
      workflowId?: string;
      taskQueue?: string;
      type?: string;
      /** The namespace. */
      where?: string;
      workflowTaskTimeoutSeconds?: number;
      workflowRunTimeoutSeconds?: number;
      cronSchedule?: string;
      startDelaySeconds?: number;
      /** Attempts of its retry policy, a minute apart. */
      attempts?: number;
      /** Pins the workflow to this version. */
      pinned?: DeploymentVersion;
    } = {},
  ): Promise<ScriptedWorkflow> {
    if (pinned) await registerVersion(connection, taskQueue, pinned, where);
    const { runId } = await connection.workflowService.startWorkflowExecution({
      namespace: where,
      workflowId,
      requestId: randomUUID(),
      workflowType: { name: type },
      taskQueue: { name: taskQueue },
      workflowTaskTimeout: { seconds: Long.fromNumber(workflowTaskTimeoutSeconds) },
      workflowRunTimeout: { seconds: Long.fromNumber(workflowRunTimeoutSeconds) },
      cronSchedule,
      workflowStartDelay: startDelaySeconds === undefined ? undefined : { seconds: Long.fromNumber(startDelaySeconds) },
      retryPolicy:
        attempts === undefined
          ? undefined
          : { maximumAttempts: attempts, initialInterval: { seconds: Long.fromNumber(60) }, backoffCoefficient: 1 },
      versioningOverride: pinned && { pinned: { behavior: PINNED_OVERRIDE, version: pinned } },
    });
    return new ScriptedWorkflow(connection, workflowId, runId, taskQueue, where);
  }

  /** A workflow on this task queue that is started elsewhere: a child, or an existing workflow. */
  static attach(
    connection: Connection,
    taskQueue: string,
    workflowId = `child-${randomUUID()}`,
    runId = '',
  ): ScriptedWorkflow {
    return new ScriptedWorkflow(connection, workflowId, runId, taskQueue);
  }

  /** Completes the next workflow task with these commands. */
  async completeTask(...commands: Command[]): Promise<void> {
    await this.completeTaskAs(undefined, ...commands);
  }

  /**
   * Completes this many workflow tasks, each of which forces the next one: a long history with one call per task. The
   * task after the last one remains.
   */
  async completeTasks(count: number, commands: (task: number) => Command[]): Promise<void> {
    let { taskToken } = await this.pollTask();
    for (let task = 1; task <= count; task += 1) {
      const answer = await this.connection.workflowService.respondWorkflowTaskCompleted({
        namespace: this.where,
        taskToken,
        commands: commands(task),
        forceCreateNewWorkflowTask: true,
        returnNewWorkflowTask: task < count,
      });
      if (task < count) taskToken = answer.workflowTask?.taskToken ?? taskToken;
    }
  }

  /**
   * Completes the next workflow task with commands computed from it.
   * @returns whether there were any
   */
  async completeTaskWith(
    commandsFor: (task: temporal.api.workflowservice.v1.IPollWorkflowTaskQueueResponse) => Command[],
  ): Promise<boolean> {
    const task = await this.pollTask();
    const commands = commandsFor(task);
    await this.connection.workflowService.respondWorkflowTaskCompleted({
      namespace: this.where,
      taskToken: task.taskToken,
      commands,
    });
    return commands.length > 0;
  }

  /** Completes the next workflow task as a worker of this build. */
  async completeTaskAs(buildId: string | undefined, ...commands: Command[]): Promise<void> {
    const { taskToken } = await this.pollTask();
    await this.connection.workflowService.respondWorkflowTaskCompleted({
      namespace: this.where,
      taskToken,
      commands,
      ...(buildId !== undefined && { workerVersionStamp: { buildId } }),
    });
  }

  /** As a worker of this version of a worker deployment, to which the workflow is pinned. */
  async completeTaskOfVersion(version: DeploymentVersion, ...commands: Command[]): Promise<void> {
    const { taskToken } = await this.pollTask(version);
    await this.connection.workflowService.respondWorkflowTaskCompleted({
      namespace: this.where,
      taskToken,
      commands,
      deploymentOptions: { ...version, workerVersioningMode: VERSIONED },
      versioningBehavior: PINNED_BEHAVIOR,
    });
  }

  /** The same, of a worker that fails the task. */
  async failTaskOfVersion(version: DeploymentVersion): Promise<void> {
    const { taskToken } = await this.pollTask(version);
    await this.connection.workflowService.respondWorkflowTaskFailed({
      namespace: this.where,
      taskToken,
      deploymentOptions: { ...version, workerVersioningMode: VERSIONED },
      failure: { message: 'bug' },
    });
  }

  /** Completes the next workflow task as a worker with a sticky queue, which then stops polling. */
  async completeTaskAsStickyWorker(...commands: Command[]): Promise<void> {
    const { taskToken } = await this.pollTask();
    await this.connection.workflowService.respondWorkflowTaskCompleted({
      namespace: this.where,
      taskToken,
      commands,
      stickyAttributes: {
        workerTaskQueue: { name: `sticky-${randomUUID()}`, kind: STICKY, normalName: this.taskQueue },
        scheduleToStartTimeout: { seconds: Long.fromNumber(1) },
      },
    });
  }

  /** Polls the next workflow task, runs `meanwhile`, and then completes the task. */
  async completeTaskAfter(meanwhile: () => Promise<void>, ...commands: Command[]): Promise<void> {
    const { taskToken } = await this.pollTask();
    await meanwhile();
    await this.connection.workflowService.respondWorkflowTaskCompleted({ namespace: this.where, taskToken, commands });
  }

  /** Sends an update; the next task accepts and completes it, with these other commands. */
  async update(name: string, ...commands: Command[]): Promise<void> {
    await Promise.all([this.sendUpdate(name), this.acceptUpdates(...commands)]);
  }

  /** Sends an update and waits until it has completed, as clients do. */
  async sendUpdate(name: string): Promise<temporal.api.update.v1.IOutcome | null | undefined> {
    const { outcome } = await this.connection.workflowService.updateWorkflowExecution({
      namespace: this.where,
      workflowExecution: { workflowId: this.workflowId },
      waitPolicy: { lifecycleStage: UPDATE_COMPLETED },
      request: { meta: { updateId: randomUUID(), identity: 'test' }, input: { name } },
    });
    return outcome;
  }

  /** Accepts and completes the updates of the next task that has any; an earlier task may have none. */
  async acceptUpdates(...commands: Command[]): Promise<void> {
    await this.answerUpdates(answersToUpdate, commands);
  }

  /** Accepts the updates of the next task that has any, and leaves them uncompleted. */
  async acceptUpdatesOnly(): Promise<void> {
    await this.answerUpdates((message) => answersToUpdate(message).slice(0, 1), []);
  }

  private async answerUpdates(
    answer: (message: temporal.api.protocol.v1.IMessage) => temporal.api.protocol.v1.IMessage[],
    commands: Command[],
  ): Promise<void> {
    let { taskToken, messages } = await this.pollTask();
    while (messages.length === 0) {
      await this.connection.workflowService.respondWorkflowTaskCompleted({ namespace: this.where, taskToken });
      ({ taskToken, messages } = await this.pollTask());
    }
    const answers = messages.flatMap((message) => answer(message));
    await this.connection.workflowService.respondWorkflowTaskCompleted({
      namespace: this.where,
      taskToken,
      messages: answers,
      commands: [
        ...answers.map(({ id }) => ({
          commandType: CommandType.COMMAND_TYPE_PROTOCOL_MESSAGE,
          protocolMessageCommandAttributes: { messageId: id },
        })),
        ...commands,
      ],
    });
  }

  /** Completes the next task of a run that a reset started, and accepts and completes the reapplied updates. */
  async acceptReappliedUpdates(runId: string): Promise<void> {
    const { taskToken } = await this.pollTask();
    const admitted = (await this.history(runId)).flatMap(
      ({ eventId, workflowExecutionUpdateAdmittedEventAttributes }) =>
        workflowExecutionUpdateAdmittedEventAttributes
          ? { eventId, updateId: workflowExecutionUpdateAdmittedEventAttributes.request?.meta?.updateId ?? '' }
          : [],
    );
    const answers = admitted.flatMap(({ eventId, updateId }) => answersToCarriedOver(updateId, eventId));
    await this.connection.workflowService.respondWorkflowTaskCompleted({
      namespace: this.where,
      taskToken,
      messages: answers,
      commands: answers.map(({ id }) => ({
        commandType: CommandType.COMMAND_TYPE_PROTOCOL_MESSAGE,
        protocolMessageCommandAttributes: { messageId: id },
      })),
    });
  }

  async failTask(message: string): Promise<void> {
    const { taskToken } = await this.pollTask();
    await this.connection.workflowService.respondWorkflowTaskFailed({
      namespace: this.where,
      taskToken,
      failure: { message },
    });
  }

  /** Polls the next task and lets it time out; start the workflow with a short `workflowTaskTimeoutSeconds`. */
  async timeOutTask(): Promise<void> {
    const timeouts = async () =>
      (await this.history()).filter((event) => event.workflowTaskTimedOutEventAttributes).length;
    const before = await timeouts();
    await this.pollTask();
    await eventually(async () => (await timeouts()) > before, 'the task to time out');
  }

  /** The same workflow with another run id. */
  withRunId(runId: string): ScriptedWorkflow {
    return new ScriptedWorkflow(this.connection, this.workflowId, runId, this.taskQueue, this.where);
  }

  async currentRunId(): Promise<string> {
    return (await this.describe()).workflowExecutionInfo?.execution?.runId ?? '';
  }

  async currentRun(): Promise<ScriptedWorkflow> {
    return this.withRunId(await this.currentRunId());
  }

  /** Run ids of this workflow, newest first. Waits until visibility has this run and the current one. */
  async runIds(): Promise<string[]> {
    const current = await this.currentRunId();
    return eventually(async () => {
      const { executions } = await this.connection.workflowService.listWorkflowExecutions({
        namespace: this.where,
        query: `WorkflowId = '${this.workflowId}'`,
      });
      const runIds = executions.map(({ execution }) => execution?.runId ?? '');
      return [current, this.runId || current].every((runId) => runIds.includes(runId)) && runIds;
    }, 'visibility to have this run and the current one');
  }

  /** Polls the next activity task of the workflow. */
  async pollActivity() {
    return this.poll((service, taskQueue) => service.pollActivityTaskQueue({ namespace: this.where, taskQueue }));
  }

  async completeActivity(): Promise<void> {
    const { taskToken } = await this.pollActivity();
    await this.connection.workflowService.respondActivityTaskCompleted({ namespace: this.where, taskToken });
  }

  async failActivity(message: string, { retryable = false } = {}): Promise<void> {
    const { taskToken } = await this.pollActivity();
    await this.connection.workflowService.respondActivityTaskFailed({
      namespace: this.where,
      taskToken,
      failure: { message, applicationFailureInfo: { nonRetryable: !retryable } },
    });
  }

  async signal(signalName: string, input = ''): Promise<void> {
    await this.connection.workflowService.signalWorkflowExecution({
      namespace: this.where,
      workflowExecution: { workflowId: this.workflowId },
      signalName,
      input: { payloads: [defaultPayloadConverter.toPayload(input)] },
      requestId: randomUUID(),
    });
  }

  /** Takes the next workflow task, as a worker of this version if one is given. Without an answer to it the task times out. */
  async pollTask(version?: DeploymentVersion) {
    return this.poll((service, taskQueue) =>
      service.pollWorkflowTaskQueue({
        namespace: this.where,
        taskQueue,
        ...(version && {
          deploymentOptions: { ...version, workerVersioningMode: VERSIONED },
          // As the SDKs do. The event of the task's start has the build id from here.
          workerVersionCapabilities: { buildId: version.buildId },
        }),
      }),
    );
  }

  /** The whole history of a run, by default of this run, oldest event first. */
  async history(runId = this.runId) {
    const events: temporal.api.history.v1.IHistoryEvent[] = [];
    let nextPageToken: Uint8Array | undefined;
    do {
      const page = await this.connection.workflowService.getWorkflowExecutionHistory({
        namespace: this.where,
        execution: { workflowId: this.workflowId, runId },
        nextPageToken,
      });
      events.push(...(page.history?.events ?? []));
      nextPageToken = page.nextPageToken;
    } while (nextPageToken?.length);
    return events;
  }

  /** The cancellation requests in the history of this run. */
  async cancelRequests() {
    const events = await this.history();
    return events.flatMap(({ workflowExecutionCancelRequestedEventAttributes: requested }) => requested ?? []);
  }

  /**
   * Polls the task queue as workers of this deployment version during `action`. A poller that gets a task stops polling,
   * and does not complete the task.
   * @param polls concurrent polls: eight reach every partition of a task queue
   */
  async withPollers<T>(version: DeploymentVersion, action: () => Promise<T>, polls = 1): Promise<T> {
    const over = new AbortController();
    const poll = () =>
      this.connection.workflowService.pollWorkflowTaskQueue({
        namespace: this.where,
        taskQueue: { name: this.taskQueue },
        // The server lists only pollers that have an identity.
        identity: 'test',
        deploymentOptions: { ...version, workerVersioningMode: VERSIONED },
      });
    const pollOn = async () => {
      // The server registers a version at its first poll, which can take longer than that poll.
      for (let isBusy = false; !isBusy && !over.signal.aborted;) {
        const task = await this.connection.withDeadline(Date.now() + 8_000, poll).catch(() => sleep(100));
        isBusy = task !== undefined && task.taskToken.length > 0;
      }
    };
    const polled = Promise.all(Array.from({ length: polls }, pollOn));
    try {
      return await action();
    } finally {
      over.abort();
      await polled;
    }
  }

  /** Pauses a pending activity by its id. */
  async pauseActivity(id: string, reason: string): Promise<void> {
    const execution = { workflowId: this.workflowId };
    await this.connection.workflowService.pauseActivity({
      namespace: this.where,
      execution,
      id,
      reason,
      identity: 'ann',
    });
  }

  /**
   * The server refuses a poll without a deadline. Polls again after an empty poll, like a worker: on a loaded machine the
   * server may dispatch the task late.
   */
  private poll<T extends { taskToken: Uint8Array }>(
    send: (service: Connection['workflowService'], taskQueue: { name: string }) => Promise<T>,
  ): Promise<T> {
    const polled = async () => {
      const task = await this.connection
        .withDeadline(Date.now() + 15_000, () => send(this.connection.workflowService, { name: this.taskQueue }))
        .catch((error: unknown) => {
          if (!isGrpcDeadlineError(error)) throw error;
        });
      return task !== undefined && task.taskToken.length > 0 && task;
    };
    return eventually(polled, `a task on ${this.taskQueue}`);
  }

  async describe() {
    return this.client.describe({ workflowId: this.workflowId });
  }
}

const { CommandType } = temporal.api.enums.v1;
const VERSIONED = temporal.api.enums.v1.WorkerVersioningMode.WORKER_VERSIONING_MODE_VERSIONED;
const PINNED_BEHAVIOR = temporal.api.enums.v1.VersioningBehavior.VERSIONING_BEHAVIOR_PINNED;
const PINNED_OVERRIDE =
  temporal.api.workflow.v1.VersioningOverride.PinnedOverrideBehavior.PINNED_OVERRIDE_BEHAVIOR_PINNED;
const STICKY = temporal.api.enums.v1.TaskQueueKind.TASK_QUEUE_KIND_STICKY;
const UPDATE_COMPLETED =
  temporal.api.enums.v1.UpdateWorkflowExecutionLifecycleStage.UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_COMPLETED;

export async function failedWorkflow(connection: Connection): Promise<ScriptedWorkflow> {
  const workflow = await ScriptedWorkflow.start(connection);
  await workflow.completeTask(failWorkflow('no'));
  return workflow;
}

/** The messages of a worker that accepts an update and completes it at once. */
function answersToUpdate({ id, protocolInstanceId, eventId, body }: temporal.api.protocol.v1.IMessage) {
  const { Acceptance, Request, Response } = temporal.api.update.v1;
  const request = Request.decode(body?.value ?? new Uint8Array());
  const message = (name: string, type: string, value: Uint8Array) => ({
    id: `${id}/${name}`,
    protocolInstanceId,
    body: { type_url: `type.googleapis.com/temporal.api.update.v1.${type}`, value },
  });
  const acceptance = Acceptance.encode({
    acceptedRequestMessageId: id,
    acceptedRequestSequencingEventId: eventId,
    acceptedRequest: request,
  }).finish();
  const response = Response.encode({ meta: request.meta, outcome: { success: {} } }).finish();
  return [message('accept', 'Acceptance', acceptance), message('complete', 'Response', response)];
}

/** The same for a reapplied update, whose request is in the history and not in a message. */
function answersToCarriedOver(updateId: string, eventId: Long | null | undefined) {
  const { Acceptance, Response } = temporal.api.update.v1;
  const message = (name: string, type: string, value: Uint8Array) => ({
    id: `${updateId}/${name}`,
    protocolInstanceId: updateId,
    body: { type_url: `type.googleapis.com/temporal.api.update.v1.${type}`, value },
  });
  const acceptance = { acceptedRequestMessageId: `${updateId}/request`, acceptedRequestSequencingEventId: eventId };
  const response = { meta: { updateId }, outcome: { success: {} } };
  return [
    message('accept', 'Acceptance', Acceptance.encode(acceptance).finish()),
    message('complete', 'Response', Response.encode(response).finish()),
  ];
}

/** A signal to another workflow. */
export const signalWorkflow = (workflowId: string, signalName: string): Command => ({
  commandType: CommandType.COMMAND_TYPE_SIGNAL_EXTERNAL_WORKFLOW_EXECUTION,
  signalExternalWorkflowExecutionCommandAttributes: { namespace, execution: { workflowId }, signalName },
});

/** The cancellation of another workflow. */
export const cancelWorkflow = (workflowId: string): Command => ({
  commandType: CommandType.COMMAND_TYPE_REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION,
  requestCancelExternalWorkflowExecutionCommandAttributes: { namespace, workflowId },
});

export const completeWorkflow: Command = {
  commandType: CommandType.COMMAND_TYPE_COMPLETE_WORKFLOW_EXECUTION,
  completeWorkflowExecutionCommandAttributes: {},
};

export const failWorkflowWith = (failure: temporal.api.failure.v1.IFailure): Command => ({
  commandType: CommandType.COMMAND_TYPE_FAIL_WORKFLOW_EXECUTION,
  failWorkflowExecutionCommandAttributes: { failure },
});

export const failWorkflow = (message: string): Command => failWorkflowWith({ message });

/** Like an SDK when workflow code does not catch an activity's failure. */
export const failWorkflowBecauseOf = (activityType: string, scheduledEventId: number, message: string): Command =>
  failWorkflowWith({
    message: 'Activity task failed',
    activityFailureInfo: {
      scheduledEventId: Long.fromNumber(scheduledEventId),
      activityType: { name: activityType },
    },
    cause: { message, applicationFailureInfo: {} },
  });

export const scheduleActivity = (
  type: string,
  taskQueue: string,
  {
    activityId,
    heartbeat = 0,
    attempts = 1,
    retryIntervalSeconds,
  }: { activityId?: string; heartbeat?: number; attempts?: number; retryIntervalSeconds?: number } = {},
): Command => ({
  commandType: CommandType.COMMAND_TYPE_SCHEDULE_ACTIVITY_TASK,
  scheduleActivityTaskCommandAttributes: {
    activityId: activityId ?? randomUUID(),
    activityType: { name: type },
    taskQueue: { name: taskQueue },
    scheduleToCloseTimeout: { seconds: Long.fromNumber(600) },
    startToCloseTimeout: { seconds: Long.fromNumber(600) },
    heartbeatTimeout: { seconds: Long.fromNumber(heartbeat) },
    retryPolicy: {
      maximumAttempts: attempts,
      initialInterval:
        retryIntervalSeconds === undefined ? { nanos: 1_000_000 } : { seconds: Long.fromNumber(retryIntervalSeconds) },
      backoffCoefficient: 1,
    },
    input: { payloads: [defaultPayloadConverter.toPayload('input')] },
  },
});

/** Requests the cancellation of an activity. */
export const cancelActivity = (scheduledEventId: number): Command => ({
  commandType: CommandType.COMMAND_TYPE_REQUEST_CANCEL_ACTIVITY_TASK,
  requestCancelActivityTaskCommandAttributes: { scheduledEventId: Long.fromNumber(scheduledEventId) },
});

export const startTimer = (timerId: string, milliseconds: number): Command => ({
  commandType: CommandType.COMMAND_TYPE_START_TIMER,
  startTimerCommandAttributes: {
    timerId,
    startToFireTimeout: {
      seconds: Long.fromNumber(Math.floor(milliseconds / 1000)),
      nanos: (milliseconds % 1000) * 1e6,
    },
  },
});

export const cancelWorkflowExecution: Command = {
  commandType: CommandType.COMMAND_TYPE_CANCEL_WORKFLOW_EXECUTION,
  cancelWorkflowExecutionCommandAttributes: {},
};

export const continueAsNew: Command = {
  commandType: CommandType.COMMAND_TYPE_CONTINUE_AS_NEW_WORKFLOW_EXECUTION,
  continueAsNewWorkflowExecutionCommandAttributes: { workflowType: { name: 'scripted' } },
};

/**
 * Delays the first workflow task of the next run by these seconds. By default the server delays it only while the
 * execution chain is younger than a second.
 */
export const continueAsNewAfter = (seconds: number): Command => ({
  ...continueAsNew,
  continueAsNewWorkflowExecutionCommandAttributes: {
    ...continueAsNew.continueAsNewWorkflowExecutionCommandAttributes,
    backoffStartInterval: { seconds: Long.fromNumber(seconds) },
  },
});

/** @returns the name of a new Nexus endpoint with this URL */
export async function nexusEndpoint({ operatorService }: Connection, url: string): Promise<string> {
  const name = `endpoint-${randomUUID()}`;
  await operatorService.createNexusEndpoint({ spec: { name, target: { external: { url } } } });
  return name;
}

export const scheduleNexusOperation = (
  endpoint: string,
  service: string,
  operation: string,
  timeoutSeconds = 600,
): Command => ({
  commandType: CommandType.COMMAND_TYPE_SCHEDULE_NEXUS_OPERATION,
  scheduleNexusOperationCommandAttributes: {
    endpoint,
    service,
    operation,
    scheduleToCloseTimeout: { seconds: Long.fromNumber(timeoutSeconds) },
  },
});

export const abandon = temporal.api.enums.v1.ParentClosePolicy.PARENT_CLOSE_POLICY_ABANDON;

export const startChild = (
  type: string,
  taskQueue: string,
  {
    workflowId = `child-${randomUUID()}`,
    parentClosePolicy = temporal.api.enums.v1.ParentClosePolicy.PARENT_CLOSE_POLICY_TERMINATE,
  } = {},
): Command => ({
  commandType: CommandType.COMMAND_TYPE_START_CHILD_WORKFLOW_EXECUTION,
  startChildWorkflowExecutionCommandAttributes: {
    workflowId,
    workflowType: { name: type },
    taskQueue: { name: taskQueue },
    parentClosePolicy,
  },
});

/** @param details values by name, which are encoded as JSON */
export const marker = (
  markerName: string,
  details: Record<string, unknown> = {},
  failure?: { message: string },
): Command => ({
  commandType: CommandType.COMMAND_TYPE_RECORD_MARKER,
  recordMarkerCommandAttributes: {
    markerName,
    details: Object.fromEntries(
      Object.entries(details).map(([name, value]) => [name, { payloads: [defaultPayloadConverter.toPayload(value)] }]),
    ),
    failure,
  },
});

/** The local activity marker of the SDKs on Temporal Core: TypeScript, Python, .NET and Ruby. */
export const localActivityMarker = (type: string, activityId = '1', failure?: { message: string }): Command =>
  marker(
    'core_local_activity',
    { data: { seq: 1, attempt: 1, activity_id: activityId, activity_type: type }, result: 'ok' },
    failure,
  );

/** The local activity marker of the Go SDK, and of PHP, whose workflows run on it. */
export const goLocalActivityMarker = (type: string, activityId = '1'): Command =>
  marker('LocalActivity', { data: { ActivityID: activityId, ActivityType: type, Attempt: 1 }, result: 'ok' });

/** The local activity marker of the Java SDK. */
export const javaLocalActivityMarker = (type: string, activityId = '1'): Command =>
  marker('LocalActivity', { activityId, type, input: 'order', result: 'ok', meta: { firstSkd: 0, atpt: 1 } });

/** @param key `change-id` as the Go SDK records a version, `changeId` as the Java SDK does */
export const versionMarker = (key: 'change-id' | 'changeId', changeId: string): Command =>
  marker('Version', { [key]: changeId, version: 1 });
