import { randomUUID } from 'node:crypto';
import type { temporal } from '@temporalio/proto';
import Long from 'long';
import { OperationFailure } from '../../api/failures';
import { eventually } from '../support/eventually';
import { changedBefore, failingCall, losingResponse, timedOut } from '../support/interrupted-calls';
import { testLedger } from '../support/ledger-table';
import { ann, Rewind } from '../support/rewind';
import {
  completeWorkflow,
  continueAsNew,
  failedWorkflow,
  failWorkflow,
  namespace,
  ScriptedWorkflow,
  testConnection,
} from '../support/scripted-workflow';
import { withCall } from '../support/with-call';

const connection = testConnection();
const rewind = new Rewind(testLedger());

/** `INDEXED_VALUE_TYPE_TEXT` */
const temporalTextType = 1 as temporal.api.enums.v1.IndexedValueType;

const startEventOf = async (workflow: ScriptedWorkflow, runId: string) => {
  const [event] = await workflow.history(runId);
  return { event, attributes: event?.workflowExecutionStartedEventAttributes ?? {} };
};

test('the new run starts like the closed one and links to it, and the ledger records no payload', async () => {
  const secret = `order of ${randomUUID()}`;
  const payload = (text: string) => ({
    metadata: { encoding: Buffer.from('binary/encrypted'), key: Buffer.from('k1') },
    data: Buffer.from(text),
  });
  const workflowId = `restart-${randomUUID()}`;
  const seconds = (number: number) => ({ seconds: Long.fromNumber(number), nanos: 0 });
  const searchAttributes = {
    indexedFields: {
      CustomText: {
        metadata: { encoding: Buffer.from('json/plain'), type: Buffer.from('Text') },
        data: Buffer.from('"blue"'),
      },
    },
  };
  await connection.operatorService
    .addSearchAttributes({ namespace, searchAttributes: { CustomText: temporalTextType } })
    .catch(() => {});
  const startRequest = {
    namespace,
    workflowId,
    requestId: randomUUID(),
    workflowType: { name: 'order' },
    taskQueue: { name: `restart-${randomUUID()}` },
    input: { payloads: [payload(secret), payload('second')] },
    workflowExecutionTimeout: seconds(3600),
    workflowRunTimeout: seconds(1800),
    workflowTaskTimeout: seconds(7),
    retryPolicy: {
      initialInterval: seconds(3),
      backoffCoefficient: 2,
      maximumInterval: seconds(60),
      maximumAttempts: 1,
    },
    memo: { fields: { note: payload(secret) } },
    searchAttributes,
    header: { fields: { tracing: payload(secret) } },
    userMetadata: { summary: payload('summary') },
    priority: { priorityKey: 2 },
  };
  // A new search attribute is not available at once.
  const { runId } = await eventually(() =>
    connection.workflowService.startWorkflowExecution(startRequest).catch(() => undefined),
  );
  await connection.workflowService.terminateWorkflowExecution({ namespace, workflowExecution: { workflowId, runId } });
  const workflow = ScriptedWorkflow.attach(connection, 'unused', workflowId);

  const { answer, record } = await rewind.restart(workflow);

  expect(answer).toMatchObject({ outcome: 'restarted', workflowId, runId, newRunId: expect.any(String) });
  const [before, after] = [await startEventOf(workflow, runId), await startEventOf(workflow, answer.newRunId ?? '')];
  const comparable = ({ attributes, event }: typeof before) => ({
    ...attributes,
    userMetadata: event?.userMetadata,
    originalExecutionRunId: '',
    firstExecutionRunId: '',
    workflowExecutionExpirationTime: null,
    identity: '',
  });
  expect(comparable(after)).toEqual(comparable(before));
  expect(after.attributes.identity).toBe(ann.id);
  expect(after.event?.links?.map(({ workflowEvent }) => workflowEvent)).toMatchObject([{ workflowId, runId }]);
  const recorded = JSON.stringify(await rewind.ledger.find(record.operationId)) + JSON.stringify(answer);
  expect(recorded).toContain(answer.newRunId);
  expect(recorded).not.toContain(secret);
  expect(recorded).not.toContain(Buffer.from(secret).toString('base64'));
});

test('search attributes that the server and the SDKs set about one run are not copied to the new run', async () => {
  const workflowId = `restart-${randomUUID()}`;
  const attribute = (type: string, value: unknown) => ({
    metadata: { encoding: Buffer.from('json/plain'), type: Buffer.from(type) },
    data: Buffer.from(JSON.stringify(value)),
  });
  const kept = { TemporalScheduledById: attribute('Keyword', 'nightly') };
  const { runId } = await connection.workflowService.startWorkflowExecution({
    namespace,
    workflowId,
    requestId: randomUUID(),
    workflowType: { name: 'order' },
    taskQueue: { name: 'unused' },
    searchAttributes: {
      indexedFields: {
        ...kept,
        BuildIds: attribute('KeywordList', ['unversioned:bad']),
        BinaryChecksums: attribute('KeywordList', ['bad']),
        TemporalChangeVersion: attribute('KeywordList', ['fee-1']),
        TemporalPauseInfo: attribute('KeywordList', ['Workflow:bank is down']),
      },
    },
  });
  await connection.workflowService.terminateWorkflowExecution({ namespace, workflowExecution: { workflowId, runId } });
  const workflow = ScriptedWorkflow.attach(connection, 'unused', workflowId);

  const { answer } = await rewind.restart(workflow);

  const { attributes } = await startEventOf(workflow, answer.newRunId ?? '');
  expect(Object.keys(attributes.searchAttributes?.indexedFields ?? {})).toEqual(Object.keys(kept));
});

test('a restart after continue-as-new starts a new chain from the last run', async () => {
  const workflow = await ScriptedWorkflow.start(connection);
  await workflow.completeTask(continueAsNew);
  await workflow.completeTask(failWorkflow('no'));

  const { answer } = await rewind.restart(workflow);

  const { attributes } = await startEventOf(workflow, answer.newRunId ?? '');
  expect(answer.runId).not.toBe(workflow.runId);
  expect(attributes).toMatchObject({ firstExecutionRunId: answer.newRunId, continuedExecutionRunId: '' });
});

describe('a restart is refused', () => {
  test('while a run is open, unless terminateRunId names it', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const { runId } = workflow;

    for (const request of [{}, { terminateRunId: randomUUID() }]) {
      await expect(rewind.restart(workflow, request)).rejects.toMatchObject({
        kind: 'conflict',
        details: { field: 'terminateRunId', allowed: expect.stringContaining(runId) },
      });
    }

    const { answer } = await rewind.restart(workflow, { terminateRunId: runId });
    expect(answer).toMatchObject({ outcome: 'restarted', runId, terminatedRunId: runId });
    const terminated = (await workflow.history()).at(-1)?.workflowExecutionTerminatedEventAttributes;
    expect(terminated?.reason).toBe(`started wrongly [rewind ${answer.operationId} by ${ann.id}]`);
  });

  test('if the workflow has completed, unless workflowIdReusePolicy allows duplicates', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    await workflow.completeTask(completeWorkflow);

    await expect(rewind.restart(workflow)).rejects.toMatchObject({
      kind: 'conflict',
      details: { field: 'workflowIdReusePolicy' },
    });
    const { answer } = await rewind.restart(workflow, { workflowIdReusePolicy: 'allowDuplicate' });
    expect(answer.outcome).toBe('restarted');
  });

  test('if another request starts a run just before, and the error names that run', async () => {
    const workflow = await failedWorkflow(connection);
    const racing = changedBefore(workflow, 'startAgain', () =>
      ScriptedWorkflow.start(connection, { workflowId: workflow.workflowId }),
    );

    const refused: unknown = await rewind.restart(racing).catch((error: unknown) => error);

    const current = await workflow.currentRunId();
    expect(refused).toMatchObject({
      kind: 'conflict',
      message: expect.stringContaining(`Run ${current} of workflow`),
      details: { field: 'terminateRunId' },
    });
    expect(await rewind.operationsOn(workflow)).toMatchObject([{ state: 'refused' }]);
  });

  test('if a concurrent restart starts a run', async () => {
    const workflow = await failedWorkflow(connection);

    const both = await Promise.allSettled([rewind.restart(workflow), rewind.restart(workflow)]);

    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });
});

test('of a restart and a concurrent start by another tool, one starts a run and the other fails', async () => {
  const race = async () => {
    const workflow = await failedWorkflow(connection);
    const { workflowId } = workflow;
    const [restarted, started] = await Promise.allSettled([
      rewind.restart(workflow),
      ScriptedWorkflow.start(connection, { workflowId }),
    ]);
    const current = await workflow.currentRunId();
    const restart = restarted.status === 'fulfilled' ? restarted.value.answer.newRunId : String(restarted.reason);
    const start = started.status === 'fulfilled' ? started.value.runId : 'refused';
    const refused = `OperationFailure: Run ${current} of workflow "${workflowId}" is open. Nothing was done.`;
    expect([
      { restart: current, start: 'refused' },
      { restart: refused, start: current },
    ]).toContainEqual({ restart, start });
  };
  await Promise.all(Array.from({ length: 10 }, race));
});

describe('a restart that terminated the open run', () => {
  test('returns terminatedOnly with the current run if another request starts a run before it', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const { runId, workflowId } = workflow;
    let other = '';
    const racing = changedBefore(workflow, 'startAgain', async () => {
      other = (await ScriptedWorkflow.start(connection, { workflowId })).runId;
    });

    const { answer } = await rewind.restart(racing, { terminateRunId: runId });

    expect(answer).toMatchObject({ outcome: 'terminatedOnly', terminatedRunId: runId, currentRunId: other });
  });

  test('reports the termination if the start is throttled; a retry with the same key starts the run', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const { runId } = workflow;
    const options = { idempotencyKey: randomUUID() };
    const throttled = failingCall(workflow, 'startAgain', new OperationFailure('throttled', 'Nothing was done.'));
    await expect(rewind.restart(throttled, { terminateRunId: runId }, options)).rejects.toMatchObject({
      kind: 'temporal-unavailable',
      message: expect.stringContaining(`Run ${runId} was terminated`),
    });

    const { answer } = await rewind.restart(workflow, { terminateRunId: runId }, options);
    expect(answer).toMatchObject({ outcome: 'restarted', runId });
  });
});

describe('a restart whose response was lost', () => {
  test('returns the run that it started', async () => {
    const workflow = await failedWorkflow(connection);

    const { answer } = await rewind.restart(losingResponse(workflow, 'startAgain'));

    expect(answer).toMatchObject({ outcome: 'restarted', newRunId: await workflow.currentRunId() });
    expect(answer.newRunId).not.toBe(workflow.runId);
  });

  test('returns that run although it has closed and another run has started since', async () => {
    const workflow = await failedWorkflow(connection);
    const { workflowId } = workflow;
    const options = { idempotencyKey: randomUUID() };
    let newRunId = '';
    const unreachable = {
      workflowId,
      client: withCall(
        withCall(workflow.client, 'startAgain', async (...call) => {
          newRunId = await workflow.client.startAgain(...call);
          throw timedOut();
        }),
        'describe',
        (execution) => (newRunId === '' ? workflow.client.describe(execution) : Promise.reject(timedOut())),
      ),
    };
    await expect(rewind.restart(unreachable, {}, options)).rejects.toMatchObject({ kind: 'temporal-timeout' });
    await workflow.client.terminate(
      { workflowId, runId: newRunId },
      { reason: 'x', identity: 'x', temporalRequestId: 'x' },
    );
    const other = await ScriptedWorkflow.start(connection, { workflowId });
    // Visibility lists the run after a delay.
    await eventually(async () => (await workflow.client.listRunIds(workflowId, 10)).includes(newRunId));

    const { answer } = await rewind.afterLease().restart(workflow, {}, options);

    expect(answer).toMatchObject({ outcome: 'restarted', newRunId });
    expect(await workflow.currentRunId()).toBe(other.runId);
  });
});
