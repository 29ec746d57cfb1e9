import { randomUUID } from 'node:crypto';
import { unsettledMetrics } from '../../operations/metrics';
import type { OperationRecord } from '../../operations/ledger/ledger';
import { LATE_EXECUTION_MS, LEASE_MS } from '../../operations/ledger/lease';
import type { DynamoDbLedger } from '../../aws/dynamodb-ledger';
import { collect } from '../support/collect';
import { eventually } from '../support/eventually';
import { hangingCall } from '../support/interrupted-calls';
import { createLedger } from '../support/ledger-table';
import { withHangingCall } from '../support/hanging-ledger';
import { Rewind } from '../support/rewind';
import {
  cancelWorkflowExecution,
  completeWorkflow,
  testConnection,
  ScriptedWorkflow,
} from '../support/scripted-workflow';

const MINUTE = 60_000;

describe('reconciliation', () => {
  const connection = testConnection();
  let ledger: DynamoDbLedger;
  beforeEach(async () => {
    ledger = await createLedger();
  });

  const reconcileIn = (minutes: number, target: Pick<ScriptedWorkflow, 'client'>) =>
    new Rewind(ledger).reconcile(target, minutes * MINUTE);

  async function dueIn(minutes: number, { client }: ScriptedWorkflow): Promise<OperationRecord[]> {
    return collect(ledger.due(client.namespace, new Date(Date.now() + minutes * MINUTE)));
  }

  const onlyOperation = async (workflow: ScriptedWorkflow): Promise<OperationRecord | undefined> =>
    (await new Rewind(ledger).operationsOn(workflow))[0];

  test('follows a cancellation until its workflow has closed', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    await new Rewind(ledger).cancel(workflow);

    expect(await reconcileIn(1, workflow)).toEqual([]);
    const whileOpen = await onlyOperation(workflow);
    expect(whileOpen).toMatchObject({ state: 'completed', nextCheckAt: expect.any(String) });
    expect(whileOpen).not.toHaveProperty('settled');

    await workflow.completeTask(cancelWorkflowExecution);
    await reconcileIn(5, workflow);
    const settled = await onlyOperation(workflow);
    expect(settled).toMatchObject({ settled: { status: 'Canceled', closeTime: expect.any(String) } });
    expect(settled).not.toHaveProperty('nextCheckAt');
  });

  test('records that the workflow completed despite the cancellation request', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    await new Rewind(ledger).cancel(workflow);
    await workflow.completeTask(completeWorkflow);

    await reconcileIn(1, workflow);

    expect(await onlyOperation(workflow)).toMatchObject({ outcome: 'requested', settled: { status: 'Completed' } });
  });

  test('completes the operation of a function that crashed between its request to Temporal and its record', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const crashing = withHangingCall(ledger, 'complete');
    void new Rewind(crashing.ledger).cancel(workflow).catch(() => {});
    await crashing.hung;

    await reconcileIn((LEASE_MS + 1_000) / MINUTE, workflow);
    expect(await onlyOperation(workflow)).toMatchObject({ state: 'completed', outcome: 'requested' });
  });

  test('records a request as not executed only once the server can no longer execute it', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    void new Rewind(ledger).cancel(hangingCall(workflow, 'requestCancel'));
    await eventually(async () => (await onlyOperation(workflow))?.runId !== undefined);

    await reconcileIn((LEASE_MS + 1_000) / MINUTE, workflow);
    expect(await onlyOperation(workflow)).toMatchObject({ state: 'started', nextCheckAt: expect.any(String) });

    await reconcileIn((LEASE_MS + LATE_EXECUTION_MS) / MINUTE, workflow);
    expect(await onlyOperation(workflow)).toMatchObject({ state: 'failed', outcome: 'broken-off' });
    expect(await onlyOperation(workflow)).not.toHaveProperty('runId');
  });

  test('records the operation of a function that crashed before its request as not executed, and does not execute it', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const options = { idempotencyKey: randomUUID() };
    const crashing = withHangingCall(ledger, 'recordTargetRun');
    void new Rewind(crashing.ledger).cancel(workflow, {}, options).catch(() => {});
    await crashing.hung;

    await reconcileIn(1, workflow);

    expect(await onlyOperation(workflow)).toMatchObject({ state: 'failed', outcome: 'broken-off' });
    expect(await workflow.cancelRequests()).toHaveLength(0);

    const { answer } = await new Rewind(ledger, { now: () => Date.now() + 2 * MINUTE }).cancel(workflow, {}, options);
    expect(answer.outcome).toBe('requested');
  });

  test('reads no operation before it is due, and none whose outcome is final', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    await new Rewind(ledger).terminate(workflow);
    expect(await dueIn(60, workflow)).toEqual([]);

    const other = await ScriptedWorkflow.start(connection);
    await new Rewind(ledger).cancel(other);
    expect(await dueIn(0, other)).toEqual([]);
  });

  describe('the metrics of unsettled operations', () => {
    const metricsIn = async (minutes = 0) => {
      const metrics = await unsettledMetrics(ledger, ['default', 'idle'], Date.now() + minutes * MINUTE);
      return Object.fromEntries(
        metrics.map(({ name, value, dimensions }) => [`${dimensions['namespace']} ${name}`, value]),
      );
    };
    const zeros = {
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

    test('count a cancellation as stuck until the workflow can receive it', async () => {
      const workflow = await ScriptedWorkflow.start(connection);
      await workflow.failTask('[TMPRL1100] Nondeterminism error');
      await new Rewind(ledger).cancel(workflow);
      expect(await metricsIn()).toEqual(zeros);

      await eventually(async () => {
        await reconcileIn(1, workflow);
        return (await onlyOperation(workflow))?.stuck?.includes('workflowTaskFailing');
      });
      expect(await metricsIn()).toEqual({ ...zeros, 'default StuckCancellations': 1 });

      await workflow.completeTask(cancelWorkflowExecution);
      await reconcileIn(120, workflow);
      expect(await onlyOperation(workflow)).not.toHaveProperty('stuck');
      expect(await metricsIn()).toEqual(zeros);
    });

    test('count an operation as overdue if it was not reconciled within ten minutes of its due time', async () => {
      const workflow = await ScriptedWorkflow.start(connection);
      const crashing = withHangingCall(ledger, 'complete');
      void new Rewind(crashing.ledger).cancel(workflow).catch(() => {});
      await crashing.hung;

      expect(await metricsIn(9)).toEqual(zeros);
      expect(await metricsIn(12)).toEqual({ ...zeros, 'default OverdueOperations': 1 });
      await reconcileIn(12, workflow);
      expect(await metricsIn(12)).toEqual(zeros);
    });
  });
});
