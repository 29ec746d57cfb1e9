import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { BatchRequest } from '../api/batch-operations';
import { DynamoDbLedger } from '../aws/dynamodb-ledger';
import { createInstanceFolder } from '../local/processes/instance-folder';
import { getBatch } from '../operations/batch/follow';
import { batch } from '../operations/batch/start';
import { executeOperation } from '../operations/execute-operation';
import { reconcileOperations } from '../operations/ledger/reconcile';
import type { OperationRecord } from '../operations/ledger/ledger';
import { verbs } from '../operations';
import type { NamespaceClient } from '../operations/temporal/namespace-client';
import type { Namespaces } from '../operations/temporal/namespaces';
import { startAws } from './aws';
import { NAMESPACE } from './floor/temporal';
import { startTemporalBehindTls } from './temporal-behind-tls';
import { Worker } from './worker';
import type { Workflows } from './workflows';

/** The highest rate that the API accepts, so that the machine is the limit. */
export const MAX_RATE = 200;

/** What the benchmarks of batch operations run on: Temporal, DynamoDB and one worker. */
export class BatchBench {
  /** Ids of the workflows that were started last. */
  private started: string[] = [];

  private constructor(
    readonly worker: Worker,
    private readonly workflows: Workflows,
    private readonly client: NamespaceClient,
    private readonly ledger: DynamoDbLedger,
    private readonly taskQueue: string,
    private readonly namespaces: Namespaces,
  ) {}

  static async run<T>(measure: (bench: BatchBench) => Promise<T>): Promise<T> {
    const [temporal, aws, folder] = await Promise.all([startTemporalBehindTls(), startAws(), createInstanceFolder()]);
    const namespaces = temporal.namespaces();
    const taskQueue = `batch-${randomUUID()}`;
    const worker = await Worker.start(folder.path, temporal, aws, taskQueue);
    try {
      const client = await namespaces.find(NAMESPACE).connect();
      const ledger = new DynamoDbLedger({ tableName: aws.ledgerTable, retentionDays: 1 });
      return await measure(new BatchBench(worker, temporal.workflows, client, ledger, taskQueue, namespaces));
    } finally {
      await worker.stop();
      await namespaces.close();
      await Promise.all([temporal.stop(), aws.stop()]);
      await folder.remove();
    }
  }

  /** Starts workflows that only cost their cancellation: no worker polls for them. @returns a query that matches them */
  async startWorkflows(count: number): Promise<string> {
    const type = `bench-${randomUUID()}`;
    this.started = await this.workflows.startMany(count, type);
    const query = `WorkflowType = '${type}'`;
    while ((await this.client.countWorkflows(query)) < count) await wait(50);
    return query;
  }

  /**
   * Starts workflows that complete at once, as do their new runs, and resets all of them.
   * @returns milliseconds until the last was reset and reported, and its new run followed where that is asked for
   */
  async reset(count: number, followSeconds: number | undefined): Promise<number> {
    const type = `bench-${randomUUID()}`;
    const completing = this.workflows.completeAll(type);
    try {
      await this.workflows.startMany(count, type, type);
      const query = `WorkflowType = '${type}' AND ExecutionStatus = 'Completed'`;
      while ((await this.client.countWorkflows(query)) < count) await wait(100);
      const workflows = { action: 'reset', query, target: { at: 'firstWorkflowTask' } } as const;
      return await this.perform({ ...workflows, ...(followSeconds !== undefined && { followSeconds }) }, count);
    } finally {
      await completing.stop();
    }
  }

  /** Cancels all `count` workflows that match. @returns milliseconds until the last was requested and reported */
  cancel(query: string, count: number, engine: NonNullable<BatchRequest['engine']>): Promise<number> {
    return this.perform({ action: 'cancel', engine, query }, count);
  }

  private async perform(
    what: Pick<BatchRequest, 'action' | 'engine' | 'query' | 'target' | 'followSeconds'>,
    count: number,
  ): Promise<number> {
    // A new run that completes while the batch operation lists matches too; it is skipped.
    const request: BatchRequest = { ...what, reason: 'benchmark', ratePerSecond: MAX_RATE, maxWorkflows: 2 * count };
    const dependencies = { ledger: this.ledger, onRecordFailure: () => {}, taskQueue: this.taskQueue };
    const operation = { actor: { id: 'bench' }, request };
    const start = performance.now();
    const { answer } = await executeOperation(dependencies, this.client, batch, operation);
    for (;;) {
      const progress = await getBatch(this.ledger, this.client, answer.operationId);
      if (progress.state === 'completed' && progress.done === count) return performance.now() - start;
      if (progress.state !== 'running') {
        throw new Error(`not all workflows were processed: ${JSON.stringify(progress)}`);
      }
      await wait(50);
    }
  }

  /** Closes the workflows that were started last. */
  terminateAll(): Promise<void> {
    return this.workflows.terminateMany(this.started);
  }

  /** Reconciles until `count` cancellations are settled. @returns milliseconds from when all are due */
  async settle(count: number): Promise<number> {
    const dependencies = {
      ledger: this.ledger,
      onRecordFailure: () => {},
      namespaces: this.namespaces,
      verbs,
      onReconcileFailure: (_record: OperationRecord, error: unknown) => {
        throw error;
      },
    };
    // A cancellation is looked at for the first time 15 s after its request.
    await wait(16_000);
    const start = performance.now();
    for (let settled = 0; settled < count;) {
      settled += await reconcileOperations(dependencies, [{ namespace: NAMESPACE }], Date.now() + 600_000);
    }
    const left = await this.ledger.listUnsettled(NAMESPACE);
    if (left.length > 0) throw new Error(`${left.length} operations are not settled`);
    return performance.now() - start;
  }
}
