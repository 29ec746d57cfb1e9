import { randomUUID } from 'node:crypto';
import type { Connection } from '@temporalio/client';
import { eventually } from './eventually';
import { completeWorkflow, startTimer } from './scripted-workflow';
import type { Command } from './scripted-workflow';

/** `temporal.api.enums.v1`: WorkerVersioningMode and VersioningBehavior. */
const VERSIONED = 2;
const AUTO_UPGRADE = 2;

/** A worker deployment whose build `bad` has completed a task of some workflows after the build `good`. */
export class BadBuild {
  readonly deploymentName = `orders-${randomUUID()}`;
  private readonly service: Connection['workflowService'];

  constructor(
    private readonly connection: Connection,
    private readonly namespace: string,
  ) {
    this.service = connection.workflowService;
  }

  /** Afterwards, `good` is current. */
  async touch(count: number): Promise<void> {
    await this.completeTasks('good', count, [startTimer('1', 500)], async () => {
      for (let index = 0; index < count; index += 1) await this.start(index);
    });
    await this.completeTasks('bad', count, [startTimer('2', 600_000)]);
    const polled = this.poll('good');
    await this.makeCurrent('good', polled);
    // The server could still match a canceled poll, and a later task would be lost until it times out: it ends with a task.
    await this.start(count);
    await polled;
    const workflowExecution = { workflowId: this.workflowId(count) };
    await this.service.terminateWorkflowExecution({ namespace: this.namespace, workflowExecution });
    const query = `TemporalWorkerDeploymentVersion = '${this.deploymentName}:bad'`;
    const isThere = async () => {
      const { count: there } = await this.service.countWorkflowExecutions({ namespace: this.namespace, query });
      return Number(there) === count;
    };
    await eventually(isThere, 'visibility to list the workflows that the build has touched', 30_000);
  }

  /** Starts a workflow of which `good` completes a task, and `bad`, which is current afterwards, only fails one. Returns its id. */
  async wedge(): Promise<string> {
    const { deploymentName, namespace } = this;
    await this.completeTasks('good', 1, [startTimer('1', 500)], () => this.start(0));
    const polled = this.poll('bad');
    await this.makeCurrent('bad', polled);
    const { taskToken } = await polled;
    await this.service.respondWorkflowTaskFailed({
      namespace,
      taskToken,
      deploymentOptions: { deploymentName, buildId: 'bad', workerVersioningMode: VERSIONED },
      failure: { message: 'bug' },
    });
    return this.workflowId(0);
  }

  /** Completes this many workflows as the build `good`. */
  async complete(count: number): Promise<void> {
    for (let index = 0; index < count; index += 1) await this.answer('good', this.poll('good'), [completeWorkflow]);
  }

  private async completeTasks(
    buildId: string,
    count: number,
    commands: Command[],
    start: () => Promise<unknown> = () => Promise.resolve(),
  ): Promise<void> {
    const polls = Array.from({ length: count }, () => this.poll(buildId));
    await this.makeCurrent(buildId, ...polls);
    await start();
    // A remaining poll would take the next task of a workflow whose task was completed.
    await Promise.all(polls);
    for (const polled of polls) await this.answer(buildId, polled, commands);
  }

  private workflowId(index: number): string {
    return `${this.deploymentName}-${index}`;
  }

  private start(index: number): Promise<unknown> {
    const { deploymentName, namespace } = this;
    return this.service.startWorkflowExecution({
      namespace,
      workflowId: this.workflowId(index),
      requestId: randomUUID(),
      workflowType: { name: 'order' },
      taskQueue: { name: deploymentName },
    });
  }

  /** Without a deadline, the server refuses a poll. */
  private poll(buildId: string) {
    const { deploymentName, namespace } = this;
    const poll = () =>
      this.service.pollWorkflowTaskQueue({
        namespace,
        taskQueue: { name: deploymentName },
        identity: 'test',
        deploymentOptions: { deploymentName, buildId, workerVersioningMode: VERSIONED },
      });
    const polled = this.connection.withDeadline(Date.now() + 60_000, poll);
    polled.catch(() => {});
    return polled;
  }

  private async answer(buildId: string, polled: ReturnType<BadBuild['poll']>, commands: Command[]): Promise<void> {
    const { deploymentName, namespace } = this;
    const { taskToken } = await polled;
    await this.service.respondWorkflowTaskCompleted({
      namespace,
      taskToken,
      commands,
      deploymentOptions: { deploymentName, buildId, workerVersioningMode: VERSIONED },
      versioningBehavior: AUTO_UPGRADE,
    });
  }

  /** @param _polls make the server register the build */
  private makeCurrent(buildId: string, ..._polls: Promise<unknown>[]): Promise<boolean> {
    const { deploymentName, namespace } = this;
    const made = () =>
      this.service.setWorkerDeploymentCurrentVersion({ namespace, deploymentName, buildId }).then(
        () => true,
        () => false,
      );
    return eventually(made, `${buildId} to be current`, 30_000);
  }
}
