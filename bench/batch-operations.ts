import type { BatchRequest } from '../api/batch-operations';
import { randomUUID } from 'node:crypto';
import type { Connection } from '@temporalio/client';
import { getBatch } from '../operations/batch/follow';
import { batch } from '../operations/batch/start';
import { executeOperation } from '../operations/execute-operation';
import type { DynamoDbLedger } from '../aws/dynamodb-ledger';
import { eventually } from '../test/support/eventually';
import { createLedger } from '../test/support/ledger-table';
import { ManyWorkflows } from '../test/support/many-workflows';
import startRealParts from '../test/support/real-parts';
import stopRealParts from '../test/support/real-parts-teardown';
import { ann } from '../test/support/rewind';
import { connectToTestServer } from '../test/support/scripted-workflow';
import { BatchWorkers } from '../test/support/batch-workers';
import type { WorkerProcess } from '../test/support/worker-process';

/** The highest rate that the API takes (functions/start-batch-operation/request.ts): the machine is to be the limit. */
export const HIGHEST_RATE = 200;

/** Far more than any of them takes. */
const PATIENCE_MS = 20 * 60_000;

/** What the benchmarks of batch operations run on: the real parts of the integration tests, and one worker. */
export class BatchBench {
  private constructor(
    private readonly connection: Connection,
    private readonly ledger: DynamoDbLedger,
    private readonly taskQueue: string,
    readonly worker: WorkerProcess,
  ) {}

  /** @param nodeOptions flags for the worker's Node.js */
  static async run<T>(measure: (bench: BatchBench) => Promise<T>, nodeOptions: string[] = []): Promise<T> {
    await startRealParts();
    const connection = connectToTestServer();
    const workers = await BatchWorkers.create();
    try {
      const [ledger, taskQueue] = [await createLedger(), `batch-${randomUUID()}`];
      return await measure(
        new BatchBench(connection, ledger, taskQueue, await workers.start(ledger, taskQueue, nodeOptions)),
      );
    } finally {
      await workers.close();
      await connection.close();
      await stopRealParts();
    }
  }

  /** Workflows that wait to be cancelled: no worker polls for them, so that they cost nothing but their cancellation. */
  async workflows(count: number): Promise<ManyWorkflows> {
    const workflows = new ManyWorkflows(this.connection);
    await workflows.start(count);
    return workflows;
  }

  /** Cancels them all. @returns how long it took until all were requested and reported, in milliseconds */
  async cancel({ client, query }: ManyWorkflows, count: number, engine: BatchRequest['engine']): Promise<number> {
    const request: BatchRequest = {
      action: 'cancel',
      engine,
      query,
      reason: 'benchmark',
      ratePerSecond: HIGHEST_RATE,
      maxWorkflows: count,
    };
    const began = performance.now();
    const { answer } = await executeOperation(
      { ledger: this.ledger, onRecordFailure: () => {}, taskQueue: this.taskQueue },
      client,
      batch,
      { actor: ann, request },
    );
    const ended = await eventually(
      async () => {
        const progress = await getBatch(this.ledger, client, answer.operationId);
        return progress.state !== 'running' && progress;
      },
      `${count} cancellations`,
      PATIENCE_MS,
    );
    const took = performance.now() - began;
    if (ended.state !== 'completed' || ended.done !== count || Object.keys(ended.failed).length > 0) {
      throw new Error(`not all were cancelled: ${JSON.stringify(ended)}`);
    }
    return took;
  }
}
