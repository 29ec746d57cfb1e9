import { randomUUID } from 'node:crypto';
import { routes } from '../../api';
import type { HttpFunction } from '../../functions/http/http-handler';
import { apiGatewayEvent, lambdaContext } from '../support/api-gateway-event';
import { createLedger } from '../support/ledger-table';
import {
  completeWorkflow,
  testConnection,
  namespace,
  scheduleActivity,
  ScriptedWorkflow,
  startTimer,
} from '../support/scripted-workflow';
import { RecordedLog } from '../support/recorded-log';
import { createRouteHandler } from '../support/route-handler';

const connection = testConnection();
let reset: HttpFunction;
let resetPoints: HttpFunction;
beforeAll(async () => {
  const { client } = await ScriptedWorkflow.start(connection);
  const dependencies = {
    namespaces: {
      find: () => ({ name: namespace, webUiUrl: 'https://ui.example', connect: () => Promise.resolve(client) }),
    },
    logger: new RecordedLog(),
    ledger: await createLedger(),
    onRecordFailure: () => {},
  };
  reset = createRouteHandler(routes.resetWorkflow, dependencies);
  resetPoints = createRouteHandler(routes.listResetPoints, dependencies);
});

async function post(body: object, headers: Record<string, string> = {}) {
  const response = await reset(apiGatewayEvent('POST', { body, headers }), lambdaContext);
  return { status: response.statusCode, headers: response.headers, body: JSON.parse(response.body) };
}

async function get(query: Record<string, string>) {
  const response = await resetPoints(apiGatewayEvent('GET', { query }), lambdaContext);
  return { status: response.statusCode, headers: response.headers, body: JSON.parse(response.body) };
}

const webUiOf = (workflowId: string, runId: string) =>
  `https://ui.example/namespaces/${namespace}/workflows/${encodeURIComponent(workflowId)}/${runId}/history`;

/** Has two reset points: event 9 starts a timer, and event 4 schedules an activity. */
async function runningWorkflow(): Promise<ScriptedWorkflow> {
  const workflow = await ScriptedWorkflow.start(connection, { workflowId: `a/b c?${randomUUID()}` });
  await workflow.completeTask(scheduleActivity('chargeCard', workflow.taskQueue));
  await workflow.signal('approve');
  await workflow.completeTask(startTimer('reminder', 600_000));
  return workflow;
}

describe('GET reset-points', () => {
  test('returns pages of reset points', async () => {
    const { workflowId, runId } = await runningWorkflow();

    const first = await get({ workflowId, pageSize: '1' });
    const second = await get({ workflowId, runId, pageSize: '1', pageToken: first.body.nextPageToken });

    expect(first).toMatchObject({
      status: 200,
      body: { namespace, workflowId, runId, resetPoints: [{ eventId: 9, label: 'before timer reminder' }] },
    });
    expect(second.body.resetPoints).toMatchObject([
      { eventId: 4, label: 'first workflow task, before chargeCard (activity, attempt 1 pending)' },
    ]);
    expect(second.body).not.toHaveProperty('nextPageToken');
  });

  test('returns 400 for a forged page token', async () => {
    const { workflowId } = await runningWorkflow();

    expect(await get({ workflowId, pageToken: 'forged' })).toMatchObject({
      status: 400,
      body: { type: 'urn:rewind:problem:invalid-request', errors: [{ field: 'pageToken', value: 'forged' }] },
    });
  });
});

describe('POST reset', () => {
  test('accepts run ids in upper case', async () => {
    const { workflowId, runId } = await runningWorkflow();
    const upperCase = runId.toUpperCase();
    const request = { workflowId, runId: upperCase, ifCurrentRunId: upperCase, reason: 'bug', target: { eventId: 4 } };

    expect(await post(request)).toMatchObject({ status: 201, body: { runId, terminatedRunId: runId } });
  });

  test('returns 201 with the new run, the location of its description, and its Web UI link', async () => {
    const { workflowId, runId } = await runningWorkflow();

    const { status, headers, body } = await post({ workflowId, reason: 'bug', target: { eventId: 4 } });

    expect(status).toBe(201);
    expect(body).toMatchObject({
      operationId: expect.stringMatching(/^op-/),
      outcome: 'reset',
      namespace,
      workflowId,
      runId,
      newRunId: expect.any(String),
      eventId: 4,
      why: 'Event 4 was requested.',
      terminatedRunId: runId,
      orphanedChildren: [],
      links: { webUi: webUiOf(workflowId, body.newRunId) },
    });
    const location = new URL(String(headers?.['location']), 'https://api/stage/namespaces/n/workflows/reset');
    expect(location.pathname).toBe('/stage/namespaces/n/workflows/describe');
    expect(Object.fromEntries(location.searchParams)).toEqual({ workflowId, runId: body.newRunId });
  });

  test('returns 200 with a preview for dryRun, and resets nothing', async () => {
    const workflow = await runningWorkflow();
    const { workflowId, runId } = workflow;

    const { status, headers, body } = await post(
      { workflowId, reason: 'bug', target: { beforeActivity: { type: 'chargeCard' } }, dryRun: true },
      { 'Idempotency-Key': 'preview' },
    );

    expect(status).toBe(200);
    expect(body).toMatchObject({
      outcome: 'preview',
      links: { webUi: webUiOf(workflowId, runId) },
      runId,
      eventId: 4,
      why: expect.stringContaining('chargeCard'),
      terminatesRunId: runId,
      pendingActivities: [{ activityType: 'chargeCard' }],
    });
    expect(body).not.toHaveProperty('operationId');
    expect(headers).not.toHaveProperty('location');
    expect(await workflow.runIds()).toHaveLength(1);
  });

  test('returns the first response again for the same key, marked as replayed', async () => {
    const workflow = await runningWorkflow();
    const { workflowId } = workflow;
    const request = { workflowId, reason: 'bug', target: { back: 0 } };
    const key = { 'Idempotency-Key': randomUUID() };
    const first = await post(request, key);

    const second = await post(request, key);

    expect(second.body).toEqual(first.body);
    expect(second.headers).toMatchObject({ 'idempotent-replayed': 'true', location: first.headers?.['location'] });
    expect(await workflow.runIds()).toHaveLength(2);
  });

  test('returns the first refusal again for the same key, marked as replayed', async () => {
    const { workflowId } = await runningWorkflow();
    const request = { workflowId, reason: 'bug', target: { eventId: 99 } };
    const key = { 'Idempotency-Key': randomUUID() };
    const first = await post(request, key);

    const second = await post(request, key);

    expect(first).toMatchObject({
      status: 422,
      headers: expect.not.objectContaining({ 'idempotent-replayed': 'true' }),
    });
    expect(second).toMatchObject({ status: 422, headers: { 'idempotent-replayed': 'true' } });
    expect({ ...second.body, requestId: '' }).toEqual({ ...first.body, requestId: '' });
  });

  test.each([0, 1, -1, 5, 99])('returns 422 with the existing reset points for event %i', async (eventId) => {
    const { workflowId } = await runningWorkflow();

    const { status, body } = await post({ workflowId, reason: 'bug', target: { eventId } });

    expect(status).toBe(422);
    expect(body).toMatchObject({
      type: 'urn:rewind:problem:not-a-reset-point',
      errors: [{ field: 'target.eventId', value: eventId }],
      resetPoints: [{ eventId: 9 }, { eventId: 4 }],
    });
  });

  test('returns 409 if ifCurrentRunId is not the current run, and if terminateRunId does not name the live run', async () => {
    const old = await ScriptedWorkflow.start(connection);
    const { workflowId, runId } = old;
    await old.completeTask(completeWorkflow);
    const live = await ScriptedWorkflow.start(connection, { workflowId });
    const request = { workflowId, runId, reason: 'bug', target: { at: 'lastWorkflowTask' } };

    expect(await post({ ...request, ifCurrentRunId: runId })).toMatchObject({
      status: 409,
      body: { type: 'urn:rewind:problem:conflict', errors: [{ field: 'ifCurrentRunId' }] },
    });
    expect(await post({ ...request, dryRun: true })).toMatchObject({
      status: 409,
      body: { errors: [{ field: 'terminateRunId', allowed: expect.stringContaining(live.runId) }] },
    });
  });

  test('responds before the function’s remaining time is over although waitSeconds is longer', async () => {
    const { workflowId } = await runningWorkflow();
    const request = { workflowId, reason: 'bug', target: { at: 'lastWorkflowTask' }, waitSeconds: 25 };
    const started = Date.now();

    const response = await reset(apiGatewayEvent('POST', { body: request }), { getRemainingTimeInMillis: () => 4_500 });

    expect(response.statusCode).toBe(201);
    expect(JSON.parse(response.body).newRun).toMatchObject({ status: 'Running', waitedSeconds: expect.any(Number) });
    expect(Date.now() - started).toBeLessThan(4_500);
  });
});
