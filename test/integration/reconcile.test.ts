import { randomUUID } from 'node:crypto';
import { unsettledMetrics } from '../../operations/metrics';
import type { OperationRecord } from '../../operations/ledger/ledger';
import { LATE_EXECUTION_MS, LEASE_MS } from '../../operations/ledger/lease';
import { verbs } from '../../operations/index';
import { reconcileOperations } from '../../operations/ledger/reconcile';
import type { DynamoDbLedger } from '../../aws/dynamodb-ledger';
import { collected } from '../support/collected';
import { eventually } from '../support/eventually';
import { createLedger } from '../support/ledger-table';
import { dyingIn } from '../support/dying-ledger';
import { Rewind } from '../support/rewind';
import {
  cancelWorkflowExecution,
  completeWorkflow,
  testConnection,
  ScriptedWorkflow,
} from '../support/scripted-workflow';

const MINUTE = 60_000;
type Client = ScriptedWorkflow['client'];

describe('operations whose end is not known', () => {
  const connection = testConnection();
  let ledger: DynamoDbLedger;
  beforeEach(async () => {
    ledger = await createLedger();
  });

  /** Looks at what is due some minutes from now. */
  async function settleIn(minutes: number, { client }: ScriptedWorkflow): Promise<unknown[]> {
    const errors: unknown[] = [];
    await reconcileOperations(
      {
        ledger,
        verbs,
        namespaces: { find: (name) => ({ name, connect: async () => client }) },
        onRecordFailure: (_, error) => errors.push(error),
        onReconcileFailure: (_, error) => errors.push(error),
        now: () => Date.now() + minutes * MINUTE,
      },
      [{ namespace: client.namespace }],
      Date.now() + (minutes + 1) * MINUTE,
    );
    return errors;
  }

  async function dueIn(minutes: number, { client }: ScriptedWorkflow): Promise<OperationRecord[]> {
    return collected(ledger.due(client.namespace, new Date(Date.now() + minutes * MINUTE)));
  }

  const onlyOperation = async ({ client, workflowId }: ScriptedWorkflow): Promise<OperationRecord | undefined> =>
    (await ledger.search(client.namespace, { workflowId }, { size: 10 })).operations[0];

  test('a cancellation is followed until its workflow has closed', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    await new Rewind(ledger).cancel(workflow);

    expect(await settleIn(1, workflow)).toEqual([]);
    const stillOpen = await onlyOperation(workflow);
    expect(stillOpen).toMatchObject({ state: 'completed', nextCheckAt: expect.any(String) });
    expect(stillOpen).not.toHaveProperty('settled');

    await workflow.completeTask(cancelWorkflowExecution);
    await settleIn(5, workflow);
    const settled = await onlyOperation(workflow);
    expect(settled).toMatchObject({ settled: { status: 'Canceled', closeTime: expect.any(String) } });
    expect(settled).not.toHaveProperty('nextCheckAt');
  });

  test('a cancellation that the workflow turned down is recorded as what it was', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    await new Rewind(ledger).cancel(workflow);
    await workflow.completeTask(completeWorkflow);

    await settleIn(1, workflow);

    expect(await onlyOperation(workflow)).toMatchObject({ outcome: 'requested', settled: { status: 'Completed' } });
  });

  test('one that acted and died before recording is recorded as done', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const dying = dyingIn(ledger, 'complete');
    void new Rewind(dying.ledger).cancel(workflow).catch(() => {});
    await dying.died;

    await settleIn((LEASE_MS + 1_000) / MINUTE, workflow);
    expect(await onlyOperation(workflow)).toMatchObject({ state: 'completed', outcome: 'requested' });
  });

  test('one whose request may still be executed is recorded as not done only when it cannot be any more', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const lost = Object.create(workflow.client, { requestCancel: { value: () => new Promise(() => {}) } }) as Client;
    void new Rewind(ledger).cancel({ client: lost, workflowId: workflow.workflowId });
    await eventually(async () => (await onlyOperation(workflow))?.runId !== undefined);

    await settleIn((LEASE_MS + 1_000) / MINUTE, workflow);
    expect(await onlyOperation(workflow)).toMatchObject({ state: 'started', nextCheckAt: expect.any(String) });

    await settleIn((LEASE_MS + LATE_EXECUTION_MS) / MINUTE, workflow);
    expect(await onlyOperation(workflow)).toMatchObject({ state: 'failed', outcome: 'broken-off' });
    expect(await onlyOperation(workflow)).not.toHaveProperty('runId');
  });

  test('one that died before acting is recorded as not done, and is not done now', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const how = { idempotencyKey: randomUUID() };
    const dying = dyingIn(ledger, 'recordTargetRun');
    void new Rewind(dying.ledger).cancel(workflow, {}, how).catch(() => {});
    await dying.died;

    await settleIn(1, workflow);

    expect(await onlyOperation(workflow)).toMatchObject({ state: 'failed', outcome: 'broken-off' });
    expect(await workflow.cancelRequests()).toHaveLength(0);

    const { answer } = await new Rewind(ledger, { now: () => Date.now() + 2 * MINUTE }).cancel(workflow, {}, how);
    expect(answer.outcome).toBe('requested');
  });

  test('nothing is looked at before it is due, and nothing any more once all is known', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    await new Rewind(ledger).terminate(workflow);
    expect(await dueIn(60, workflow)).toEqual([]);

    const other = await ScriptedWorkflow.start(connection);
    await new Rewind(ledger).cancel(other);
    expect(await dueIn(0, other)).toEqual([]);
  });

  describe('is counted', () => {
    const counted = async (minutes = 0) => {
      const figures = await unsettledMetrics(ledger, ['default', 'idle'], Date.now() + minutes * MINUTE);
      return Object.fromEntries(
        figures.map(({ name, value, dimensions }) => [`${dimensions['namespace']} ${name}`, value]),
      );
    };
    const nothing = {
      'default StuckCancellations': 0,
      'default StuckBatchOperations': 0,
      'default OverdueOperations': 0,
      'default BatchItemsLeft': 0,
      'default BatchItemsFailed': 0,
      'default BatchItemsPerSecond': 0,
      'default BatchSecondsLeft': 0,
      'idle StuckCancellations': 0,
      'idle StuckBatchOperations': 0,
      'idle OverdueOperations': 0,
      'idle BatchItemsLeft': 0,
      'idle BatchItemsFailed': 0,
      'idle BatchItemsPerSecond': 0,
      'idle BatchSecondsLeft': 0,
    };

    test('as stuck while something keeps the workflow from receiving it, and no longer once nothing does', async () => {
      const workflow = await ScriptedWorkflow.start(connection);
      await workflow.failTask('[TMPRL1100] Nondeterminism error');
      await new Rewind(ledger).cancel(workflow);
      expect(await counted()).toEqual(nothing);

      await eventually(async () => {
        await settleIn(1, workflow);
        return (await onlyOperation(workflow))?.stuck?.includes('workflowTaskFailing');
      });
      expect(await counted()).toEqual({ ...nothing, 'default StuckCancellations': 1 });

      await workflow.completeTask(cancelWorkflowExecution);
      await settleIn(120, workflow);
      expect(await onlyOperation(workflow)).not.toHaveProperty('stuck');
      expect(await counted()).toEqual(nothing);
    });

    test('as overdue when nobody has looked at it ten minutes after it was due', async () => {
      const workflow = await ScriptedWorkflow.start(connection);
      const dying = dyingIn(ledger, 'complete');
      void new Rewind(dying.ledger).cancel(workflow).catch(() => {});
      await dying.died;

      expect(await counted(9)).toEqual(nothing);
      expect(await counted(12)).toEqual({ ...nothing, 'default OverdueOperations': 1 });
      await settleIn(12, workflow);
      expect(await counted(12)).toEqual(nothing);
    });
  });
});
