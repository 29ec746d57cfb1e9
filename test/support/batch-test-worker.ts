import { randomUUID } from 'node:crypto';
import { NativeConnection, Worker } from '@temporalio/worker';
import type { WorkerOptions } from '@temporalio/worker';
import { Connection } from '@temporalio/client';
import type { BatchRequest } from '../../api/batch-operations';
import { batch } from '../../operations/batch/start';
import { cancelBatch, getBatch } from '../../operations/batch/follow';
import { changeSuspension } from '../../operations/batch/suspend';
import { executeOperation } from '../../operations/execute-operation';
import type { Ledger } from '../../operations/ledger/ledger';
import { callsOver } from './calls-over';
import { NamespaceClient } from '../../operations/temporal/namespace-client';
import type { BatchDependencies } from '../../worker/activities/batch';
import { workerOptions } from '../../worker/worker-options';
import { eventually } from './eventually';
import { ann } from './rewind';
import { namespace } from './scripted-workflow';
import { exampleCode, installRuntime, temporalAddress, testSettings } from './test-worker';

/** Batch operations on a worker in this process, on its own task queue. The test controls its activities. */
export class BatchTestWorker {
  private worker?: { worker: Worker; running: Promise<void> };

  private constructor(
    readonly ledger: Ledger,
    readonly connection: Connection,
    private readonly native: NativeConnection,
    readonly taskQueue: string,
  ) {}

  /** @param address of the Temporal server; default: the tests' server */
  static async create(
    ledger: Ledger,
    address = temporalAddress(),
    taskQueue = `batch-${randomUUID()}`,
  ): Promise<BatchTestWorker> {
    installRuntime();
    const native = await NativeConnection.connect({ address });
    return new BatchTestWorker(ledger, Connection.lazy({ address }), native, taskQueue);
  }

  get client(): NamespaceClient {
    return new NamespaceClient(namespace, callsOver(this.connection));
  }

  /** Starts to poll. */
  async start(overrides: Partial<WorkerOptions> = {}): Promise<void> {
    const settings = testSettings({ taskQueue: this.taskQueue });
    const worker = await Worker.create({
      ...workerOptions(settings, await exampleCode(), this.batchDependencies),
      connection: this.native,
      maxHeartbeatThrottleInterval: '100 ms',
      ...overrides,
    });
    this.worker = { worker, running: worker.run() };
  }

  /** Shuts down like SIGTERM: takes no new task, and ends running ones within the grace period. */
  async stop(): Promise<void> {
    if (!this.worker) return;
    const { worker, running } = this.worker;
    delete this.worker;
    worker.shutdown();
    await running;
  }

  async close(): Promise<void> {
    await this.stop();
    await this.native.close();
    await this.connection.close();
  }

  /** @returns the operation's id */
  async startBatch(fields: Partial<BatchRequest>): Promise<string> {
    const request: BatchRequest = {
      action: 'cancel',
      reason: 'bad deploy',
      ratePerSecond: 200,
      maxWorkflows: 10_000,
      ...fields,
    };
    return (await this.execute(request)).answer.operationId;
  }

  async execute(request: BatchRequest, idempotencyKey?: string) {
    const dependencies = { ...this.dependencies, taskQueue: this.taskQueue };
    const executed = executeOperation(dependencies, this.client, batch, { actor: ann, request, idempotencyKey });
    const { answer, replayed } = await executed;
    return { answer, replayed };
  }

  progress(operationId: string): ReturnType<typeof getBatch> {
    return getBatch(this.ledger, this.client, operationId);
  }

  waitForEnd(operationId: string, timeoutMs = 120_000): ReturnType<typeof getBatch> {
    const answer = async () => {
      const progress = await this.progress(operationId);
      return progress.state !== 'running' && progress;
    };
    return eventually(answer, `batch operation ${operationId} to end`, timeoutMs);
  }

  stopBatch(operationId: string): ReturnType<typeof cancelBatch> {
    return cancelBatch(this.dependencies, this.client, operationId, { actor: ann, request: { reason: 'enough' } });
  }

  async changeSuspension(verb: 'suspend' | 'resume', operationId: string) {
    const operation = { actor: ann, request: { reason: 'slow service' } };
    return (await changeSuspension(verb, this.dependencies, this.client, operationId, operation)).answer;
  }

  /** The dependencies of its activities. */
  get batchDependencies(): BatchDependencies {
    const { client } = this;
    return { ...this.dependencies, connect: async () => client, webUiUrl: 'https://ui.example' };
  }

  get dependencies() {
    return { ledger: this.ledger, onRecordFailure: () => {} };
  }
}
