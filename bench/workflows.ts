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

  /** @returns the workflow's id */
  async start(type = 'bench'): Promise<string> {
    const workflowId = randomUUID();
    await this.connection.workflowService.startWorkflowExecution({
      namespace: NAMESPACE,
      workflowId,
      requestId: workflowId,
      workflowType: { name: type },
      taskQueue: { name: workflowId },
    });
    return workflowId;
  }

  /** @returns the workflows' ids */
  async startMany(count: number, type?: string): Promise<string[]> {
    const workflowIds: string[] = [];
    const startNext = async () => {
      while (workflowIds.length < count) {
        const at = workflowIds.push('') - 1;
        workflowIds[at] = await this.start(type);
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
