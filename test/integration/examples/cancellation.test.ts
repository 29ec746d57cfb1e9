import { ApplicationFailure } from '@temporalio/common';
import { cancelled } from '@temporalio/activity';
import { CancelledFailure, WorkflowFailedError } from '@temporalio/client';
import * as activities from '../../../examples/activities';
import { whileHeartbeating } from '../../../examples/activities/while-heartbeating';
import type { CancellableOrder, Order } from '../../../examples/orders';
import type * as workflows from '../../../examples/workflows';
import { eventually } from '../../support/eventually';
import {
  waitForActivityStart,
  heartbeatOf,
  logged,
  pendingActivity,
  statusOf,
  eventSummaries,
  TestWorker,
} from '../../support/test-worker';

const PENDING_ACTIVITY_STATE_STARTED = 2;
const PENDING_ACTIVITY_STATE_CANCEL_REQUESTED = 3;

/** The count in the last heartbeat of `ignoreCancellation`. */
const heartbeatSecond = (activity: Parameters<typeof heartbeatOf>[0]): number => {
  const details = heartbeatOf(activity);
  return typeof details === 'object' && details !== null && 'second' in details ? Number(details.second) : -1;
};

let worker: TestWorker;
beforeAll(async () => {
  worker = await TestWorker.start(
    {},
    {
      activities: {
        ...activities,
        async packOrder(order: CancellableOrder) {
          if (order.orderId === 'unpackable') throw ApplicationFailure.nonRetryable('no box fits');
          if (order.orderId !== 'fragile') return activities.packOrder(order);
          return whileHeartbeating(() =>
            cancelled().catch(() => {
              throw ApplicationFailure.nonRetryable('box broke');
            }),
          );
        },
        // Shorter than the defaults.
        ignoreCancellation: () => activities.ignoreCancellation(6),
        heartbeatOnceMore: () => activities.heartbeatOnceMore(2),
        async releaseStock(order: Order) {
          if (order.orderId === 'unreleasable') throw ApplicationFailure.nonRetryable('warehouse is closed');
          return activities.releaseStock(order);
        },
      },
    },
  );
});
afterAll(() => worker.stop());

const startOrder = async (order: CancellableOrder) => {
  const handle = await worker.start<typeof workflows.cancellableOrder>('cancellableOrder', order);
  return handle;
};
const packing = (handle: Awaited<ReturnType<typeof startOrder>>) =>
  eventually(
    async () => (await pendingActivity(handle))?.activityType?.name === 'packOrder' && waitForActivityStart(handle),
  );

const study = async (args: Parameters<typeof workflows.studyCancellation>[0]) => {
  const handle = await worker.start<typeof workflows.studyCancellation>('studyCancellation', args);
  await waitForActivityStart(handle);
  await handle.cancel();
  return handle;
};

const cancelReminder = async (whenCancelled: 'rethrow' | 'return') => {
  const handle = await worker.start<typeof workflows.remindCustomer>('remindCustomer', {
    orderId: 'o4',
    afterSeconds: 3_600,
    whenCancelled,
  });
  await eventually(async () => (await eventSummaries(handle)).includes('timer started'));
  await handle.cancel();
  return handle;
};

const startParent = async (whenCancelled: 'wait' | 'abandon') => {
  const parent = await worker.start<typeof workflows.orderWithChild>('orderWithChild', {
    orderId: 'o5',
    whenCancelled,
  });
  const child = worker.client.workflow.getHandle(`${parent.workflowId}/packing`);
  await eventually(async () => (await eventSummaries(parent)).includes('child started'));
  await eventually(async () => (await eventSummaries(child)).includes('scheduled packOrder'));
  await parent.cancel();
  await expect(parent.result()).rejects.toMatchObject({ cause: expect.any(CancelledFailure) });
  return { parent, child };
};

describe('cleanup', () => {
  test('runs after the activity accepted the cancellation, and the workflow ends as Canceled', async () => {
    const handle = await startOrder({ orderId: 'o1' });
    await packing(handle);

    await handle.cancel();

    await expect(handle.result()).rejects.toMatchObject({ cause: expect.any(CancelledFailure) });
    expect(await statusOf(handle)).toBe('CANCELLED');
    expect((await eventSummaries(handle)).slice(2)).toEqual([
      'scheduled packOrder',
      'cancel requested',
      'canceled packOrder',
      'scheduled releaseStock',
      'completed releaseStock',
    ]);
  });

  test('does not run when nothing was cancelled', async () => {
    const finished = await startOrder({ orderId: 'o2', items: 1 });
    const failed = await startOrder({ orderId: 'unpackable' });

    await expect(finished.result()).resolves.toEqual({ orderId: 'o2', packedItems: 1 });
    await expect(failed.result()).rejects.toBeInstanceOf(WorkflowFailedError);
    for (const handle of [finished, failed])
      expect(await eventSummaries(handle)).not.toContain('scheduled releaseStock');
  });

  test('that fails is logged, and the workflow still ends as Canceled', async () => {
    const handle = await startOrder({ orderId: 'unreleasable' });
    await packing(handle);

    await handle.cancel();

    await expect(handle.result()).rejects.toMatchObject({ cause: expect.any(CancelledFailure) });
    expect(await statusOf(handle)).toBe('CANCELLED');
    const line = await eventually(() => logged.find(({ message }) => message.startsWith('Cleanup after')));
    expect(line.level).toBe('ERROR');
    expect(line.meta).toMatchObject({ workflowId: handle.workflowId });
  });

  test('runs when the activity fails in response to the cancellation, and the workflow fails', async () => {
    const handle = await startOrder({ orderId: 'fragile' });
    await packing(handle);

    await handle.cancel();

    await expect(handle.result()).rejects.toMatchObject({
      cause: { cause: { message: 'box broke' } },
    });
    expect(await statusOf(handle)).toBe('FAILED');
    expect((await eventSummaries(handle)).slice(-3)).toEqual([
      'failed packOrder',
      'scheduled releaseStock',
      'completed releaseStock',
    ]);
  });
});

test('an activity that handles the cancellation returns a result, and the next activity is skipped', async () => {
  const handle = await worker.start<typeof workflows.skipAfterCancellation>('skipAfterCancellation', {
    orderId: 'o3',
  });
  await waitForActivityStart(handle);

  await handle.cancel();

  await expect(handle.result()).rejects.toMatchObject({ cause: expect.any(CancelledFailure) });
  expect(await eventSummaries(handle)).toEqual([
    'scheduled listenForCancellation',
    'cancel requested',
    'completed listenForCancellation',
    'scheduled releaseStock',
    'completed releaseStock',
  ]);
  const line = await eventually(() =>
    logged.find(({ message }) => message === 'The activity answered the cancellation'),
  );
  expect(line.meta).toMatchObject({ answer: 'I am canceled by Done' });
  expect(await statusOf(handle)).toBe('CANCELLED');
});

describe('an activity of type', () => {
  test('WAIT_CANCELLATION_COMPLETED is awaited until it ends', async () => {
    const handle = await study({
      activity: 'listenForCancellation',
      cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    });

    await expect(handle.result()).resolves.toEqual({ saw: 'result', result: 'I am canceled by Done' });
    expect(await eventSummaries(handle)).toEqual([
      'scheduled listenForCancellation',
      'cancel requested',
      'completed listenForCancellation',
    ]);
  });

  test('WAIT_CANCELLATION_COMPLETED that ignores the cancellation keeps the workflow open until it completes', async () => {
    const handle = await study({ activity: 'ignoreCancellation', cancellationType: 'WAIT_CANCELLATION_COMPLETED' });

    const cancelRequested = await eventually(async () => {
      const activity = await pendingActivity(handle);
      return heartbeatSecond(activity) >= 2 && activity;
    });
    expect(cancelRequested.state).toBe(PENDING_ACTIVITY_STATE_CANCEL_REQUESTED);
    expect(await statusOf(handle)).toBe('RUNNING');
    await expect(handle.result()).resolves.toEqual({ saw: 'result', result: 'I ignored it' });
  });

  test.each([
    { named: 'TRY_CANCEL', type: { cancellationType: 'TRY_CANCEL' } },
    { named: 'the default of this SDK version', type: {} },
  ] as const)('$named receives the cancellation request and is not awaited', async ({ type }) => {
    const handle = await study({ activity: 'ignoreCancellation', ...type, stayOpenSeconds: 1 });

    await expect(handle.result()).resolves.toEqual({ saw: 'cancellation' });
    const events = (await handle.fetchHistory()).events ?? [];
    expect(events.some((event) => event.activityTaskCancelRequestedEventAttributes)).toBe(true);
    expect(await eventSummaries(handle)).toEqual([
      'scheduled ignoreCancellation',
      'cancel requested',
      'timer started',
      'timer fired',
    ]);
  });

  test('ABANDON gets no cancellation request', async () => {
    const handle = await study({
      activity: 'listenForCancellation',
      cancellationType: 'ABANDON',
      stayOpenSeconds: 4,
    });

    const running = await eventually(
      async () => (await eventSummaries(handle)).includes('timer started') && pendingActivity(handle),
    );
    expect(running.state).toBe(PENDING_ACTIVITY_STATE_STARTED);
    await expect(handle.result()).resolves.toEqual({ saw: 'cancellation' });
    const events = (await handle.fetchHistory()).events ?? [];
    expect(events.some((event) => event.activityTaskCancelRequestedEventAttributes)).toBe(false);
  });
});

test('a heartbeat sent after the cancellation reaches the server', async () => {
  const handle = await worker.start<typeof workflows.studyCancellation>('studyCancellation', {
    activity: 'heartbeatOnceMore',
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  });
  const heartbeatIs = (phase: string) =>
    eventually(async () => {
      const details = heartbeatOf(await pendingActivity(handle));
      return JSON.stringify(details) === JSON.stringify({ phase });
    }, `the heartbeat to contain ${phase}`);
  await heartbeatIs('working');

  await handle.cancel();

  await heartbeatIs('cancelled');
  await expect(handle.result()).resolves.toEqual({ saw: 'cancellation' });
  expect(await eventSummaries(handle)).toContain('canceled heartbeatOnceMore');
});

describe('a timer is cancelled with its workflow, which ends', () => {
  test('as Canceled if it rethrows', async () => {
    const handle = await cancelReminder('rethrow');

    await expect(handle.result()).rejects.toMatchObject({ cause: expect.any(CancelledFailure) });
    expect(await statusOf(handle)).toBe('CANCELLED');
    expect(await eventSummaries(handle)).toEqual(['timer started', 'cancel requested', 'timer canceled']);
  });

  test('as Completed if it returns', async () => {
    const handle = await cancelReminder('return');

    await expect(handle.result()).resolves.toBe('called off');
    expect(await statusOf(handle)).toBe('COMPLETED');
    expect(await eventSummaries(handle)).toEqual(['timer started', 'cancel requested', 'timer canceled']);
  });
});

describe('a child workflow', () => {
  test('is cancelled with its parent, which waits for its cleanup', async () => {
    const { parent, child } = await startParent('wait');

    expect(await eventSummaries(parent)).toEqual(['child started', 'cancel requested', 'child canceled']);
    expect(await statusOf(child)).toBe('CANCELLED');
    expect(await eventSummaries(child)).toContain('completed releaseStock');
  });

  test('that is abandoned keeps running when its parent is cancelled', async () => {
    const { parent, child } = await startParent('abandon');

    expect(await statusOf(parent)).toBe('CANCELLED');
    expect(await statusOf(child)).toBe('RUNNING');
    expect(await eventSummaries(child)).not.toContain('cancel requested');
    await child.terminate();
  });
});
