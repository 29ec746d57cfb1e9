import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { RunningProcess } from '../../local/processes/processes';
import { releases } from '../../local/releases';
import { startWorker } from '../../local/processes/worker-process';
import type { CodeModules } from '../../worker/code';
import { eventually } from '../support/eventually';
import { localStack } from '../support/local-stack';
import { temporaryFolder } from '../support/temporary-folder';

/* Non-deterministic code wedges a workflow; fixed code cannot replay its history; a reset repairs it. */
describe('a workflow whose workflow task fails after a bad release', () => {
  const { api, client, details: shared } = localStack();
  // A separate task queue, because other tests share the local stack's worker.
  const details = { ...shared, taskQueue: `wedged-${randomUUID()}` };
  let worker: RunningProcess | undefined;
  afterAll(() => worker?.stop());
  const folder = temporaryFolder();

  async function deploy(modules: CodeModules): Promise<void> {
    await worker?.stop();
    worker = await startWorker({ details, logFile: path.join(folder, 'worker.log'), modules });
  }

  test('completes with the fixed code; the reset keeps history before the reset point and discards the rest', async () => {
    const workflowId = `order-${randomUUID()}`;
    // The worker stops while the workflow waits for its payment.
    const args = [{ orderId: workflowId, paymentDelaySeconds: 6 }];
    await deploy(releases.nonDeterministic);
    const handle = await client.workflow.start('wedgedOrder', { workflowId, taskQueue: details.taskQueue, args });
    const completed = async (runId?: string) => {
      const { events = [] } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
      return (events ?? []).filter((event) => event.activityTaskCompletedEventAttributes).length;
    };
    await eventually(async () => (await completed()) === 2, 'the order to wait for its payment');

    await deploy(releases.working);
    await eventually(async () => {
      const { body } = await api.describe(workflowId);
      return (body.pendingWorkflowTask?.attempt ?? 0) > 1;
    }, 'the workflow task to fail');
    const target = { beforeFailure: 'last' } as const;
    const request = { workflowId, target, reason: 'wedged' };
    const preview = await api.previewReset(request);
    expect(preview).toMatchObject({ status: 200, body: { outcome: 'preview', runId: handle.firstExecutionRunId } });
    const reset = await api.reset({ ...request, waitSeconds: 25 });

    expect(reset).toMatchObject({
      status: 201,
      body: {
        outcome: 'reset',
        eventId: preview.body.eventId,
        runId: handle.firstExecutionRunId,
        newRun: { status: 'Completed', progress: 'completed' },
      },
    });
    const { newRunId, eventId } = reset.body;
    const [oldRun, newRun] = await Promise.all(
      [handle.firstExecutionRunId, newRunId].map(async (runId) => {
        const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
        return (events ?? []).map((event) => ({
          eventId: Number(event.eventId),
          scheduled: event.activityTaskScheduledEventAttributes?.activityType?.name,
          time: String(event.eventTime?.seconds),
        }));
      }),
    );
    const before = (events: typeof oldRun) => events?.filter((event) => event.eventId < eventId);
    expect(before(newRun)).toEqual(before(oldRun));
    const scheduled = (events: typeof oldRun) => events?.flatMap((event) => event.scheduled ?? []);
    expect(scheduled(oldRun)).toEqual(['reserveStock', 'notifyCustomer']);
    expect(scheduled(newRun)).toEqual(['reserveStock', 'chargeCard', 'ship', 'notifyCustomer']);
    expect((await api.operations(workflowId)).body.operations).toMatchObject([{ verb: 'reset', reason: 'wedged' }]);
  });
});
