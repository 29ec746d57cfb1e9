import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { status } from '@grpc/grpc-js';
import { SQSClient } from '@aws-sdk/client-sqs';
import { Connection } from '@temporalio/client';
import { routes } from '../../api';
import { chargeCard } from '../../api/describe';
import type { Route } from '../../api/route';
import type { ChangeDependencies } from '../../functions/http/change-handler';
import type { FailureKind } from '../../api/failures';
import { BadBuild } from '../support/bad-build';
import { cancel as cancelVerb } from '../../operations/cancel';
import { executeOperation } from '../../operations/execute-operation';
import { LATE_EXECUTION_MS, LEASE_MS } from '../../operations/ledger/lease';
import { keyedOperationId } from '../../operations/ledger/operation-id';
import type { OperationDependencies } from '../../operations/verb';
import { callsOver } from '../support/calls-over';
import { NamespaceClient } from '../../operations/temporal/namespace-client';
import { apiName, rpcs } from '../../operations/temporal/rpcs';
import { configurationOf } from '../../operations/temporal/namespaces';
import { DynamoDbLedger } from '../../aws/dynamodb-ledger';
import { DynamoDbRejectedEvents } from '../../aws/dynamodb-rejected-events';
import { eventQueue } from '../../aws/event-queue';
import type { RedriveDependencies } from '../../operations/rejected-events/redrive';
import type { RejectedEvents } from '../../operations/rejected-events/rejected-events';
import { rejectedEventId } from '../../operations/rejected-events/rejected-events';
import { Contract } from '../support/contract';
import type { Answered, OpenApiDocument } from '../support/contract';
import { apiGatewayEvent } from '../support/api-gateway-event';
import { createRouteHandler } from '../support/route-handler';
import { withHangingCall, hang } from '../support/hanging-ledger';
import { withCall } from '../support/with-call';
import { eventually } from '../support/eventually';
import { GrpcProxy } from '../support/grpc-proxy';
import { createLedger } from '../support/ledger-table';
import { builtServer, startNewerServer } from '../support/newer-temporal-server';
import { quickDeletion } from '../support/quick-deletion';
import { ann } from '../support/rewind';
import {
  connectToTestServer,
  failWorkflow,
  namespace,
  scheduleActivity,
  ScriptedWorkflow,
  startTimer,
} from '../support/scripted-workflow';
import { temporalAddressVariable } from '../support/server-address';
import { RecordedLog } from '../support/recorded-log';

/*
 * Every response in docs/openapi.json is provoked here, from the deployed handlers on a real Temporal server and ledger; and
 * every response is in docs/openapi.json.
 */

type Operation = keyof typeof routes;
type Dependencies = ChangeDependencies & { taskQueue: string } & Pick<RedriveDependencies, 'rejectedEvents' | 'send'>;

/*
 * Runs on the newer server if it is built. The CLI's development server cannot pause workflows, so without the newer server
 * the operations that pause are skipped.
 */
const isSupported = (response: string) =>
  builtServer() !== undefined || !/^((un)?pauseWorkflow|previewBatch(Un)?[Pp]ause)\b/.test(response);

const document = readFileSync(path.resolve(__dirname, '../../docs/openapi.json'), 'utf8');
const contract = new Contract(JSON.parse(document) as OpenApiDocument);

let connection: Connection;
let client: NamespaceClient;
let ledger: DynamoDbLedger;
let proxy: GrpcProxy;
let proxied: Connection;
const program = builtServer();
let newer: Awaited<ReturnType<typeof startNewerServer>> | undefined;
beforeAll(async () => {
  newer =
    program === undefined
      ? undefined
      : await startNewerServer(program, { 'frontend.WorkflowPauseEnabled': true, ...quickDeletion });
  // All connections of this file use it.
  if (newer) process.env[temporalAddressVariable] = newer.address;
  connection = connectToTestServer();
  client = new NamespaceClient(namespace, callsOver(connection));
  ledger = await createLedger();
  const started = await GrpcProxy.start({ methods: ['GetSystemInfo', ...calls] });
  proxy = started.proxy;
  // Without retries, which take long and which other tests cover.
  proxied = Connection.lazy({ address: started.address, interceptors: [] });
});
afterAll(async () => {
  await proxied.close();
  proxy.stop();
  await connection.close();
  await newer?.stop();
});

/** A request, and the dependencies of the function that differ from the default. */
interface Request {
  query?: Record<string, string>;
  body?: Record<string, unknown>;
  operationId?: string;
  namespace?: string;
  headers?: Record<string, string>;
  userArn?: string | null;
  /** Remaining time of the function, in milliseconds. */
  remainingMs?: number;
  with?: Partial<
    Pick<Dependencies, 'ledger' | 'rejectedEvents' | 'send' | 'maxWaiting' | 'maxResponseBytes'> &
      Pick<OperationDependencies, 'now' | 'pause'>
  > & {
    client?: NamespaceClient;
  };
}

async function send(
  operation: Operation,
  { with: overrides = {}, remainingMs = 29_000, ...request }: Request,
): Promise<Answered> {
  const { client: clientUsed = client, ...others } = overrides;
  const configured = new Map([[namespace, { address: 'unused', secretArn: 'unused' }]]);
  const dependencies: Dependencies = {
    namespaces: {
      find(name) {
        configurationOf(configured, name);
        return { name, webUiUrl: 'https://ui.example', connect: () => Promise.resolve(clientUsed) };
      },
    },
    logger: new RecordedLog(),
    onRecordFailure: () => {},
    taskQueue: `batch-${randomUUID()}`,
    ledger,
    rejectedEvents: rejectedEvents(),
    send: async () => {},
    ...others,
  };
  const call = createRouteHandler(routes[operation], dependencies);
  const { method, path: resource } = routes[operation];
  const event = apiGatewayEvent(method, { namespace, resource, ...request });
  const { statusCode, headers = {}, body } = await call(event, { getRemainingTimeInMillis: () => remainingMs });
  return { status: statusCode, headers, body: JSON.parse(body) };
}

/** A client of a namespace that supports, or does not support, the pause of workflows. */
const withPauseSupport = (supported: boolean) =>
  withCall(client, 'canPauseWorkflows', () => Promise.resolve(supported));

async function runningWorkflow(): Promise<string> {
  const workflow = await ScriptedWorkflow.start(connection);
  await workflow.completeTask(startTimer('1', 600_000));
  return workflow.workflowId;
}

async function pausedWorkflow(): Promise<string> {
  const workflowId = await runningWorkflow();
  const { workflowExecutionInfo } = await client.describe({ workflowId });
  const runId = workflowExecutionInfo?.execution?.runId ?? '';
  await client.pauseWorkflow(
    { workflowId, runId },
    { reason: 'test', identity: 'ann', temporalRequestId: randomUUID() },
  );
  return workflowId;
}

async function failedWorkflow(): Promise<string> {
  const workflow = await ScriptedWorkflow.start(connection);
  await workflow.completeTask(failWorkflow('no'));
  return workflow.workflowId;
}

/** With the activity of the examples, scheduled. */
async function withActivity(): Promise<ScriptedWorkflow> {
  const workflow = await ScriptedWorkflow.start(connection);
  const { activityId, activityType } = chargeCard;
  await workflow.completeTask(scheduleActivity(activityType, workflow.taskQueue, { activityId, attempts: 3 }));
  return workflow;
}

async function withPausedActivity(): Promise<ScriptedWorkflow> {
  const workflow = await withActivity();
  await workflow.pauseActivity(chargeCard.activityId, 'by hand');
  return workflow;
}

/** The second attempt of the activity is running. */
async function withRunningAttempt(): Promise<ScriptedWorkflow> {
  const workflow = await withActivity();
  await workflow.failActivity('card declined', { retryable: true });
  await workflow.pollActivity();
  return workflow;
}

async function startedBatch(body: Record<string, unknown> = {}): Promise<string> {
  const request = { action: 'cancel', workflows: [`missing-${randomUUID()}`], reason: 'test', ...body };
  const answer = await send('startBatchOperation', { body: request, with: { client: withPauseSupport(true) } });
  expect(answer.status).toBe(202);
  return (answer.body as { operationId: string }).operationId;
}

/** A batch operation by a query that matches a workflow; no worker executes it. */
async function runningBatch(): Promise<string> {
  const type = `one-${randomUUID()}`;
  const query = `WorkflowType = '${type}'`;
  await ScriptedWorkflow.start(connection, { type });
  await eventually(async () => (await client.countWorkflows(query)) === 1, 'the workflow in visibility');
  return startedBatch({ workflows: undefined, query });
}

/** A worker deployment whose build `bad` has completed tasks of two workflows; all tests share it. */
let deploymentName: Promise<string> | undefined;
const deployment = () => (deploymentName ??= makeDeployment());

async function makeDeployment(): Promise<string> {
  const build = new BadBuild(connection, namespace);
  await build.touch(2);
  return build.deploymentName;
}

/** A batch operation with a failed item, recorded as a worker records it. */
async function batchWithFailure(): Promise<string> {
  const batchOperationId = await startedBatch();
  const request = { workflowId: `missing-${randomUUID()}`, reason: 'test' };
  const cancelled = executeOperation({ ledger, onRecordFailure: () => {} }, client, cancelVerb, {
    actor: ann,
    request,
    batchOperationId,
  });
  await expect(cancelled).rejects.toThrow('no workflow');
  return batchOperationId;
}

/** What a successful request needs besides the first example of its route. */
const validFields: Partial<Record<Operation, () => Promise<Request> | Request>> = {
  resetWorkflow: () => ({ body: { target: { at: 'lastWorkflowTask' } } }),
  startBatchOperation: () => ({
    body: { action: 'cancel', query: `WorkflowType = 'none-${randomUUID()}'`, target: undefined },
  }),
  restartWorkflow: async () => ({ body: { workflowId: await failedWorkflow() } }),
  unpauseWorkflow: async () => ({ body: { workflowId: await pausedWorkflow() } }),
  resetActivity: async () => ({ body: { workflowId: (await withActivity()).workflowId } }),
  pauseActivity: async () => ({ body: { workflowId: (await withActivity()).workflowId } }),
  unpauseActivity: async () => ({ body: { workflowId: (await withPausedActivity()).workflowId } }),
  startRollback: async () => ({ body: { deploymentName: await deployment(), badBuildId: 'bad' } }),
  previewBatchCancellation: () => ({ body: { query: `WorkflowType = 'none-${randomUUID()}'` } }),
  previewBatchTermination: () => ({ body: { query: `WorkflowType = 'none-${randomUUID()}'` } }),
  previewBatchReset: () => ({ body: { query: `WorkflowType = 'none-${randomUUID()}'` } }),
  previewBatchPause: () => ({ body: { query: `WorkflowType = 'none-${randomUUID()}'` } }),
  previewBatchUnpause: () => ({ body: { query: `WorkflowType = 'none-${randomUUID()}'` } }),
  previewBatchUpdateOptions: () => ({ body: { query: `WorkflowType = 'none-${randomUUID()}'` } }),
  getOperation: async () => ({ operationId: await startedBatch() }),
  getBatchOperation: async () => ({ operationId: await startedBatch() }),
  // Only for `notBegun` items of a query does this route read Temporal.
  listBatchItems: async () => ({ operationId: await runningBatch(), body: { outcome: 'notBegun' } }),
  cancelBatchOperation: async () => ({ operationId: await batchWithFailure() }),
  suspendBatchOperation: async () => ({ operationId: await startedBatch() }),
  resumeBatchOperation: async () => ({ operationId: await startedBatch() }),
  retryBatchOperation: async () => ({ operationId: await batchWithFailure() }),
  listRejectedEvents: async () => {
    await rejectedEvent();
    return {};
  },
  redriveRejectedEvents: async () => ({
    body: { trigger: undefined, rejectedEventIds: [await rejectedEvent(), 'ev-unknown'] },
  }),
};

const rejectedEvents = () => new DynamoDbRejectedEvents(ledger, 1);

async function rejectedEvent(): Promise<string> {
  const event = { id: randomUUID(), source: 'test', 'detail-type': 'OrderWithdrawn', detail: {} };
  const queued = { trigger: 'order-withdrawn', event };
  await rejectedEvents().reject({
    queued,
    namespace,
    kind: 'invalid-request',
    reason: 'no id',
    rejectedAt: new Date().toISOString(),
  });
  return rejectedEventId(queued);
}

/** A successful request: the route's first example, for a running workflow. */
async function validRequest(operation: Operation): Promise<Request> {
  const { method, requests }: Route = routes[operation];
  const [example = {}] = Object.values(requests);
  const { body, ...others } = (await validFields[operation]?.()) ?? {};
  const fields = {
    ...example,
    ...('workflowId' in example && { workflowId: await runningWorkflow() }),
    ...('waitSeconds' in example && { waitSeconds: undefined }),
    ...body,
  };
  if (method === 'POST') return { body: fields, ...others };
  return { query: Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)])), ...others };
}

/** The request with these fields in its body or query string. */
function withFields(request: Request, fields: Record<string, unknown>): Request {
  if (request.body) return { ...request, body: { ...request.body, ...fields } };
  return { ...request, query: { ...request.query, ...(fields as Record<string, string>) } };
}

type Provoke = (operation: Operation) => Promise<Answered>;

/** Sends the valid request, changed. */
const sending =
  (change: (request: Request, operation: Operation) => Request | Promise<Request>): Provoke =>
  async (operation) =>
    send(operation, await change(await validRequest(operation), operation));

/** Every call to Temporal that functions make. */
const calls = rpcs.map(apiName);

const temporalFailsWith = (code: status): Provoke =>
  sending((request) => {
    for (const call of calls) proxy.faults.set(call, { reachesServer: false, code });
    return { ...request, with: { client: new NamespaceClient(namespace, callsOver(proxied)) } };
  });

const temporalTimesOut = temporalFailsWith(status.DEADLINE_EXCEEDED);

const readsLedgerOnly = (operation: Operation) => !routes[operation].reads.some((read) => read === 'temporal');
const ledgerTimesOut = sending((request) => {
  const { ledger: hangs } = withHangingCall(withCall(ledger, 'search', hang), 'find');
  const rejected = withCall(withCall<RejectedEvents, 'list'>(rejectedEvents(), 'list', hang), 'find', hang);
  return { ...request, with: { ledger: hangs, rejectedEvents: rejected }, remainingMs: 500 };
});

/** Conditions that do not hold; by default, that of another chain of runs. */
const failedConditions: Partial<Record<Operation, Record<string, string | number>>> = {
  resetWorkflow: { ifCurrentRunId: randomUUID() },
  startBatchOperation: { expectMatched: 7 },
  startRollback: { expectMatched: 7 },
};

const isBatch = ({ body = {} }: Request) => 'action' in body || 'query' in body;

/** How to provoke each problem. An operation without that problem returns something else. */
const provocations: Record<FailureKind, Provoke> = {
  'invalid-request': sending((request) => withFields(request, { noSuchField: 'x' })),
  'payload-too-large': sending((request) => withFields(request, { reason: 'r'.repeat(70_000) })),
  'namespace-not-configured': sending((request) => ({ ...request, namespace: 'elsewhere' })),
  // The caller is missing only if a method lacks IAM authorization, which would be a defect.
  internal: sending((request) => ({ ...request, userArn: null })),
  'response-too-large': sending((request) => ({ ...request, with: { maxResponseBytes: 10 } })),
  throttled: temporalFailsWith(status.RESOURCE_EXHAUSTED),
  'temporal-unavailable': temporalFailsWith(status.UNAVAILABLE),
  'temporal-timeout': (operation) => (readsLedgerOnly(operation) ? ledgerTimesOut : temporalTimesOut)(operation),
  configuration: temporalFailsWith(status.PERMISSION_DENIED),
  'ledger-unavailable': sending((request) => {
    const missing = new DynamoDbLedger({ tableName: 'no-such-table', retentionDays: 1 });
    return { ...request, with: { ledger: missing, rejectedEvents: new DynamoDbRejectedEvents(missing) } };
  }),
  'workflow-not-found': async (operation) => {
    if (operation !== 'cancelBatchOperation') {
      return send(operation, withFields(await validRequest(operation), { workflowId: `missing-${randomUUID()}` }));
    }
    return send(operation, { body: { reason: 'test' }, operationId: await batchWithoutWorkflow() });
  },
  'run-not-found': sending((request) => withFields(request, { runId: randomUUID() })),
  conflict: sending(async (request, operation) =>
    operation === 'retryBatchOperation'
      ? { ...request, operationId: await startedBatch() }
      : operation === 'resetActivity'
        ? withFields(request, { workflowId: (await withRunningAttempt()).workflowId })
        : operation === 'restartWorkflow'
          ? withFields(request, { workflowId: await runningWorkflow() })
          : operation === 'suspendBatchOperation'
            ? overtakenBy(request, operation, 'resumeBatchOperation')
            : operation === 'resumeBatchOperation'
              ? overtakenBy(request, operation, 'suspendBatchOperation')
              : withFields(request, failedConditions[operation] ?? { firstExecutionRunId: randomUUID() }),
  ),
  'batch-workflow': sending(async (request) => {
    const { workflowId } = await ScriptedWorkflow.start(connection, {
      workflowId: `rewind-batch-op-${randomUUID()}`,
      type: 'batchOperation',
    });
    const workflows = { query: undefined, workflows: [workflowId] };
    return withFields(request, isBatch(request) ? workflows : { workflowId });
  }),
  'system-workflow': sending(async (request) => {
    const { workflowId } = await ScriptedWorkflow.start(connection, {
      workflowId: `temporal-sys-scheduler:${randomUUID()}`,
      type: 'temporal-sys-scheduler-workflow',
    });
    const workflows = { query: undefined, workflows: [workflowId] };
    return withFields(request, isBatch(request) ? workflows : { workflowId });
  }),
  'activity-not-found': sending((request) => withFields(request, { activityId: 'none' })),
  'pause-unsupported': sending(async (request, operation) => ({
    ...(operation === 'startBatchOperation' ? withFields(request, { action: 'pause' }) : request),
    ...(operation === 'retryBatchOperation' && { operationId: await startedBatch({ action: 'pause' }) }),
    with: { client: withPauseSupport(false) },
  })),
  'not-a-reset-point': sending((request) => withFields(request, { target: { eventId: 999 } })),
  'idempotency-key-reused': async (operation) => {
    const request = { ...(await validRequest(operation)), headers: { 'Idempotency-Key': randomUUID() } };
    await send(operation, request);
    return send(operation, request.body ? withFields(request, { reason: 'another' }) : request);
  },
  'operation-in-progress': async (operation) => {
    const request = { ...(await validRequest(operation)), headers: { 'Idempotency-Key': randomUUID() } };
    const { ledger: hanging, hung } = withHangingCall(ledger, 'complete');
    await Promise.race([
      send(operation, { ...request, with: { ledger: hanging }, remainingMs: STOPPED_FUNCTION_MS }),
      hung,
    ]);
    let ahead = 0;
    const now = () => Date.now() + ahead;
    return send(operation, { ...request, with: { now, pause: async () => (ahead += 4_000) } });
  },
  'outcome-unknown': async (operation) => {
    const request = { ...(await validRequest(operation)), headers: { 'Idempotency-Key': randomUUID() } };
    const { ledger: hanging, hung } = withHangingCall(ledger, 'complete');
    await Promise.race([send(operation, { ...request, with: { ledger: hanging }, remainingMs: 10_000 }), hung]);
    const { workflowId } = (request.body ?? {}) as { workflowId?: string };
    if (workflowId !== undefined) await deleteWorkflow(workflowId);
    return send(operation, { ...request, with: { now: () => Date.now() + LEASE_MS + LATE_EXECUTION_MS } });
  },
  'too-many-matches': sending((request, operation) =>
    withFields(request, {
      ...(operation !== 'startRollback' && { query: undefined, workflows: ['one', 'two'] }),
      maxWorkflows: 1,
    }),
  ),
  'operation-not-found': sending((request) => ({ ...request, operationId: 'op-unknown' })),
  'queue-unavailable': sending((request) => ({
    ...request,
    with: {
      send: eventQueue(new SQSClient({ endpoint: 'http://127.0.0.1:9', maxAttempts: 1 }), 'http://127.0.0.1:9/q'),
    },
  })),
  'too-many-waiting': sending((request) => ({ ...withFields(request, { waitSeconds: 1 }), with: { maxWaiting: 0 } })),
  'unsupported-by-engine': sending(async (request) => ({ ...request, operationId: await serverBatch() })),
};

/** A late retry of a change of a batch operation that failed, and that other requests have made and reversed since. */
async function overtakenBy(request: Request, change: Operation, reverse: Operation): Promise<Request> {
  const retried = { ...request, headers: { 'Idempotency-Key': randomUUID() } };
  const setBatchSuspended = () => Promise.reject(new Error('The test fails this write.'));
  await send(reverse, request);
  await send(change, { ...retried, with: { ledger: withCall(ledger, 'setBatchSuspended', setBatchSuspended) } });
  for (const other of [change, reverse]) await send(other, request);
  return { ...retried, with: { now: () => Date.now() + LEASE_MS + LATE_EXECUTION_MS } };
}

/** Deletes every run with its history. */
async function deleteWorkflow(workflowId: string): Promise<void> {
  await eventually(
    async () => {
      const { executions } = await connection.workflowService.listWorkflowExecutions({
        namespace,
        query: `WorkflowId = '${workflowId}'`,
      });
      for (const { execution } of executions) {
        // Visibility lists deleted runs for a moment; `describe` below decides.
        await connection.workflowService
          .deleteWorkflowExecution({ namespace, workflowExecution: execution })
          .catch(() => {});
      }
      return client.describe({ workflowId }).then(
        () => false,
        () => true,
      );
    },
    `${workflowId} to be deleted`,
    60_000,
  );
}

/** Remaining time of functions that stop, in milliseconds. */
const STOPPED_FUNCTION_MS = 3_000;

/** A batch operation whose function stopped before it started the workflow that executes it. */
async function batchWithoutWorkflow(): Promise<string> {
  const { ledger: hanging, hung } = withHangingCall(ledger, 'recordTargetRun');
  const workflowId = `missing-${randomUUID()}`;
  const key = randomUUID();
  const body = { action: 'cancel', workflows: [workflowId], reason: 'test' };
  void send('startBatchOperation', {
    body,
    headers: { 'Idempotency-Key': key },
    with: { ledger: hanging },
    remainingMs: STOPPED_FUNCTION_MS,
  });
  await hung;
  return keyedOperationId(namespace, key);
}

/** On Temporal's own engine, which runs one job at a time; all tests share it. */
let sharedServerBatch: Promise<string> | undefined;
const serverBatch = () => (sharedServerBatch ??= startedBatch({ engine: 'server' }));

const supportedResponses = contract.documented.filter(isSupported);

test.each(supportedResponses)('%s', async (documented) => {
  const [operation, expected, type] = documented.split(' ') as [Operation, string, string | undefined];
  const name = type?.split(':').at(-1) as FailureKind | undefined;

  const response = name === undefined ? await succeed(operation, expected) : await provocations[name](operation);

  contract.check(operation, response);
  expect({ status: String(response.status), type: (response.body as { type?: string }).type }).toEqual({
    status: expected,
    type,
  });
});

async function succeed(operation: Operation, expected: string): Promise<Answered> {
  const request = await validRequest(operation);
  const { method, responses }: Route = routes[operation];
  const preview = expected === '200' && method === 'POST' && Object.keys(responses).length > 1;
  return send(operation, preview ? withFields(request, { dryRun: true }) : request);
}

test.each((Object.keys(routes) as Operation[]).filter(isSupported))(
  '%s returns only documented responses to every provocation',
  async (operation) => {
    for (const [name, provoke] of Object.entries(provocations)) {
      const documented = contract.documented.some(
        (response) => response.startsWith(operation) && response.endsWith(`:${name}`),
      );
      const response = documented ? undefined : await provoke(operation);
      expect(() => response && contract.check(operation, response)).not.toThrow();
    }
  },
);

test('the tests above saw exactly the documented responses', () => {
  expect([...contract.seen].toSorted()).toEqual(supportedResponses.toSorted());
});
