import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import type { Workflow, WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { LogEntry, WorkerOptions } from '@temporalio/worker';
import { eventually } from './eventually';
import type { WorkerCode } from '../../worker/code';
import type { WorkerSettings } from '../../worker/settings';
import * as activities from '../../examples/activities';
import { bundleWorkflows } from '../../worker/code';
import { workerOptions } from '../../worker/worker-options';
import { namespace, temporalAddressVariable } from './server-address';
import { workerImage } from './worker-image';

export { namespace };
export const temporalAddress = (): string => process.env[temporalAddressVariable] ?? '127.0.0.1:7233';

/** Log entries of the SDK and the code in this test file, INFO and above. */
export const logged: LogEntry[] = [];
export const testLogger = new DefaultLogger('INFO', (entry) => logged.push(entry));
/** Installed on demand, because an unused runtime keeps the process alive. */
let installed = false;
export function installRuntime(): void {
  if (installed) return;
  installed = true;
  Runtime.install({ logger: testLogger, telemetryOptions: { logging: { forward: {} } } });
}

export const testSettings = (settings: Partial<WorkerSettings> = {}): WorkerSettings => ({
  namespace,
  connection: { address: temporalAddress(), secretArn: 'arn:test' },
  taskQueue: `worker-test-${randomUUID()}`,
  healthPort: 0,
  ...settings,
});

/**
 * The sample workflows and activities, as the worker loads them.
 * @param workflows path of a module with other workflows
 */
export const exampleCode = async (workflows?: string): Promise<WorkerCode> => ({
  workflowBundle:
    workflows === undefined
      ? { codePath: path.join(await workerImage(), 'workflows.bundle.js') }
      : await bundleWorkflows([workflows], testLogger),
  activities,
});

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

/** A worker with the samples, on plaintext, with its own task queue and little heartbeat throttling. */
export class TestWorker {
  private constructor(
    readonly client: Client,
    readonly worker: Worker,
    readonly taskQueue: string,
    private readonly connection: NativeConnection,
    private readonly running: Promise<void>,
  ) {}

  static async start(
    settings: Partial<WorkerSettings> = {},
    overrides: Partial<WorkerOptions> = {},
    workflows?: string,
  ): Promise<TestWorker> {
    const options = workerOptions(testSettings(settings), await exampleCode(workflows));
    installRuntime();
    const connection = await NativeConnection.connect({ address: temporalAddress() });
    const worker = await Worker.create({
      ...options,
      connection,
      maxHeartbeatThrottleInterval: '100 ms',
      shutdownGraceTime: '1 second',
      ...overrides,
    });
    return new TestWorker(await TestWorker.client(), worker, options.taskQueue, connection, worker.run());
  }

  static async client(): Promise<Client> {
    return new Client({ connection: await Connection.connect({ address: temporalAddress() }) });
  }

  async stop(): Promise<void> {
    if (this.worker.getState() === 'RUNNING') this.worker.shutdown();
    await this.running;
    await this.connection.close();
    await this.client.connection.close();
  }

  start<W extends Workflow>(
    workflow: string,
    ...args: Parameters<W>
  ): Promise<WorkflowHandleWithFirstExecutionRunId<W>> {
    return this.client.workflow.start<W>(workflow, {
      workflowId: `${workflow}-${randomUUID()}`,
      taskQueue: this.taskQueue,
      args,
    } as never);
  }
}

/** The parts of a workflow handle that these tests read. */
interface Inspectable {
  fetchHistory(): Promise<temporal.api.history.v1.IHistory>;
  describe(): Promise<{
    raw: temporal.api.workflowservice.v1.IDescribeWorkflowExecutionResponse;
    status: { name: string };
  }>;
}

export const eventsOf = async (handle: Inspectable): Promise<HistoryEvent[]> =>
  (await handle.fetchHistory()).events ?? [];

/** Summarizes the events of activities, timers and children in order: `scheduled packOrder`, `canceled packOrder`. */
export async function eventSummaries(handle: Inspectable): Promise<string[]> {
  const activityOf = new Map<string, string>();
  return (await eventsOf(handle)).flatMap((event) => {
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (scheduled) {
      const name = scheduled.activityType?.name ?? '?';
      activityOf.set(String(event.eventId), name);
      return [`scheduled ${name}`];
    }
    const ended = {
      completed: event.activityTaskCompletedEventAttributes,
      canceled: event.activityTaskCanceledEventAttributes,
      failed: event.activityTaskFailedEventAttributes,
      'timed out': event.activityTaskTimedOutEventAttributes,
    };
    for (const [word, attributes] of Object.entries(ended)) {
      if (attributes) return [`${word} ${activityOf.get(String(attributes.scheduledEventId))}`];
    }
    if (event.workflowExecutionCancelRequestedEventAttributes) return ['cancel requested'];
    if (event.timerStartedEventAttributes) return ['timer started'];
    if (event.timerFiredEventAttributes) return ['timer fired'];
    if (event.timerCanceledEventAttributes) return ['timer canceled'];
    if (event.childWorkflowExecutionStartedEventAttributes) return ['child started'];
    if (event.childWorkflowExecutionCanceledEventAttributes) return ['child canceled'];
    return [];
  });
}

export async function pendingActivity(
  handle: Inspectable,
): Promise<temporal.api.workflow.v1.IPendingActivityInfo | undefined> {
  return (await handle.describe()).raw.pendingActivities?.[0];
}

/** Waits until the worker has started the workflow's activity. */
export const waitForActivityStart = (handle: Inspectable) =>
  eventually(async () => {
    const activity = await pendingActivity(handle);
    return activity?.lastStartedTime ? activity : undefined;
  });

export const statusOf = async (handle: Inspectable): Promise<string> => (await handle.describe()).status.name;

/** The details of the activity's last heartbeat, parsed from JSON. */
export function heartbeatOf(activity: temporal.api.workflow.v1.IPendingActivityInfo | undefined): unknown {
  const data = activity?.heartbeatDetails?.payloads?.[0]?.data;
  return data?.length ? JSON.parse(Buffer.from(data).toString()) : undefined;
}
