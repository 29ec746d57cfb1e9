import { BatchBench } from './batch-operations';
import type { Benchmark } from './benchmark';

const WORKFLOWS = 5_000;

/** "Within minutes": 100 operations a second. */
const MAX_SECONDS = WORKFLOWS / 100;

/** How long reconciliation takes to record how the cancellations of a batch ended. */
export const reconciliation: Benchmark = {
  name: 'reconciliation',
  about: `${WORKFLOWS.toLocaleString('en')} cancellations of a batch whose workflows have closed, settled by one reconciliation without limit of its calls; on the emulator`,
  run: () =>
    BatchBench.run(async (bench) => {
      const query = await bench.startWorkflows(WORKFLOWS);
      const cancelling = await bench.cancel(query, WORKFLOWS, 'worker');
      await bench.terminateAll();
      const milliseconds = await bench.settle(WORKFLOWS);
      return [
        { name: 'the batch', unit: 'ms', value: cancelling },
        {
          name: 'until all are settled',
          unit: 'ms',
          value: milliseconds,
          atMost: MAX_SECONDS * 1_000,
          note: `${Math.round(WORKFLOWS / (milliseconds / 1_000))} operations a second`,
        },
      ];
    }),
};
