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
import { callsOver } from '../../operations/temporal/managed-connection';
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
import { createRouteHandler } from '../support/command-with-handlers';
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
 * docs/openapi.json, both ways: everything that it says a function answers is answered here, by that function on a real
 * Temporal server and a real ledger; and nothing is answered that is not in it.
 */

type Operation = keyof typeof routes;
type Dependencies = ChangeDependencies & { taskQueue: string } & Pick<RedriveDependencies, 'rejectedEvents' | 'send'>;

/*
 * On the newest server that there is: the development server of the CLI cannot pause workflows, so those operations are left
 * out where the newer one is not built.
 */
const isTried = (one: string) =>
  builtServer() !== undefined || !/^((un)?pauseWorkflow|previewBatch(Un)?[Pp]ause)\b/.test(one);

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
  // For all that connects in this file.
  if (newer) process.env[temporalAddressVariable] = newer.address;
  connection = connectToTestServer();
  client = new NamespaceClient(namespace, callsOver(connection));
  ledger = await createLedger();
  const started = await GrpcProxy.start({ methods: ['GetSystemInfo', ...calls] });
  proxy = started.proxy;
  // No retries: that calls are repeated is tried elsewhere, and takes its time.
  proxied = Connection.lazy({ address: started.address, interceptors: [] });
});
afterAll(async () => {
  await proxied.close();
  proxy.stop();
  await connection.close();
  await newer?.stop();
});

/** What a request consists of, and what it meets. */
interface Request {
  query?: Record<string, string>;
  body?: Record<string, unknown>;
  operationId?: string;
  namespace?: string;
  headers?: Record<string, string>;
  userArn?: string | null;
  /** Milliseconds that the function has. */
  remainingMs?: number;
  with?: Partial<
    Pick<Dependencies, 'ledger' | 'rejectedEvents' | 'send' | 'maxWaiting' | 'maxResponseBytes'> &
      Pick<OperationDependencies, 'now' | 'pause'>
  > & {
    client?: NamespaceClient;
  };
}

async function ask(
  operation: Operation,
  { with: met = {}, remainingMs = 29_000, ...request }: Request,
): Promise<Answered> {
  const { client: through = client, ...dependencies } = met;
  const configured = new Map([[namespace, { address: 'unused', secretArn: 'unused' }]]);
  const given: Dependencies = {
    namespaces: {
      find(name) {
        configurationOf(configured, name);
        return { name, webUiUrl: 'https://ui.example', connect: () => Promise.resolve(through) };
      },
    },
    logger: new RecordedLog(),
    onRecordFailure: () => {},
    taskQueue: `batch-${randomUUID()}`,
    ledger,
    rejectedEvents: rejectedEvents(),
    send: async () => {},
    ...dependencies,
  };
  const call = createRouteHandler(routes[operation], given);
  const { method, path: resource } = routes[operation];
  const event = apiGatewayEvent(method, { namespace, resource, ...request });
  const { statusCode, headers = {}, body } = await call(event, { getRemainingTimeInMillis: () => remainingMs });
  return { status: statusCode, headers, body: JSON.parse(body) };
}

/** A client of a namespace that can pause workflows, or cannot. */
const pausing = (can: boolean) => withCall(client, 'canPauseWorkflows', () => Promise.resolve(can));

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

/** With the activity of the examples, which no worker has taken. */
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

/** A worker executes the activity's second attempt. */
async function withRunningAttempt(): Promise<ScriptedWorkflow> {
  const workflow = await withActivity();
  await workflow.failActivity('card declined', { retryable: true });
  await workflow.pollActivity();
  return workflow;
}

async function begunBatch(body: Record<string, unknown> = {}): Promise<string> {
  const request = { action: 'cancel', workflows: [`nobody-${randomUUID()}`], reason: 'test', ...body };
  const answer = await ask('startBatchOperation', { body: request, with: { client: pausing(true) } });
  expect(answer.status).toBe(202);
  return (answer.body as { operationId: string }).operationId;
}

/** A worker deployment whose build `bad` has touched two workflows; all tests share it. */
let deploymentName: Promise<string> | undefined;
const deployment = () => (deploymentName ??= makeDeployment());

async function makeDeployment(): Promise<string> {
  const build = new BadBuild(connection, namespace);
  await build.touch(2);
  return build.deploymentName;
}

/** A batch operation with an item that has failed, as its worker would have left it. */
async function batchWithFailure(): Promise<string> {
  const batchOperationId = await begunBatch();
  const request = { workflowId: `nobody-${randomUUID()}`, reason: 'test' };
  const cancelled = executeOperation({ ledger, onRecordFailure: () => {} }, client, cancelVerb, {
    actor: ann,
    request,
    batchOperationId,
  });
  await expect(cancelled).rejects.toThrow('no workflow');
  return batchOperationId;
}

/** What a request that succeeds has besides its route's first example. */
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
  getOperation: async () => ({ operationId: await begunBatch() }),
  getBatchOperation: async () => ({ operationId: await begunBatch() }),
  // What a query has not begun is what it reads Temporal for.
  listBatchItems: async () => ({
    operationId: await begunBatch({ workflows: undefined, query: `WorkflowType = 'none-${randomUUID()}'` }),
    body: { outcome: 'notBegun' },
  }),
  cancelBatchOperation: async () => ({ operationId: await batchWithFailure() }),
  suspendBatchOperation: async () => ({ operationId: await begunBatch() }),
  resumeBatchOperation: async () => ({ operationId: await begunBatch() }),
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

/** A request that succeeds: the route's first example, of a running workflow. */
async function valid(operation: Operation): Promise<Request> {
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

/** The same, with other fields in its body or its query string. */
function having(request: Request, fields: Record<string, unknown>): Request {
  if (request.body) return { ...request, body: { ...request.body, ...fields } };
  return { ...request, query: { ...request.query, ...(fields as Record<string, string>) } };
}

type Provoke = (operation: Operation) => Promise<Answered>;

/** The valid request, changed. */
const asking =
  (change: (request: Request, operation: Operation) => Request | Promise<Request>): Provoke =>
  async (operation) =>
    ask(operation, await change(await valid(operation), operation));

/** Every call to Temporal that functions make. */
const calls = rpcs.map(apiName);

const whenTemporalSays = (code: status): Provoke =>
  asking((request) => {
    for (const call of calls) proxy.faults.set(call, { reachesServer: false, code });
    return { ...request, with: { client: new NamespaceClient(namespace, callsOver(proxied)) } };
  });

const whenTemporalHangs = whenTemporalSays(status.DEADLINE_EXCEEDED);

const readsLedgerOnly = (operation: Operation) => !routes[operation].reads.some((read) => read === 'temporal');
const whenTheLedgerHangs = asking((request) => {
  const { ledger: hangs } = withHangingCall(withCall(ledger, 'search', hang), 'find');
  const rejected = withCall(withCall<RejectedEvents, 'list'>(rejectedEvents(), 'list', hang), 'find', hang);
  return { ...request, with: { ledger: hangs, rejectedEvents: rejected }, remainingMs: 500 };
});

/** What a workflow is not, as far as the operation can be told; of another chain of runs where nothing else is said. */
const conflicting: Partial<Record<Operation, Record<string, string | number>>> = {
  resetWorkflow: { ifCurrentRunId: randomUUID() },
  startBatchOperation: { expectMatched: 7 },
  startRollback: { expectMatched: 7 },
};

/** How to be answered each problem. Where an operation has no such problem, it answers something else. */
const provocations: Record<FailureKind, Provoke> = {
  'invalid-request': asking((request) => having(request, { noSuchField: 'x' })),
  'payload-too-large': asking((request) => having(request, { reason: 'r'.repeat(70_000) })),
  'namespace-not-configured': asking((request) => ({ ...request, namespace: 'elsewhere' })),
  // A method that IAM does not guard would be a defect.
  internal: asking((request) => ({ ...request, userArn: null })),
  'response-too-large': asking((request) => ({ ...request, with: { maxResponseBytes: 10 } })),
  throttled: whenTemporalSays(status.RESOURCE_EXHAUSTED),
  'temporal-unavailable': whenTemporalSays(status.UNAVAILABLE),
  'temporal-timeout': (operation) => (readsLedgerOnly(operation) ? whenTheLedgerHangs : whenTemporalHangs)(operation),
  configuration: whenTemporalSays(status.PERMISSION_DENIED),
  'ledger-unavailable': asking((request) => {
    const missing = new DynamoDbLedger({ tableName: 'no-such-table', retentionDays: 1 });
    return { ...request, with: { ledger: missing, rejectedEvents: new DynamoDbRejectedEvents(missing) } };
  }),
  'workflow-not-found': async (operation) => {
    if (operation !== 'cancelBatchOperation') {
      return ask(operation, having(await valid(operation), { workflowId: `nobody-${randomUUID()}` }));
    }
    return ask(operation, { body: { reason: 'test' }, operationId: await batchThatDiedBeginning() });
  },
  'run-not-found': asking((request) => having(request, { runId: randomUUID() })),
  conflict: asking(async (request, operation) =>
    operation === 'retryBatchOperation'
      ? { ...request, operationId: await begunBatch() }
      : operation === 'resetActivity'
        ? having(request, { workflowId: (await withRunningAttempt()).workflowId })
        : operation === 'restartWorkflow'
          ? having(request, { workflowId: await runningWorkflow() })
          : having(request, conflicting[operation] ?? { firstExecutionRunId: randomUUID() }),
  ),
  'batch-workflow': asking(async (request) => {
    const { workflowId } = await ScriptedWorkflow.start(connection, {
      workflowId: `rewind-batch-op-${randomUUID()}`,
      type: 'batchOperation',
    });
    const workflows = { query: undefined, workflows: [workflowId] };
    return having(request, request.body && 'action' in request.body ? workflows : { workflowId });
  }),
  'activity-not-found': asking((request) => having(request, { activityId: 'none' })),
  'pause-unsupported': asking(async (request, operation) => ({
    ...(operation === 'startBatchOperation' ? having(request, { action: 'pause' }) : request),
    ...(operation === 'retryBatchOperation' && { operationId: await begunBatch({ action: 'pause' }) }),
    with: { client: pausing(false) },
  })),
  'not-a-reset-point': asking((request) => having(request, { target: { eventId: 999 } })),
  'idempotency-key-reused': async (operation) => {
    const request = { ...(await valid(operation)), headers: { 'Idempotency-Key': randomUUID() } };
    await ask(operation, request);
    return ask(operation, request.body ? having(request, { reason: 'another' }) : request);
  },
  'operation-in-progress': async (operation) => {
    const request = { ...(await valid(operation)), headers: { 'Idempotency-Key': randomUUID() } };
    const { ledger: hanging, hung } = withHangingCall(ledger, 'complete');
    await Promise.race([ask(operation, { ...request, with: { ledger: hanging }, remainingMs: DYING_MS }), hung]);
    let ahead = 0;
    const now = () => Date.now() + ahead;
    return ask(operation, { ...request, with: { now, pause: async () => (ahead += 4_000) } });
  },
  'outcome-unknown': async (operation) => {
    const request = { ...(await valid(operation)), headers: { 'Idempotency-Key': randomUUID() } };
    const { ledger: hanging, hung } = withHangingCall(ledger, 'complete');
    await Promise.race([ask(operation, { ...request, with: { ledger: hanging }, remainingMs: 10_000 }), hung]);
    const { workflowId } = (request.body ?? {}) as { workflowId?: string };
    if (workflowId !== undefined) await deleteWorkflow(workflowId);
    return ask(operation, { ...request, with: { now: () => Date.now() + LEASE_MS + LATE_EXECUTION_MS } });
  },
  'too-many-matches': asking((request, operation) =>
    having(request, {
      ...(operation !== 'startRollback' && { query: undefined, workflows: ['one', 'two'] }),
      maxWorkflows: 1,
    }),
  ),
  'operation-not-found': asking((request) => ({ ...request, operationId: 'op-unknown' })),
  'queue-unavailable': asking((request) => ({
    ...request,
    with: {
      send: eventQueue(new SQSClient({ endpoint: 'http://127.0.0.1:9', maxAttempts: 1 }), 'http://127.0.0.1:9/q'),
    },
  })),
  'too-many-waiting': asking((request) => ({ ...having(request, { waitSeconds: 1 }), with: { maxWaiting: 0 } })),
  'unsupported-by-engine': asking(async (request) => ({ ...request, operationId: await serverBatch() })),
};

/** Deletes every run, and with it their histories. */
async function deleteWorkflow(workflowId: string): Promise<void> {
  await eventually(
    async () => {
      const { executions } = await connection.workflowService.listWorkflowExecutions({
        namespace,
        query: `WorkflowId = '${workflowId}'`,
      });
      for (const { execution } of executions) {
        // Visibility still lists runs for a moment that are deleted already; the look below decides.
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

/** How long functions are given that die, in milliseconds: their clock runs on. */
const DYING_MS = 3_000;

/** The function died before there was a workflow that carries it out. */
async function batchThatDiedBeginning(): Promise<string> {
  const { ledger: hanging, hung } = withHangingCall(ledger, 'recordTargetRun');
  const workflowId = `nobody-${randomUUID()}`;
  const key = randomUUID();
  const body = { action: 'cancel', workflows: [workflowId], reason: 'test' };
  void ask('startBatchOperation', {
    body,
    headers: { 'Idempotency-Key': key },
    with: { ledger: hanging },
    remainingMs: DYING_MS,
  });
  await hung;
  return keyedOperationId(namespace, key);
}

/** Of Temporal's own engine, which has one at a time: all tests share it. */
let shared: Promise<string> | undefined;
const serverBatch = () => (shared ??= begunBatch({ engine: 'server' }));

const documentedHere = contract.documented.filter(isTried);

test.each(documentedHere)('%s', async (documented) => {
  const [operation, expected, type] = documented.split(' ') as [Operation, string, string | undefined];
  const name = type?.split(':').at(-1) as FailureKind | undefined;

  const answer = name === undefined ? await succeed(operation, expected) : await provocations[name](operation);

  contract.check(operation, answer);
  expect({ status: String(answer.status), type: (answer.body as { type?: string }).type }).toEqual({
    status: expected,
    type,
  });
});

async function succeed(operation: Operation, expected: string): Promise<Answered> {
  const request = await valid(operation);
  const { method, responses }: Route = routes[operation];
  const preview = expected === '200' && method === 'POST' && Object.keys(responses).length > 1;
  return ask(operation, preview ? having(request, { dryRun: true }) : request);
}

test.each((Object.keys(routes) as Operation[]).filter(isTried))(
  '%s answers nothing else, whatever happens',
  async (operation) => {
    for (const [name, provoke] of Object.entries(provocations)) {
      const documented = contract.documented.some((one) => one.startsWith(operation) && one.endsWith(`:${name}`));
      const answered = documented ? undefined : await provoke(operation);
      expect(() => answered && contract.check(operation, answered)).not.toThrow();
    }
  },
);

test('nothing was answered that is not documented, and everything that is', () => {
  expect([...contract.seen].toSorted()).toEqual(documentedHere.toSorted());
});
