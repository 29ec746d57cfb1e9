import { randomUUID } from 'node:crypto';
import { defaultPayloadConverter } from '@temporalio/common';
import { findings } from '../../cli/workflows/findings';
import { describeWorkflow } from '../../operations/describe';
import { recordingClient } from '../support/counting-clients';
import { eventually } from '../support/eventually';
import { createLedger } from '../support/ledger-table';
import { Rewind } from '../support/rewind';
import {
  completeWorkflow,
  continueAsNew,
  failWorkflow,
  failWorkflowBecauseOf,
  failWorkflowWith,
  namespace,
  nexusEndpoint,
  scheduleActivity,
  scheduleNexusOperation,
  ScriptedWorkflow,
  startTimer,
  testConnection,
} from '../support/scripted-workflow';

describe('describeWorkflow', () => {
  const connection = testConnection();

  test('returns status, pending work and the link to the Web UI', async () => {
    const workflow = await ScriptedWorkflow.start(connection, { workflowId: `a/b ${randomUUID()}` });
    const { client, workflowId, runId, taskQueue } = workflow;
    await workflow.completeTask(scheduleActivity('Pack', taskQueue, { activityId: 'pack-1', heartbeat: 30 }));
    await workflow.pollActivity();
    await new Rewind(await createLedger()).cancel(workflow);

    expect(await describeWorkflow(client, { workflowId }, 'http://localhost:8233/')).toMatchObject({
      namespace,
      workflowId,
      runId,
      firstExecutionRunId: runId,
      workflowType: 'scripted',
      taskQueue,
      status: 'Running',
      cancelRequested: true,
      pendingActivities: [
        { activityId: 'pack-1', activityType: 'Pack', state: 'Started', attempt: 1, heartbeatTimeoutSeconds: 30 },
      ],
      pendingWorkflowTask: { state: 'Scheduled', attempt: 1 },
      links: {
        webUi: `http://localhost:8233/namespaces/${namespace}/workflows/${encodeURIComponent(workflowId)}/${runId}/history`,
      },
    });
  });

  test('lists no pending activities, Nexus operations or workflow task of a closed run, which the server keeps', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const { client, workflowId, taskQueue } = workflow;
    const endpoint = await nexusEndpoint(connection, 'http://127.0.0.1:9');
    await workflow.completeTask(
      scheduleActivity('Pack', taskQueue),
      scheduleNexusOperation(endpoint, 'stock', 'reserve'),
    );
    await client.signal(workflow, { signalName: 'approve' }, { identity: 'ann', temporalRequestId: randomUUID() });
    await client.terminate(workflow, { reason: 'test', identity: 'ann', temporalRequestId: '' });

    const { pendingActivities, pendingNexusOperations } = await client.describe({ workflowId });
    expect([pendingActivities.length, pendingNexusOperations.length]).toEqual([1, 1]);
    const closed = await describeWorkflow(client, { workflowId });
    expect(closed).toMatchObject({ status: 'Terminated', pendingActivities: [], pendingNexusOperations: [] });
    expect(closed).not.toHaveProperty('pendingWorkflowTask');
  });

  test('returns the latest run, or the run of the given run id', async () => {
    const first = await ScriptedWorkflow.start(connection);
    await first.completeTask(completeWorkflow);
    const { client, workflowId, runId } = first;
    const second = await ScriptedWorkflow.start(connection, { workflowId });

    const latest = await describeWorkflow(client, { workflowId });
    expect(latest).toMatchObject({ runId: second.runId, status: 'Running', timeouts: { runSeconds: 0 } });
    // The server sends the year 1 for a time that is not set.
    expect(latest.timeouts).toHaveProperty('runExpirationTime', undefined);
    expect(await describeWorkflow(client, { workflowId, runId })).toMatchObject({ runId, status: 'Completed' });
  });

  test('makes one call for an open run without problems, and omits absent fields', async () => {
    const workflow = await ScriptedWorkflow.start(connection, { workflowRunTimeoutSeconds: 3600 });
    await workflow.completeTask(startTimer('1', 600_000));
    const { client, called } = recordingClient(connection);

    const described = await describeWorkflow(client, { workflowId: workflow.workflowId });

    expect(described).toMatchObject({
      stuck: [],
      timeouts: {
        executionSeconds: 0,
        runSeconds: 3600,
        workflowTaskSeconds: 10,
        runExpirationTime: expect.any(String),
      },
      pendingNexusOperations: [],
    });
    for (const absent of ['failure', 'predecessor', 'successor', 'cronSchedule', 'backoff', 'paused', 'versioning']) {
      expect(described).toHaveProperty(absent, undefined);
    }
    expect(called).toEqual(['describeWorkflowExecution']);
  });
});

describe('the failure of a closed run', () => {
  const connection = testConnection();
  const described = ({ client, workflowId, runId }: ScriptedWorkflow) =>
    describeWorkflow(client, { workflowId, runId });

  test('names the activity that caused it', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    await workflow.completeTask(scheduleActivity('chargeCard', workflow.taskQueue));
    await workflow.failActivity('card declined');
    await workflow.completeTask(failWorkflowBecauseOf('chargeCard', 5, 'card declined'));
    const { client, called } = recordingClient(connection);

    expect(await describeWorkflow(client, { workflowId: workflow.workflowId })).toMatchObject({
      status: 'Failed',
      stuck: undefined,
      failure: { message: 'card declined', type: 'Error', activity: { activityType: 'chargeCard' } },
    });
    expect(called).toEqual(['describeWorkflowExecution', 'getWorkflowExecutionHistoryReverse']);
  });

  test('names the child workflow that caused it, and the type of the innermost cause', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    await workflow.completeTask(
      failWorkflowWith({
        message: 'Child Workflow execution failed',
        childWorkflowExecutionFailureInfo: {
          workflowExecution: { workflowId: 'ship-1', runId: 'r' },
          workflowType: { name: 'ship' },
        },
        cause: {
          message: 'Activity task failed',
          activityFailureInfo: { activityId: 'a', activityType: { name: 'label' } },
          cause: { message: 'no paper', applicationFailureInfo: { type: 'PrinterError' } },
        },
      }),
    );

    expect((await described(workflow)).failure).toEqual({
      message: 'no paper',
      type: 'PrinterError',
      child: { workflowId: 'ship-1', runId: 'r', workflowType: 'ship' },
      activity: { activityId: 'a', activityType: 'label' },
    });
  });

  test('contains no payloads and at most 2,000 characters', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const details = { payloads: [defaultPayloadConverter.toPayload('secret-4711')] };
    await workflow.completeTask(
      failWorkflowWith({
        message: 'é'.repeat(3_000),
        encodedAttributes: details.payloads[0],
        applicationFailureInfo: { type: 'Bad', details },
      }),
    );

    const { failure } = await described(workflow);
    expect(failure?.message).toBe(`${'é'.repeat(1_999)}…`);
    expect(JSON.stringify(failure)).not.toContain('secret-4711');
  });

  test('contains the identity and the reason of a termination', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    await workflow.client.terminate(workflow, { reason: 'runs amok', identity: 'ann', temporalRequestId: '' });

    expect(await described(workflow)).toMatchObject({
      status: 'Terminated',
      failure: { message: 'runs amok', type: 'Terminated', identity: 'ann' },
    });
  });

  test('is a timeout if the run timed out, and absent if it completed', async () => {
    const late = await ScriptedWorkflow.start(connection, { workflowRunTimeoutSeconds: 1 });
    await eventually(async () => (await described(late)).status === 'TimedOut');
    expect((await described(late)).failure).toEqual({ message: 'the workflow timed out', type: 'Timeout' });

    const done = await ScriptedWorkflow.start(connection);
    await done.completeTask(completeWorkflow);
    expect((await described(done)).failure).toBeUndefined();
  });
});

describe('the predecessor and the successor', () => {
  const connection = testConnection();

  async function firstAndNextRun(first: ScriptedWorkflow) {
    const { client, workflowId, runId } = first;
    const earlier = await eventually(async () => {
      const found = await describeWorkflow(client, { workflowId, runId });
      return found.successor && found;
    });
    return { earlier, later: await describeWorkflow(client, { workflowId, runId: earlier.successor?.runId }) };
  }

  test('of a run that continued as new are linked', async () => {
    const first = await ScriptedWorkflow.start(connection);
    await first.completeTask(continueAsNew);

    const { earlier, later } = await firstAndNextRun(first);
    expect(earlier).toMatchObject({ status: 'ContinuedAsNew', successor: { relation: 'continuedAsNew' } });
    expect(later.predecessor).toEqual({ runId: first.runId, relation: 'continuedAsNew' });
    expect(later.successor).toBeUndefined();
  });

  test('of a cron run that waits for its time are absent, and the run has a backoff', async () => {
    const first = await ScriptedWorkflow.start(connection, { cronSchedule: '@every 600s' });
    const { client, workflowId } = first;

    const waiting = await describeWorkflow(client, { workflowId });
    expect(waiting).toMatchObject({
      status: 'Running',
      stuck: [],
      cronSchedule: '@every 600s',
      backoff: { until: expect.any(String), cause: 'cron' },
    });
    expect(Date.parse(waiting.backoff?.until ?? '')).toBeGreaterThan(Date.now());
  });

  test('of a retried run are linked', async () => {
    const first = await ScriptedWorkflow.start(connection, { attempts: 2 });
    await first.completeTask(failWorkflow('not yet'));

    const { earlier, later } = await firstAndNextRun(first);
    expect(earlier).toMatchObject({ failure: { message: 'not yet' }, successor: { relation: 'retry' } });
    expect(later).toMatchObject({
      predecessor: { runId: first.runId, relation: 'retry' },
      backoff: { cause: 'retry' },
      stuck: [],
    });
  });

  test('of a run that was reset are linked', async () => {
    const first = await ScriptedWorkflow.start(connection);
    await first.completeTask(completeWorkflow);
    await new Rewind(await createLedger()).reset(first, { target: { at: 'firstWorkflowTask' }, reason: 'again' });

    const { earlier, later } = await firstAndNextRun(first);
    expect(earlier).toMatchObject({ status: 'Completed', successor: { relation: 'reset' } });
    expect(later.predecessor).toEqual({ runId: first.runId, relation: 'reset' });
  });
});

describe('a run without a first workflow task', () => {
  const connection = testConnection();

  test('is not stuck during its start delay', async () => {
    const { client, workflowId } = await ScriptedWorkflow.start(connection, { startDelaySeconds: 600 });
    // A task that no worker has started is reported after a second.
    const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 1_200);

    const described = await describeWorkflow(client, { workflowId });

    clock.mockRestore();
    expect(described).toMatchObject({
      status: 'Running',
      stuck: [],
      backoff: { cause: 'startDelay', until: expect.any(String) },
    });
  });

  test.each([
    ['a start delay', { startDelaySeconds: 600 }],
    ['a cron schedule', { cronSchedule: '@every 600s' }],
  ])('no longer waits for %s once its cancellation is requested', async (_, options) => {
    const workflow = await ScriptedWorkflow.start(connection, options);
    const { client, workflowId } = workflow;
    await workflow.signal('does not start it');
    expect(await describeWorkflow(client, { workflowId })).toHaveProperty('backoff.until');

    await client.requestCancel(workflow, { reason: 'r', identity: 'i', temporalRequestId: 'r' });
    const described = await describeWorkflow(client, { workflowId });
    expect(described).toMatchObject({ pendingWorkflowTask: { state: 'Scheduled' }, backoff: undefined });
    await workflow.completeTask(startTimer('1', 600_000));
    expect((await describeWorkflow(client, { workflowId })).backoff).toBeUndefined();
  });

  test('returns the version to which it is pinned', async () => {
    const pinned = { deploymentName: `orders-${randomUUID()}`, buildId: '1.0' };
    const { client, workflowId } = await ScriptedWorkflow.start(connection, { pinned });

    expect((await describeWorkflow(client, { workflowId })).versioning).toEqual({
      behavior: 'Unspecified',
      deploymentVersion: undefined,
      pinnedTo: pinned,
    });
  });
});

describe('a pending Nexus operation', () => {
  const connection = testConnection();

  test('has state, attempts and last failure', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const endpoint = await nexusEndpoint(connection, 'http://127.0.0.1:9');
    await workflow.completeTask(scheduleNexusOperation(endpoint, 'stock', 'reserve'));
    const { client, workflowId } = workflow;

    const failing = await eventually(async () => {
      const described = await describeWorkflow(client, { workflowId });
      return described.pendingNexusOperations[0]?.lastFailure !== undefined && described;
    });
    expect(findings(failing)).toEqual([
      {
        what: expect.stringMatching(/^Nexus operation stock\.reserve has not started, after \d+ attempts?: ./),
        next: [],
      },
    ]);
    expect(failing.pendingNexusOperations[0]).toMatchObject({
      endpoint,
      service: 'stock',
      operation: 'reserve',
      state: expect.stringMatching(/^(Scheduled|BackingOff)$/),
      attempt: expect.any(Number),
      scheduledTime: expect.any(String),
      scheduleToCloseTimeoutSeconds: 600,
    });
  });
});
