import { CancelledFailure } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import { chargeCard as failingCharge } from '../../examples/broken-releases/failing-payment';
import { chargeCard } from '../../examples/activities';
import {
  heartbeatOnceMore,
  ignoreCancellation,
  listenForCancellation,
} from '../../examples/activities/answers-to-cancellation';
import { runUntilCancelled } from '../../examples/activities/cancellable-program';
import { packOrder } from '../../examples/activities/pack-order';
import { whileHeartbeating } from '../../examples/activities/while-heartbeating';

/** Runs an activity, keeps its heartbeats, and cancels it when `cancelAfterMs` is over. */
async function run<T>(activity: () => Promise<T>, info = {}, cancelAfterMs?: number) {
  const environment = new MockActivityEnvironment(info);
  const heartbeats: unknown[] = [];
  environment.on('heartbeat', (details: unknown) => heartbeats.push(details));
  const timer =
    cancelAfterMs === undefined ? undefined : setTimeout(() => environment.cancel('CANCELLED'), cancelAfterMs);
  const result = await environment.run(activity).catch((error: unknown) => error);
  clearTimeout(timer);
  return { result, heartbeats };
}

describe('packOrder', () => {
  test('heartbeats its progress with every item', async () => {
    const { result, heartbeats } = await run(() => packOrder({ orderId: 'o', items: 2 }));
    expect(heartbeats).toEqual([{ packedItems: 0 }, { packedItems: 1 }]);
    expect(result).toEqual({ packedItems: 2 });
  });

  test('resumes after the details of the last heartbeat', async () => {
    const { heartbeats } = await run(() => packOrder({ orderId: 'o', items: 5 }), {
      heartbeatDetails: { packedItems: 4 },
    });
    expect(heartbeats).toEqual([{ packedItems: 4 }]);
  });

  test('accepts a cancellation at once', async () => {
    const { result } = await run(() => packOrder({ orderId: 'o' }), {}, 50);
    expect(result).toBeInstanceOf(CancelledFailure);
  });
});

test('an activity can return a result when it is cancelled', async () => {
  const { result } = await run(listenForCancellation, {}, 50);
  expect(result).toBe('I am canceled by Done');
});

test('a worker that shuts down does not cancel the workflow: the attempt fails, and another worker retries it', async () => {
  const environment = new MockActivityEnvironment();
  setTimeout(() => environment.cancel('WORKER_SHUTDOWN'), 50);
  await expect(environment.run(listenForCancellation)).rejects.toThrow('WORKER_SHUTDOWN');
});

test('an activity can ignore a cancellation and keep heartbeating', async () => {
  const { result, heartbeats } = await run(() => ignoreCancellation(2), {}, 50);
  expect(result).toBe('I ignored it');
  expect(heartbeats).toEqual([{ second: 0 }, { second: 1 }]);
});

test('an activity can heartbeat once more before it accepts a cancellation', async () => {
  const { result, heartbeats } = await run(() => heartbeatOnceMore(0), {}, 50);
  expect(heartbeats).toEqual([{ phase: 'working' }, { phase: 'cancelled' }]);
  expect(result).toBeInstanceOf(CancelledFailure);
});

test('heartbeats stop when the work completes or fails', async () => {
  jest.useFakeTimers();
  try {
    const { result, heartbeats } = await run(() => whileHeartbeating(() => Promise.reject(new Error('no')), 'alive'));
    jest.advanceTimersByTime(10_000);
    expect(result).toEqual(new Error('no'));
    expect(heartbeats).toEqual(['alive']);
  } finally {
    jest.useRealTimers();
  }
});

const node = (program: string, cancelAfterMs?: number) =>
  run(() => runUntilCancelled(process.execPath, ['-e', program]), {}, cancelAfterMs);

describe('a program', () => {
  test('returns its output', async () => {
    expect((await node('console.log("done")')).result).toBe('done\n');
  });

  test('that fails reports its exit code', async () => {
    const { result } = await node('console.error("no paper"); process.exit(3)');
    expect(result).toEqual(new Error(`${process.execPath} ended with status 3: no paper`));
  });

  test('that does not exist is not a cancellation', async () => {
    const { result } = await run(() => runUntilCancelled('/nowhere/printer', []));
    expect(result).toMatchObject({ code: 'ENOENT' });
  });

  test('is killed by a cancellation, with an AbortError', async () => {
    const { result } = await node('setInterval(() => {}, 1000)', 300);
    expect(result).toMatchObject({ name: 'AbortError' });
  });
});

describe('chargeCard', () => {
  test('fails for good in a release that has the bug', async () => {
    expect((await run(() => failingCharge({ orderId: 'o' }))).result).toMatchObject({
      type: 'CardDeclined',
      nonRetryable: true,
    });
  });

  test('succeeds in any other release', async () => {
    expect((await run(() => chargeCard({ orderId: 'o' }))).result).toEqual({ paymentId: 'payment-o' });
  });
});
