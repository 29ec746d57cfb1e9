import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Connection } from '@temporalio/client';
import { OperationFailure } from '../../api/failures';
import { LEASE_MS } from '../../operations/ledger/lease';
import { callsOver } from '../../operations/temporal/managed-connection';
import { NamespaceClient } from '../../operations/temporal/namespace-client';
import { DynamoDbLedger } from '../../aws/dynamodb-ledger';
import { withHangingCall } from '../support/hanging-ledger';
import { withCall } from '../support/with-call';
import { createLedger } from '../support/ledger-table';
import { Rewind } from '../support/rewind';
import { completeWorkflow, connectToTestServer, namespace, ScriptedWorkflow } from '../support/scripted-workflow';

/** A clock that shows the time after every lease given out until now has ended. */
const afterTheLease = { now: () => Date.now() + LEASE_MS + 1000 };

describe('an operation under an idempotency key', () => {
  let connection: Connection;
  let ledger: DynamoDbLedger;
  let rewind: Rewind;
  beforeAll(async () => {
    connection = connectToTestServer();
    ledger = await createLedger();
    rewind = new Rewind(ledger);
  });
  afterAll(() => connection.close());

  const operationsOn = async ({ workflowId }: ScriptedWorkflow) =>
    (await ledger.search(namespace, { workflowId }, { size: 100 })).operations;

  test('is done once by 20 at the same time, and each gets the same answer', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const how = { idempotencyKey: randomUUID() };

    const performed = await Promise.all(Array.from({ length: 20 }, () => rewind.cancel(workflow, {}, how)));

    expect(performed.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(new Set(performed.map(({ answer }) => JSON.stringify(answer))).size).toBe(1);
    expect(performed[0]?.answer.outcome).toBe('requested');
    expect(await workflow.cancelRequests()).toHaveLength(1);
    expect(await operationsOn(workflow)).toHaveLength(1);
  });

  test('gives its first answer again, although the workflow is another by now', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const how = { idempotencyKey: randomUUID() };
    const first = await rewind.cancel(workflow, {}, how);
    await workflow.completeTask(completeWorkflow);

    const second = await rewind.cancel(workflow, {}, how);

    expect(second.replayed).toBe(true);
    expect(JSON.stringify(second.answer)).toBe(JSON.stringify(first.answer));
  });

  test('refuses another body under the same key', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const other = await ScriptedWorkflow.start(connection);
    const how = { idempotencyKey: randomUUID() };
    await rewind.cancel(workflow, {}, how);

    await expect(rewind.cancel(other, {}, how)).rejects.toMatchObject({ kind: 'idempotency-key-reused' });
    await expect(rewind.cancel(workflow, { reason: 'another' }, how)).rejects.toMatchObject({
      kind: 'idempotency-key-reused',
    });
    await expect(rewind.terminate(workflow, { reason: 'withdrawn' }, how)).rejects.toMatchObject({
      kind: 'idempotency-key-reused',
    });
    expect(await other.cancelRequests()).toHaveLength(0);
  });

  test('gives a refusal again', async () => {
    const { client } = await ScriptedWorkflow.start(connection);
    const workflowId = `late-${randomUUID()}`;
    const how = { idempotencyKey: randomUUID() };
    await expect(rewind.cancel({ client, workflowId }, {}, how)).rejects.toMatchObject({ kind: 'workflow-not-found' });
    const late = await ScriptedWorkflow.start(connection, { workflowId });

    await expect(rewind.cancel(late, {}, how)).rejects.toMatchObject({ kind: 'workflow-not-found' });

    expect(await operationsOn(late)).toMatchObject([{ state: 'refused', outcome: 'workflow-not-found' }]);
    expect(await late.cancelRequests()).toHaveLength(0);
  });

  test('that died between acting and recording is settled by the retry: one request, and the true outcome', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const how = { idempotencyKey: randomUUID() };
    const hanging = withHangingCall(ledger, 'complete');
    void new Rewind(hanging.ledger).cancel(workflow, {}, how).catch(() => {});
    await hanging.hung;
    expect(await operationsOn(workflow)).toMatchObject([{ state: 'started', runId: workflow.runId }]);

    const { answer, replayed } = await new Rewind(ledger, afterTheLease).cancel(workflow, {}, how);

    expect(answer.outcome).toBe('requested');
    expect(replayed).toBe(false);
    expect(await workflow.cancelRequests()).toHaveLength(1);
    expect(await operationsOn(workflow)).toMatchObject([{ state: 'completed', outcome: 'requested', attempt: 2 }]);
  });

  test('whose process is killed between acting and recording is settled by the retry', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const idempotencyKey = randomUUID();
    const script = path.join(__dirname, '../support/hanging-function.ts');
    const child = spawn(process.execPath, [
      '--import',
      'tsx',
      script,
      ledger.tableName,
      workflow.workflowId,
      idempotencyKey,
    ]);
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await workflow.cancelRequests()).toHaveLength(1);

    const { answer } = await new Rewind(ledger, afterTheLease).cancel(workflow, {}, { idempotencyKey });

    expect(answer.outcome).toBe('requested');
    expect(await workflow.cancelRequests()).toHaveLength(1);
    expect(await operationsOn(workflow)).toMatchObject([{ state: 'completed', outcome: 'requested' }]);
  });

  test('that cannot be found out yet stays unknown, and is settled by a later retry', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const { client, workflowId } = workflow;
    const how = { idempotencyKey: randomUUID() };
    const hanging = withHangingCall(ledger, 'complete');
    void new Rewind(hanging.ledger).cancel(workflow, {}, how).catch(() => {});
    await hanging.hung;
    const unreachable = Object.create(client, {
      historyReverse: { value: () => Promise.reject(new OperationFailure('temporal-unavailable', 'gone')) },
    }) as typeof client;
    await expect(
      new Rewind(ledger, afterTheLease).cancel({ client: unreachable, workflowId }, {}, how),
    ).rejects.toMatchObject({ kind: 'temporal-unavailable' });
    expect(await operationsOn(workflow)).toMatchObject([{ state: 'unknown', outcome: 'temporal-unavailable' }]);

    const { answer } = await new Rewind(ledger, afterTheLease).cancel(workflow, {}, how);

    expect(answer.outcome).toBe('requested');
    expect(await workflow.cancelRequests()).toHaveLength(1);
    const [settled] = await operationsOn(workflow);
    expect(settled).toMatchObject({ state: 'completed', outcome: 'requested', attempt: 3 });
    expect(settled).not.toHaveProperty('failure');
  });

  test('whose run is known beforehand takes one write fewer, and is settled by the retry all the same', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const how = { idempotencyKey: randomUUID(), runId: workflow.runId };
    const hanging = withHangingCall(ledger, 'complete');
    const noPin = withCall(hanging.ledger, 'recordTargetRun', () => Promise.reject(new Error('one write too many')));
    void new Rewind(noPin).cancel(workflow, {}, how);
    await hanging.hung;

    const { answer, record } = await new Rewind(ledger, afterTheLease).cancel(workflow, {}, how);

    expect(answer.outcome).toBe('requested');
    expect(record.attempt).toBe(2);
    expect(await workflow.cancelRequests()).toHaveLength(1);
  });

  test('whose run is known beforehand and could not be looked at was surely not done', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const nobody = new NamespaceClient(
      namespace,
      callsOver(Connection.lazy({ address: '127.0.0.1:1', interceptors: [] })),
    );
    const how = { idempotencyKey: randomUUID(), runId: workflow.runId };

    await expect(rewind.cancel({ client: nobody, workflowId: workflow.workflowId }, {}, how)).rejects.toMatchObject({
      kind: 'temporal-unavailable',
    });

    expect(await operationsOn(workflow)).toMatchObject([{ state: 'failed', outcome: 'temporal-unavailable' }]);
  });

  test('that died before acting is done by the retry', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const how = { idempotencyKey: randomUUID() };
    const hanging = withHangingCall(ledger, 'recordTargetRun');
    void new Rewind(hanging.ledger).cancel(workflow, {}, how).catch(() => {});
    await hanging.hung;
    expect(await workflow.cancelRequests()).toHaveLength(0);

    const { answer } = await new Rewind(ledger, afterTheLease).cancel(workflow, {}, how);

    expect(answer.outcome).toBe('requested');
    expect(await workflow.cancelRequests()).toHaveLength(1);
  });

  test('a terminate that died between acting and recording is known for its own', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const how = { idempotencyKey: randomUUID() };
    const hanging = withHangingCall(ledger, 'complete');
    void new Rewind(hanging.ledger).terminate(workflow, {}, how).catch(() => {});
    await hanging.hung;

    const { answer } = await new Rewind(ledger, afterTheLease).terminate(workflow, {}, how);

    expect(answer).toMatchObject({ outcome: 'terminated', status: 'Terminated' });
  });

  test('a reset that died between acting and recording makes no second run', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    await workflow.completeTask();
    const how = { idempotencyKey: randomUUID() };
    const hanging = withHangingCall(ledger, 'complete');
    void new Rewind(hanging.ledger).reset(workflow, { target: { eventId: 4 } }, how).catch(() => {});
    await hanging.hung;
    const madeByTheFirst = (await workflow.describe()).workflowExecutionInfo?.execution?.runId;

    const { answer } = await new Rewind(ledger, afterTheLease).reset(workflow, { target: { eventId: 4 } }, how);

    expect(answer).toMatchObject({ runId: workflow.runId, newRunId: madeByTheFirst });
    expect((await workflow.describe()).workflowExecutionInfo?.execution?.runId).toBe(madeByTheFirst);
  });

  test('is refused while another is at it', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const how = { idempotencyKey: randomUUID() };
    const hanging = withHangingCall(ledger, 'recordTargetRun');
    void new Rewind(hanging.ledger).cancel(workflow, {}, how).catch(() => {});
    await hanging.hung;
    let clock = Date.now();
    const impatient = new Rewind(ledger, { now: () => clock, pause: async (ms) => void (clock += ms * 10) });

    await expect(impatient.cancel(workflow, {}, how)).rejects.toMatchObject({
      kind: 'operation-in-progress',
      details: { retryAfterSeconds: expect.any(Number) },
    });
    expect(await workflow.cancelRequests()).toHaveLength(0);
  });

  test('is not done at all when the ledger does not answer', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const down = new DynamoDbLedger({
      tableName: 'ledger',
      retentionDays: 1,
      client: new DynamoDBClient({ endpoint: 'http://127.0.0.1:9', maxAttempts: 1 }),
    });

    await expect(new Rewind(down).cancel(workflow)).rejects.toMatchObject({ kind: 'ledger-unavailable' });

    expect(await workflow.cancelRequests()).toHaveLength(0);
  });

  test('is answered truly when the ledger fails after the act', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const failing = withCall(ledger, 'complete', () => Promise.reject(new Error('down')));
    const unlucky = new Rewind(failing);

    const { answer } = await unlucky.cancel(workflow);

    expect(answer.outcome).toBe('requested');
    expect(unlucky.unrecorded).toHaveLength(1);
  });
});

describe('the ledger', () => {
  test('lists the operations on a workflow, newest first, page by page', async () => {
    const connection = connectToTestServer();
    const rewind = new Rewind(await createLedger());
    const workflow = await ScriptedWorkflow.start(connection);
    for (const reason of ['one', 'two', 'three']) await rewind.cancel(workflow, { reason });
    const { workflowId } = workflow;

    const first = await rewind.ledger.search(namespace, { workflowId }, { size: 2 });
    const second = await rewind.ledger.search(namespace, { workflowId }, { size: 2, token: first.nextPageToken });

    expect(first.operations.map(({ reason }) => reason)).toEqual(['three', 'two']);
    expect(second.operations.map(({ reason }) => reason)).toEqual(['one']);
    expect(second.nextPageToken).toBeUndefined();
    await expect(
      rewind.ledger.search(namespace, { workflowId: 'another' }, { size: 2, token: first.nextPageToken }),
    ).rejects.toMatchObject({ kind: 'invalid-request', details: { field: 'pageToken' } });
    await connection.close();
  });
});
