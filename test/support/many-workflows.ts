import { randomUUID } from 'node:crypto';
import type { Connection } from '@temporalio/client';
import { callsOver } from './calls-over';
import { NamespaceClient } from '../../operations/temporal/namespace-client';
import { eventually } from './eventually';
import { completeWorkflow, namespace, ScriptedWorkflow } from './scripted-workflow';

/** Concurrent calls. */
const SIDE_BY_SIDE = 40;

/** Workflows of a unique type, so that a query finds only them. They have no code. */
export class ManyWorkflows {
  readonly type = `many-${randomUUID()}`;
  readonly query = `WorkflowType = '${this.type}'`;
  readonly client: NamespaceClient;

  constructor(private readonly connection: Connection) {
    this.client = new NamespaceClient(namespace, callsOver(connection));
  }

  id(index: number): string {
    return `${this.type}-${index}`;
  }

  /** Starts this many workflows, with the ids 0, 1, …, and waits until visibility lists them. */
  async start(count: number): Promise<void> {
    const before = await this.count();
    await runConcurrently(count, (index) =>
      ScriptedWorkflow.start(this.connection, { workflowId: this.id(index), type: this.type, taskQueue: this.type }),
    );
    await this.waitForCount(before + count);
  }

  /** Completes this many more workflows, each with one workflow task. */
  async complete(count: number): Promise<void> {
    const completed = "ExecutionStatus = 'Completed'";
    const before = await this.count(completed);
    const any = ScriptedWorkflow.attach(this.connection, this.type);
    await runConcurrently(count, () => any.completeTask(completeWorkflow));
    await this.waitForCount(before + count, completed);
  }

  /** The number of runs in visibility. */
  count(condition?: string): Promise<number> {
    return this.client.countWorkflows(condition === undefined ? this.query : `${this.query} AND ${condition}`);
  }

  waitForCount(count: number, condition?: string): Promise<boolean> {
    return eventually(async () => (await this.count(condition)) === count, `${count} runs in visibility`, 120_000);
  }
}

/** Calls `act` this many times, with limited concurrency. */
export async function runConcurrently(count: number, act: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const lane = async () => {
    for (let index = next++; index < count; index = next++) await act(index);
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, lane));
}
