import { listResetPoints } from '../operations/reset-points';
import { planReset } from '../operations/reset/plan';
import { interleaved, summary } from './benchmark';
import type { Benchmark, Figure } from './benchmark';
import { NAMESPACE } from './floor/temporal';
import { startTemporalBehindTls } from './temporal-behind-tls';
import { completeWorkflow, recordMarker } from './workflows';

const ROUNDS = 25;
const POINTS = 20;

/** With Scheduled, Started and Completed a workflow task makes 23 events. */
const markers = Array.from({ length: 20 }, () => recordMarker);
/** Workflow tasks of a history, by its size in events. */
const tasksByEvents = { 10: 1, 300: 13, 1_000: 43, 10_000: 435, 40_000: 1740 };

/** What a reset reads before it acts. */
export const history: Benchmark = {
  name: 'history',
  about: 'finding the reset point, by the size of the history; RPCs include the description of the run',
  async run() {
    const temporal = await startTemporalBehindTls();
    let rpcs = 0;
    const startCall = () => {
      rpcs += 1;
      return () => {};
    };
    const namespaces = temporal.namespaces({ startCall });
    const rpcsOf: Record<string, number> = {};
    const measured = (name: string, read: () => Promise<unknown>) => async () => {
      const [before, start] = [rpcs, performance.now()];
      await read();
      const milliseconds = performance.now() - start;
      rpcsOf[name] = Math.max(rpcsOf[name] ?? 0, rpcs - before);
      return milliseconds;
    };
    try {
      const client = await namespaces.find(NAMESPACE).connect();
      const contenders: Record<string, () => Promise<number>> = {};
      for (const [size, tasks] of Object.entries(tasksByEvents)) {
        const workflowId = await temporal.workflows.start();
        await temporal.workflows.completeTasks(workflowId, tasks, ...markers);
        await temporal.workflows.completeTask(workflowId, completeWorkflow);
        const events = `${Number(size).toLocaleString('en')} events`;
        const reads: Record<string, () => Promise<unknown>> = {
          [`find the last workflow task, ${events}`]: () =>
            planReset(client, { workflowId, reason: 'benchmark', target: { at: 'lastWorkflowTask' } }),
          [`list the newest ${POINTS} reset points, ${events}`]: () =>
            listResetPoints(client, { workflowId }, { size: POINTS }),
        };
        for (const [name, read] of Object.entries(reads)) contenders[name] = measured(name, read);
      }
      await interleaved(2, contenders);
      const samples = await interleaved(ROUNDS, contenders);
      return Object.entries(samples).flatMap(([name, ms]): Figure[] => [
        { name: `RPCs to ${name}`, unit: 'calls', value: rpcsOf[name] ?? NaN, n: ROUNDS, atMost: 2 },
        { name: `time to ${name}`, unit: 'ms', ...summary(ms) },
      ]);
    } finally {
      await namespaces.close();
      await temporal.stop();
    }
  },
};
