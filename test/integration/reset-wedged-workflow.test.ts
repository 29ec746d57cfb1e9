import { randomUUID } from 'node:crypto';
import { callsOver } from '../support/calls-over';
import { NamespaceClient } from '../../operations/temporal/namespace-client';
import { eventually } from '../support/eventually';
import { testLedger } from '../support/ledger-table';
import { Rewind } from '../support/rewind';
import { testConnection, namespace } from '../support/scripted-workflow';
import { eventsOf, eventSummaries, TestWorker } from '../support/test-worker';

/** Replays the history at every workflow task, as a new worker does. */
const withoutCache = { maxCachedWorkflows: 0 };
const notificationBefore = { beforeActivity: { type: 'notifyCustomer' } };

describe('a workflow wedged by nondeterministic code', () => {
  const connection = testConnection();
  const rewind = new Rewind(testLedger());

  test('is reset to the event that its code cannot replay, and completes with the fixed code', async () => {
    const buggy = await TestWorker.start({}, withoutCache, 'examples/broken-releases/non-deterministic');
    const { taskQueue } = buggy;
    const handle = await buggy.start('wedgedOrder', { orderId: randomUUID() });
    const { workflowId } = handle;
    const client = new NamespaceClient(namespace, callsOver(connection));
    const attempt = async () => (await client.describe({ workflowId })).pendingWorkflowTask?.attempt ?? 1;
    await eventually(async () => (await attempt()) > 1, 'the workflow task to fail');
    await buggy.stop();
    const fixed = await TestWorker.start({ taskQueue }, withoutCache);
    try {
      const target = { beforeFailure: 'last' } as const;
      const preview = await rewind.preview({ client, workflowId }, { target });
      // The SDK's error names the event that scheduled the notification.
      expect(preview).toMatchObject(
        await rewind
          .preview({ client, workflowId }, { target: notificationBefore })
          .then(({ eventId, discarded }) => ({ eventId, discarded })),
      );
      expect(preview.discarded.activities.newest.map(({ activityType }) => activityType)).toContain('notifyCustomer');
      expect(preview.discarded.activities.newest.map(({ activityType }) => activityType)).not.toContain('reserveStock');

      const { answer } = await rewind.reset({ client, workflowId }, { target, waitSeconds: 60 });

      expect(answer.newRun).toMatchObject({ status: 'Completed', progress: 'completed' });
      const oldRun = fixed.client.workflow.getHandle(workflowId, answer.runId);
      const newRun = fixed.client.workflow.getHandle(workflowId, answer.newRunId);
      // The new run keeps the events before the reset point; the fixed code makes the others.
      expect((await eventSummaries(newRun)).filter((line) => line.startsWith('scheduled'))).toEqual([
        'scheduled reserveStock',
        'scheduled chargeCard',
        'scheduled ship',
        'scheduled notifyCustomer',
      ]);
      expect((await eventsOf(newRun)).slice(0, answer.eventId - 1)).toEqual(
        (await eventsOf(oldRun)).slice(0, answer.eventId - 1),
      );
    } finally {
      await fixed.stop();
    }
  });
});
