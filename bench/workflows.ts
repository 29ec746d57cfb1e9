import { randomUUID } from 'node:crypto';
import type { Connection } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { NAMESPACE } from './floor/temporal';

type Command = temporal.api.command.v1.ICommand;
const { CommandType } = temporal.api.enums.v1;

export const completeWorkflow: Command = {
  commandType: CommandType.COMMAND_TYPE_COMPLETE_WORKFLOW_EXECUTION,
  completeWorkflowExecutionCommandAttributes: {},
};

export const cancelWorkflowExecution: Command = {
  commandType: CommandType.COMMAND_TYPE_CANCEL_WORKFLOW_EXECUTION,
  cancelWorkflowExecutionCommandAttributes: {},
};

export const recordMarker: Command = {
  commandType: CommandType.COMMAND_TYPE_RECORD_MARKER,
  recordMarkerCommandAttributes: { markerName: 'bench' },
};

const CONCURRENCY = 40;

/** Workflows without code: the benchmark completes their workflow tasks itself. Each has a task queue named as its id. */
export class Workflows {
  constructor(private readonly connection: Connection) {}

  /** @param taskQueue named as the workflow's id when absent. @returns the workflow's id */
  async start(type = 'bench', taskQueue?: string): Promise<string> {
    const workflowId = randomUUID();
    await this.connection.workflowService.startWorkflowExecution({
      namespace: NAMESPACE,
      workflowId,
      requestId: workflowId,
      workflowType: { name: type },
      taskQueue: { name: taskQueue ?? workflowId },
    });
    return workflowId;
  }

  /** @returns the workflows' ids */
  async startMany(count: number, type?: string, taskQueue?: string): Promise<string[]> {
    const workflowIds: string[] = [];
    const startNext = async () => {
      while (workflowIds.length < count) {
        const at = workflowIds.push('') - 1;
        workflowIds[at] = await this.start(type, taskQueue);
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, startNext));
    return workflowIds;
  }

  async terminateMany(workflowIds: readonly string[]): Promise<void> {
    const left = [...workflowIds];
    const terminateNext = async () => {
      for (let workflowId = left.pop(); workflowId !== undefined; workflowId = left.pop()) {
        const workflowExecution = { workflowId };
        await this.connection.workflowService.terminateWorkflowExecution({ namespace: NAMESPACE, workflowExecution });
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, terminateNext));
  }

  /** Completes every workflow of the task queue, and every new run, until it is stopped. */
  completeAll(taskQueue: string): { stop: () => Promise<unknown> } {
    const stopped = new AbortController();
    const lane = async () => {
      while (!stopped.signal.aborted) {
        const taskToken = await this.pollTask(taskQueue).catch(() => new Uint8Array());
        if (taskToken.length === 0) continue;
        await this.connection.workflowService.respondWorkflowTaskCompleted({
          namespace: NAMESPACE,
          taskToken,
          commands: [completeWorkflow],
        });
      }
    };
    const lanes = Array.from({ length: 8 }, lane);
    return {
      stop: () => {
        stopped.abort();
        return Promise.all(lanes);
      },
    };
  }

  /** When the server recorded the request to cancel it, in milliseconds since 1970. */
  async cancelRequestedAt(workflowId: string): Promise<number> {
    const execution = { workflowId };
    const { history } = await this.connection.workflowService.getWorkflowExecutionHistory({
      namespace: NAMESPACE,
      execution,
    });
    const requested = history?.events?.find((event) => event.workflowExecutionCancelRequestedEventAttributes);
    if (!requested?.eventTime) throw new Error(`nothing has cancelled ${workflowId}`);
    const { seconds, nanos } = requested.eventTime;
    return Number(seconds) * 1000 + (nanos ?? 0) / 1e6;
  }

  async completeTask(workflowId: string, ...commands: Command[]): Promise<void> {
    const taskToken = await this.pollTask(workflowId);
    await this.connection.workflowService.respondWorkflowTaskCompleted({ namespace: NAMESPACE, taskToken, commands });
  }

  /** Completes this many tasks at one call each: the server schedules the next at once. One more is pending afterwards. */
  async completeTasks(workflowId: string, count: number, ...commands: Command[]): Promise<void> {
    let taskToken = await this.pollTask(workflowId);
    for (let task = 1; task <= count; task += 1) {
      const { workflowTask } = await this.connection.workflowService.respondWorkflowTaskCompleted({
        namespace: NAMESPACE,
        taskToken,
        commands,
        forceCreateNewWorkflowTask: true,
        returnNewWorkflowTask: task < count,
      });
      taskToken = workflowTask?.taskToken ?? taskToken;
    }
  }

  private async pollTask(workflowId: string): Promise<Uint8Array> {
    // The server refuses a poll without a deadline.
    const { taskToken } = await this.connection.withDeadline(Date.now() + 15_000, () =>
      this.connection.workflowService.pollWorkflowTaskQueue({ namespace: NAMESPACE, taskQueue: { name: workflowId } }),
    );
    return taskToken;
  }
}
