import * as activities from '../../examples/activities';
import { drainFailure } from '../../worker/run-worker';
import type * as workflows from '../../examples/workflows';
import { waitForActivityStart, TestWorker } from './test-worker';

/*
 * A separate process, because the threads of a forcibly stopped worker never end and would keep the tests' process
 * alive. Prints the name of the failure of the drain.
 */
async function main(): Promise<void> {
  const worker = await TestWorker.start(
    {},
    {
      shutdownGraceTime: '100 ms',
      shutdownForceTime: '1 second',
      activities: { ...activities, listenForCancellation: () => activities.ignoreCancellation(60) },
    },
  );
  const handle = await worker.start<typeof workflows.studyCancellation>('studyCancellation', {
    activity: 'listenForCancellation',
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  });
  await waitForActivityStart(handle);
  const failure = await worker.stop().catch(drainFailure);
  await handle.terminate();
  console.log(failure instanceof Error ? failure.name : 'no failure');
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
