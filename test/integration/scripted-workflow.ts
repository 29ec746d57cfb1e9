import { randomUUID } from 'node:crypto';
import { Connection } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import Long from 'long';
import { NamespaceClient } from '../../operations/temporal/namespace-client';
import { temporalAddressVariable } from './server-address';

type Command = temporal.api.command.v1.ICommand;

export const namespace = 'default';

/** A connection to the integration tests' server. Close it when done. */
export function connectToTestServer(): Connection {
  return Connection.lazy({ address: process.env[temporalAddressVariable] ?? '127.0.0.1:7233' });
}

/**
 * A workflow with no code behind it: the test plays its worker and answers each workflow task itself, so that a history
 * holds exactly what the test wants, failed and timed-out tasks included.
 */
export class ScriptedWorkflow {
  private constructor(
    private readonly connection: Connection,
    readonly workflowId: string,
    readonly runId: string,
    readonly taskQueue: string,
  ) {}

  get client(): NamespaceClient {
    return new NamespaceClient(namespace, this.connection);
  }

  static async start(
    connection: Connection,
    {
      workflowId = `scripted-${randomUUID()}`,
      taskQueue = `scripted-${randomUUID()}`,
      workflowTaskTimeoutSeconds = 10,
    } = {},
  ): Promise<ScriptedWorkflow> {
    const { runId } = await connection.workflowService.startWorkflowExecution({
      namespace,
      workflowId,
      requestId: randomUUID(),
      workflowType: { name: 'scripted' },
      taskQueue: { name: taskQueue },
      workflowTaskTimeout: { seconds: Long.fromNumber(workflowTaskTimeoutSeconds) },
    });
    return new ScriptedWorkflow(connection, workflowId, runId, taskQueue);
  }

  /** Takes the next workflow task and answers it with these commands. */
  async completeTask(...commands: Command[]): Promise<void> {
    const { taskToken } = await this.pollTask();
    await this.connection.workflowService.respondWorkflowTaskCompleted({ namespace, taskToken, commands });
  }

  async failTask(message: string): Promise<void> {
    const { taskToken } = await this.pollTask();
    await this.connection.workflowService.respondWorkflowTaskFailed({ namespace, taskToken, failure: { message } });
  }

  /** Takes the next activity task of the workflow. */
  async pollActivity() {
    return this.poll((service, taskQueue) => service.pollActivityTaskQueue({ namespace, taskQueue }));
  }

  async completeActivity(): Promise<void> {
    const { taskToken } = await this.pollActivity();
    await this.connection.workflowService.respondActivityTaskCompleted({ namespace, taskToken });
  }

  async failActivity(message: string): Promise<void> {
    const { taskToken } = await this.pollActivity();
    await this.connection.workflowService.respondActivityTaskFailed({
      namespace,
      taskToken,
      failure: { message, applicationFailureInfo: { nonRetryable: true } },
    });
  }

  async signal(signalName: string): Promise<void> {
    await this.connection.workflowService.signalWorkflowExecution({
      namespace,
      workflowExecution: { workflowId: this.workflowId },
      signalName,
      requestId: randomUUID(),
    });
  }

  /** Takes the next workflow task. Without an answer to it the task times out. */
  async pollTask() {
    return this.poll((service, taskQueue) => service.pollWorkflowTaskQueue({ namespace, taskQueue }));
  }

  /** The whole history of a run, oldest event first; of this run when no other is named. */
  async history(runId = this.runId) {
    const { history } = await this.connection.workflowService.getWorkflowExecutionHistory({
      namespace,
      execution: { workflowId: this.workflowId, runId },
    });
    return history?.events ?? [];
  }

  /** The cancellations that this run was asked for, by its history. */
  async cancelRequests() {
    const events = await this.history();
    return events.flatMap(({ workflowExecutionCancelRequestedEventAttributes: requested }) => requested ?? []);
  }

  /** A poll has to have a deadline, or the server refuses it. */
  private poll<T>(
    send: (service: Connection['workflowService'], taskQueue: { name: string }) => Promise<T>,
  ): Promise<T> {
    return this.connection.withDeadline(Date.now() + 15_000, () =>
      send(this.connection.workflowService, { name: this.taskQueue }),
    );
  }

  async describe() {
    return this.client.describe({ workflowId: this.workflowId });
  }
}

const { CommandType } = temporal.api.enums.v1;

export const completeWorkflow: Command = {
  commandType: CommandType.COMMAND_TYPE_COMPLETE_WORKFLOW_EXECUTION,
  completeWorkflowExecutionCommandAttributes: {},
};

export const failWorkflow = (message: string): Command => ({
  commandType: CommandType.COMMAND_TYPE_FAIL_WORKFLOW_EXECUTION,
  failWorkflowExecutionCommandAttributes: { failure: { message } },
});

export const scheduleActivity = (
  type: string,
  taskQueue: string,
  { activityId = randomUUID() as string, heartbeat = 0, attempts = 1 } = {},
): Command => ({
  commandType: CommandType.COMMAND_TYPE_SCHEDULE_ACTIVITY_TASK,
  scheduleActivityTaskCommandAttributes: {
    activityId,
    activityType: { name: type },
    taskQueue: { name: taskQueue },
    scheduleToCloseTimeout: { seconds: Long.fromNumber(600) },
    startToCloseTimeout: { seconds: Long.fromNumber(600) },
    heartbeatTimeout: { seconds: Long.fromNumber(heartbeat) },
    retryPolicy: { maximumAttempts: attempts, initialInterval: { nanos: 1_000_000 }, backoffCoefficient: 1 },
    input: { payloads: [defaultPayloadConverter.toPayload('input')!] },
  },
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
