import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Connection } from '@temporalio/client';
import { OperationFailure } from '../../api/failures';
import { callsOver } from '../support/calls-over';
import { NamespaceClient } from '../../operations/temporal/namespace-client';
import { DynamoDbLedger } from '../../aws/dynamodb-ledger';
import { redrive } from '../../operations/rejected-events/redrive';
import { InMemoryRejectedEvents } from '../support/in-memory-rejected-events';
import { withHangingCall } from '../support/hanging-ledger';
import { withCall } from '../support/with-call';
import { createLedger } from '../support/ledger-table';
import { ann, Rewind } from '../support/rewind';
import { completeWorkflow, connectToTestServer, namespace, ScriptedWorkflow } from '../support/scripted-workflow';

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

  test('executes once for 20 concurrent requests, and each returns the same response', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const how = { idempotencyKey: randomUUID() };

    const executions = await Promise.all(Array.from({ length: 20 }, () => rewind.cancel(workflow, {}, how)));

    expect(executions.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(new Set(executions.map(({ answer }) => JSON.stringify(answer))).size).toBe(1);
    expect(executions[0]?.answer.outcome).toBe('requested');
    expect(await workflow.cancelRequests()).toHaveLength(1);
    expect(await rewind.operationsOn(workflow)).toHaveLength(1);
  });

  test('replays its first response after the state of the workflow has changed', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const how = { idempotencyKey: randomUUID() };
    const first = await rewind.cancel(workflow, {}, how);
    await workflow.completeTask(completeWorkflow);

    const second = await rewind.cancel(workflow, {}, how);

    expect(second.replayed).toBe(true);
    expect(JSON.stringify(second.answer)).toBe(JSON.stringify(first.answer));
  });

  test('refuses another request with the same key', async () => {
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

  test('refuses a key that a redrive has used, and a redrive a key that an operation has used', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const redriveUnder = (idempotencyKey: string) => {
      const dependencies = {
        rejectedEvents: new InMemoryRejectedEvents(),
        ledger: rewind.ledger,
        send: async () => {},
      };
      const caller = { actor: ann, deadline: Date.now() + 29_000, idempotencyKey };
      return redrive(dependencies, namespace, { reason: 'fixed', all: true }, caller);
    };
    const [ofRedrive, ofCancellation] = [randomUUID(), randomUUID()];
    await redriveUnder(ofRedrive);

    await expect(rewind.cancel(workflow, {}, { idempotencyKey: ofRedrive })).rejects.toMatchObject({
      kind: 'idempotency-key-reused',
      message: expect.stringContaining(', redrive of '),
    });
    expect(await workflow.cancelRequests()).toHaveLength(0);
    await rewind.cancel(workflow, {}, { idempotencyKey: ofCancellation });
    await expect(redriveUnder(ofCancellation)).rejects.toMatchObject({ kind: 'idempotency-key-reused' });
    expect(await redriveUnder(ofRedrive)).toMatchObject({ outcome: 'redriven' });
  });

  test('replays a refusal', async () => {
    const { client } = await ScriptedWorkflow.start(connection);
    const workflowId = `late-${randomUUID()}`;
    const how = { idempotencyKey: randomUUID() };
    await expect(rewind.cancel({ client, workflowId }, {}, how)).rejects.toMatchObject({ kind: 'workflow-not-found' });
    const late = await ScriptedWorkflow.start(connection, { workflowId });

    await expect(rewind.cancel(late, {}, how)).rejects.toMatchObject({ kind: 'workflow-not-found' });

    expect(await rewind.operationsOn(late)).toMatchObject([{ state: 'refused', outcome: 'workflow-not-found' }]);
    expect(await late.cancelRequests()).toHaveLength(0);
  });

  test('whose function stops between the change and the record is completed by a retry, with one cancel request', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const how = { idempotencyKey: randomUUID() };
    const hanging = withHangingCall(ledger, 'complete');
    void new Rewind(hanging.ledger).cancel(workflow, {}, how).catch(() => {});
    await hanging.hung;
    expect(await rewind.operationsOn(workflow)).toMatchObject([{ state: 'started', runId: workflow.runId }]);

    const { answer, replayed } = await rewind.afterLease().cancel(workflow, {}, how);

    expect(answer.outcome).toBe('requested');
    expect(replayed).toBe(false);
    expect(await workflow.cancelRequests()).toHaveLength(1);
    expect(await rewind.operationsOn(workflow)).toMatchObject([
      { state: 'completed', outcome: 'requested', attempt: 2 },
    ]);
  });

  test('whose process is killed between the change and the record is completed by a retry', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const idempotencyKey = randomUUID();
    const script = path.join(__dirname, '../support/hanging-function.ts');
    const args = [script, ledger.tableName, workflow.workflowId, idempotencyKey];
    const child = spawn(process.execPath, ['--import', 'tsx', ...args]);
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await workflow.cancelRequests()).toHaveLength(1);

    const { answer } = await rewind.afterLease().cancel(workflow, {}, { idempotencyKey });

    expect(answer.outcome).toBe('requested');
    expect(await workflow.cancelRequests()).toHaveLength(1);
    expect(await rewind.operationsOn(workflow)).toMatchObject([{ state: 'completed', outcome: 'requested' }]);
  });

  test('stays unknown while its outcome cannot be read, and is completed by a later retry', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const { client, workflowId } = workflow;
    const how = { idempotencyKey: randomUUID() };
    const hanging = withHangingCall(ledger, 'complete');
    void new Rewind(hanging.ledger).cancel(workflow, {}, how).catch(() => {});
    await hanging.hung;
    const unreachable = Object.create(client, {
      historyReverse: { value: () => Promise.reject(new OperationFailure('temporal-unavailable', 'gone')) },
    }) as typeof client;
    await expect(rewind.afterLease().cancel({ client: unreachable, workflowId }, {}, how)).rejects.toMatchObject({
      kind: 'temporal-unavailable',
    });
    expect(await rewind.operationsOn(workflow)).toMatchObject([{ state: 'unknown', outcome: 'temporal-unavailable' }]);

    const { answer } = await rewind.afterLease().cancel(workflow, {}, how);

    expect(answer.outcome).toBe('requested');
    expect(await workflow.cancelRequests()).toHaveLength(1);
    const [record] = await rewind.operationsOn(workflow);
    expect(record).toMatchObject({ state: 'completed', outcome: 'requested', attempt: 3 });
    expect(record).not.toHaveProperty('failure');
  });

  test('with a run given in advance makes one write fewer, and a retry completes it as well', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const how = { idempotencyKey: randomUUID(), runId: workflow.runId };
    const hanging = withHangingCall(ledger, 'complete');
    const withoutTargetWrite = withCall(hanging.ledger, 'recordTargetRun', () =>
      Promise.reject(new Error('one write too many')),
    );
    void new Rewind(withoutTargetWrite).cancel(workflow, {}, how);
    await hanging.hung;

    const { answer, record } = await rewind.afterLease().cancel(workflow, {}, how);

    expect(answer.outcome).toBe('requested');
    expect(record.attempt).toBe(2);
    expect(await workflow.cancelRequests()).toHaveLength(1);
  });

  test('with a run given in advance fails with nothing done if Temporal is unreachable', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const unreachable = new NamespaceClient(
      namespace,
      callsOver(Connection.lazy({ address: '127.0.0.1:1', interceptors: [] })),
    );
    const how = { idempotencyKey: randomUUID(), runId: workflow.runId };

    await expect(
      rewind.cancel({ client: unreachable, workflowId: workflow.workflowId }, {}, how),
    ).rejects.toMatchObject({
      kind: 'temporal-unavailable',
    });

    expect(await rewind.operationsOn(workflow)).toMatchObject([{ state: 'failed', outcome: 'temporal-unavailable' }]);
  });

  test('whose function stops before the change is executed by a retry', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const how = { idempotencyKey: randomUUID() };
    const hanging = withHangingCall(ledger, 'recordTargetRun');
    void new Rewind(hanging.ledger).cancel(workflow, {}, how).catch(() => {});
    await hanging.hung;
    expect(await workflow.cancelRequests()).toHaveLength(0);

    const { answer } = await rewind.afterLease().cancel(workflow, {}, how);

    expect(answer.outcome).toBe('requested');
    expect(await workflow.cancelRequests()).toHaveLength(1);
  });

  test('detects its own termination on a retry if the function stopped before the record', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const how = { idempotencyKey: randomUUID() };
    const hanging = withHangingCall(ledger, 'complete');
    void new Rewind(hanging.ledger).terminate(workflow, {}, how).catch(() => {});
    await hanging.hung;

    const { answer } = await rewind.afterLease().terminate(workflow, {}, how);

    expect(answer).toMatchObject({ outcome: 'terminated', status: 'Terminated' });
  });

  test('makes no second run on a retry of a reset if the function stopped before the record', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    await workflow.completeTask();
    const how = { idempotencyKey: randomUUID() };
    const hanging = withHangingCall(ledger, 'complete');
    void new Rewind(hanging.ledger).reset(workflow, { target: { eventId: 4 } }, how).catch(() => {});
    await hanging.hung;
    const newRunId = await workflow.currentRunId();

    const { answer } = await rewind.afterLease().reset(workflow, { target: { eventId: 4 } }, how);

    expect(answer).toMatchObject({ runId: workflow.runId, newRunId });
    expect(await workflow.currentRunId()).toBe(newRunId);
  });

  test('is refused while another request with the key executes', async () => {
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

  test('is not executed if the ledger is unreachable', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const down = new DynamoDbLedger({
      tableName: 'ledger',
      retentionDays: 1,
      client: new DynamoDBClient({ endpoint: 'http://127.0.0.1:9', maxAttempts: 1 }),
    });

    await expect(new Rewind(down).cancel(workflow)).rejects.toMatchObject({ kind: 'ledger-unavailable' });

    expect(await workflow.cancelRequests()).toHaveLength(0);
  });

  test('returns the result if the ledger fails after the change', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const failing = withCall(ledger, 'complete', () => Promise.reject(new Error('down')));
    const rewindOnFailing = new Rewind(failing);

    const { answer } = await rewindOnFailing.cancel(workflow);

    expect(answer.outcome).toBe('requested');
    expect(rewindOnFailing.unrecorded).toHaveLength(1);
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
