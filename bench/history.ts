import { listResetPoints } from '../operations/reset-points';
import { planReset } from '../operations/reset/plan';
import { tasksByEvents, workflowWithTasks } from '../test/support/large-history';
import { interleaved, summary } from './benchmark';
import type { Benchmark, Figure } from './benchmark';
import { NAMESPACE } from './floor/temporal';
import { startTemporalBehindTls } from './temporal-behind-tls';

const ROUNDS = 25;
const POINTS = 20;

/** What a reset reads before it acts, whatever the size of the history. */
export const history: Benchmark = {
  name: 'history',
  about: 'finding where to reset to, by the size of the history; RPCs with the description of the run',
  async run() {
    const temporal = await startTemporalBehindTls();
    let rpcs = 0;
    const startCall = () => {
      rpcs += 1;
      return () => {};
    };
    const namespaces = temporal.namespaces({ startCall });
    try {
      const client = await namespaces.find(NAMESPACE).connect();
      const calls: Record<string, number> = {};
      const contenders: Record<string, () => Promise<number>> = {};
      const reason = 'benchmark';
      for (const [size, tasks] of Object.entries(tasksByEvents)) {
        const { workflowId } = await workflowWithTasks(temporal.connection, tasks);
        const events = `${Number(size).toLocaleString('en')} events`;
        const reads: Record<string, () => Promise<unknown>> = {
          [`find the last workflow task, ${events}`]: () =>
            planReset(client, { workflowId, reason, target: { at: 'lastWorkflowTask' } }),
          [`list the newest ${POINTS} reset points, ${events}`]: () =>
            listResetPoints(client, { workflowId }, { size: POINTS }),
        };
        for (const [name, read] of Object.entries(reads)) {
          contenders[name] = async () => {
            const [before, start] = [rpcs, performance.now()];
            await read();
            const milliseconds = performance.now() - start;
            calls[name] = Math.max(calls[name] ?? 0, rpcs - before);
            return milliseconds;
          };
        }
      }
      await interleaved(2, contenders);
      const samples = await interleaved(ROUNDS, contenders);
      return Object.entries(samples).flatMap(([name, ms]): Figure[] => [
        { name: `RPCs to ${name}`, unit: 'calls', value: calls[name] ?? NaN, n: ROUNDS, atMost: 2 },
        { name: `time to ${name}`, unit: 'ms', ...summary(ms) },
      ]);
    } finally {
      await namespaces.close();
      await temporal.stop();
    }
  },
};
