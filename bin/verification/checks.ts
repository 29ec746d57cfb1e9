import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { rewindMetrics } from '../../aws/metrics';
import type { BatchOperation } from '../../api/batch-operation';
import type { Deployment } from './deployment';

/** A check of a deployment. */
export interface Check {
  name: string;
  /**
   * @returns what was observed, in a few words
   * @throws {Error} with what was observed, if the check fails
   */
  run: (deployment: Deployment, subject: Subject) => Promise<string>;
  /** Option without which the check is skipped. */
  needs?: 'event-source' | 'worker';
}

/** Ids of the workflows that the checks start. They are terminated afterwards. */
export interface Subject {
  workflowId: string;
  /** Workflow that an event cancels. */
  otherWorkflowId: string;
}

const REASON = 'verification of the deployment';
const EVENT_TIMEOUT_MS = 120_000;
/** CloudWatch extracts the metric from the log after about a minute, and then evaluates the alarm. */
const ALARM_TIMEOUT_MS = 300_000;
const POLL_MS = 2_000;

const expectStatus = (status: number, wanted: number, body?: unknown) => {
  if (status !== wanted) throw new Error(`status ${status} instead of ${wanted}: ${JSON.stringify(body)}`);
  return `status ${status}`;
};

/** The checks, in their order: later checks depend on the results of earlier ones. */
export const checks: readonly Check[] = [
  {
    name: 'a request without a signature is rejected',
    async run({ apiUrl, namespace }) {
      const { status } = await fetch(`${apiUrl}/namespaces/${namespace}/workflows/describe?workflowId=any`);
      return expectStatus(status, 403);
    },
  },
  {
    name: 'a namespace that is not configured is rejected',
    async run({ api }) {
      const params = { path: { namespace: 'no-such-namespace' }, query: { workflowId: 'any' } };
      const { response, error } = await api.GET('/namespaces/{namespace}/workflows/describe', { params });
      if (response.status === 403) return 'status 403: your role only allows some namespaces';
      return expectStatus(response.status, 404, error);
    },
  },
  {
    name: 'a workflow that does not exist is not found',
    async run({ api, namespace }) {
      const params = { path: { namespace }, query: { workflowId: `no-such-workflow-${randomUUID()}` } };
      const { response, error } = await api.GET('/namespaces/{namespace}/workflows/describe', { params });
      return expectStatus(response.status, 404, error);
    },
  },
  {
    name: 'a workflow is described, and why it does not proceed',
    async run(deployment, { workflowId }) {
      await startWorkflow(deployment, workflowId);
      const { api, namespace } = deployment;
      const params = { path: { namespace }, query: { workflowId } };
      const { data, error } = await api.GET('/namespaces/{namespace}/workflows/describe', { params });
      if (data?.status !== 'Running') throw new Error(`described as ${JSON.stringify(data ?? error)}`);
      return `Running; stuck: ${JSON.stringify(data.stuck ?? 'not yet')}`;
    },
  },
  {
    name: 'two cancellations with the same key are requested once, with the caller in the history',
    async run({ api, namespace, temporal }, { workflowId }) {
      const params = { path: { namespace }, header: { 'Idempotency-Key': randomUUID() } };
      const body = { workflowId, reason: REASON };
      const cancel = () => api.POST('/namespaces/{namespace}/workflows/cancel', { params, body });
      const [first, second] = [await cancel(), await cancel()];
      if (first.data?.outcome !== 'requested' || second.data?.operationId !== first.data.operationId) {
        throw new Error(JSON.stringify([first.data ?? first.error, second.data ?? second.error]));
      }
      const { runId } = first.data;
      const { events } = await temporal.history({ workflowId, runId }, 100);
      const requests = events.flatMap((event) => event.workflowExecutionCancelRequestedEventAttributes ?? []);
      if (requests.length !== 1) throw new Error(`history has ${requests.length} requests`);
      return `requested by ${requests[0]?.identity}`;
    },
  },
  {
    name: 'the ledger has the operation',
    async run({ api, namespace }, { workflowId }) {
      const params = { path: { namespace }, query: { workflowId } };
      const { data, error } = await api.GET('/namespaces/{namespace}/operations', { params });
      const [operation] = data?.operations ?? [];
      if (operation?.state !== 'completed') throw new Error(JSON.stringify(data ?? error));
      return `${operation.operationId} by ${operation.actor.id}`;
    },
  },
  {
    name: 'a workflow is terminated',
    async run({ api, namespace }, { workflowId }) {
      const params = { path: { namespace }, header: { 'Idempotency-Key': randomUUID() } };
      const body = { workflowId, reason: REASON };
      const { data, error } = await api.POST('/namespaces/{namespace}/workflows/terminate', { params, body });
      if (data?.outcome !== 'terminated') throw new Error(JSON.stringify(data ?? error));
      return 'terminated';
    },
  },
  {
    name: 'a workflow is reset',
    async run({ api, namespace }, { workflowId }) {
      const params = { path: { namespace }, header: { 'Idempotency-Key': randomUUID() } };
      const body = { workflowId, reason: REASON, target: { at: 'firstWorkflowTask' } } as const;
      const { data, error } = await api.POST('/namespaces/{namespace}/workflows/reset', { params, body });
      if (!data || !('newRunId' in data)) throw new Error(JSON.stringify(data ?? error));
      return `new run ${data.newRunId}`;
    },
  },
  {
    name: 'the worker executes a batch operation',
    needs: 'worker',
    async run(deployment, { workflowId }) {
      const { api, namespace } = deployment;
      const params = { path: { namespace }, header: { 'Idempotency-Key': randomUUID() } };
      const body = { action: 'terminate' as const, workflows: [workflowId], reason: REASON };
      const { data: started, error } = await api.POST('/namespaces/{namespace}/batch-operations', { params, body });
      if (!started || !('operationId' in started)) throw new Error(JSON.stringify(error));
      const ended = await endOfBatch(deployment, started.operationId);
      if (ended.outcomes['terminated'] !== 1) throw new Error(JSON.stringify(ended));
      return `${ended.state}, 1 workflow terminated`;
    },
  },
  {
    name: 'an event cancels a workflow',
    needs: 'event-source',
    async run(deployment, { otherWorkflowId: workflowId }) {
      const { putEvent, api, namespace } = deployment;
      await startWorkflow(deployment, workflowId);
      const began = Date.now();
      await putEvent('Workflow Cancellation Requested', { namespace, workflowId, reason: REASON });
      await eventually('the cancellation', async () => {
        const params = { path: { namespace }, query: { workflowId } };
        const { data } = await api.GET('/namespaces/{namespace}/operations', { params });
        return data?.operations.find(({ state }) => state === 'completed');
      });
      return `after ${Math.round((Date.now() - began) / 1_000)} s`;
    },
  },
  {
    name: 'an event that cannot be processed is listed, and redriven',
    needs: 'event-source',
    async run(deployment) {
      const { putEvent, namespace } = deployment;
      const workflowId = `no-such-workflow-${randomUUID()}`;
      const eventId = await putEvent('Workflow Cancellation Requested', { namespace, workflowId, reason: '' });
      const rejected = await rejectedEvent(deployment, eventId, ({ redrives }) => redrives === 0);
      await redrive(deployment, rejected.rejectedEventId);
      const again = await rejectedEvent(deployment, eventId, ({ redrives }) => redrives === 1);
      return `rejected as ${again.kind} by ${again.trigger}, and again after a redrive`;
    },
  },
  {
    name: 'the alarm of rejected events starts',
    needs: 'event-source',
    async run({ alarmState }) {
      const began = Date.now();
      const isAlarm = async () => (await alarmState(rewindMetrics.eventsRejected)) === 'ALARM' || undefined;
      await eventually('the alarm', isAlarm, ALARM_TIMEOUT_MS);
      return `after ${Math.round((Date.now() - began) / 1_000)} s`;
    },
  },
];

/** Starts a workflow on a task queue that no worker polls. */
async function startWorkflow({ temporal }: Deployment, workflowId: string): Promise<void> {
  const identity = 'verify-deployment';
  await temporal.startWorkflow(workflowId, { type: 'rewindVerification', taskQueue: workflowId, input: {}, identity });
}

/** Waits until a batch operation has ended, and stops it if it does not end, for example because no worker polls. */
async function endOfBatch({ api, namespace }: Deployment, operationId: string): Promise<BatchOperation> {
  const path = { namespace, operationId };
  let seen: BatchOperation | undefined;
  try {
    return await eventually(`the end of batch operation ${operationId}`, async () => {
      ({ data: seen } = await api.GET('/namespaces/{namespace}/batch-operations/{operationId}', { params: { path } }));
      return seen?.state === 'running' ? undefined : seen;
    });
  } catch (error) {
    const params = { path, header: { 'Idempotency-Key': randomUUID() } };
    const body = { reason: REASON };
    await api.POST('/namespaces/{namespace}/batch-operations/{operationId}/cancel', { params, body });
    throw new Error(`stuck: ${JSON.stringify(seen?.stuck)}`, { cause: error });
  }
}

interface Rejected {
  rejectedEventId: string;
  eventId: string;
  kind: string;
  trigger: string;
  redrives: number;
}

function rejectedEvent(
  { api, namespace }: Deployment,
  eventId: string,
  wanted: (event: Rejected) => boolean,
): Promise<Rejected> {
  return eventually('the rejected event', async () => {
    const params = { path: { namespace }, query: { trigger: 'cancellationRequests' } };
    const { data } = await api.GET('/namespaces/{namespace}/rejected-events', { params });
    return data?.rejectedEvents.find((event) => event.eventId === eventId && wanted(event));
  });
}

async function redrive({ api, namespace }: Deployment, rejectedEventId: string): Promise<void> {
  const params = { path: { namespace }, header: { 'Idempotency-Key': randomUUID() } };
  const body = { rejectedEventIds: [rejectedEventId], reason: REASON };
  const { error } = await api.POST('/namespaces/{namespace}/rejected-events/redrive', { params, body });
  if (error) throw new Error(JSON.stringify(error));
}

async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined>,
  timeoutMs = EVENT_TIMEOUT_MS,
): Promise<T> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > until) throw new Error(`${what} was not found within ${timeoutMs / 1_000} s`);
    await wait(POLL_MS);
  }
}
