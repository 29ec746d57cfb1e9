import { logger } from '../runtime/logger';
import { functionTelemetry } from '../runtime/telemetry';
import { interleaved, quantile, ratio, summary } from './benchmark';
import type { Benchmark, Figure } from './benchmark';
import { countedCalls } from './counted-calls';
import * as floor from './floor/temporal';
import { instantLedger } from './instant-ledger';
import { startTemporalBehindTls } from './temporal-behind-tls';
import { warmFunctions } from './warm-functions';
import type { Verb } from './warm-functions';
import { writtenOutput } from './written-output';

const WARM_UP = 60;
const ROUNDS = 300;

/** Batches on a page of history, as operations/temporal/history.ts asks for them where events are small. */
const PAGE_SIZE = 100;

/** Where the only workflow task ended. After a reset to it another ends there, so that it can be reset again. */
const TASK_ENDED = 4;

/** What Rewind itself adds to a request: checks, attribution, log and metrics, the kept connection. */
export const warm: Benchmark = {
  name: 'warm',
  about:
    'a request to a warm function, one at a time, without its ledger; the same RPCs one after the other over grpc-js, encoded by hand (bench/floor/temporal.ts), are 1',
  async run() {
    const temporal = await startTemporalBehindTls();
    const raw = floor.connect(temporal.access);
    const { telemetry, count } = countedCalls(functionTelemetry(logger));
    const namespaces = temporal.namespaces({ telemetry });
    try {
      const rewind = warmFunctions(namespaces, instantLedger, telemetry);
      const rawly = rawCalls(raw);
      const calls: Record<string, number> = {};
      const contenders: Record<string, () => Promise<number>> = {};
      for (const verb of verbs) {
        for (const [name, act] of [
          [`raw ${verb}`, rawly[verb]],
          [verb, rewind[verb]],
        ] as const) {
          // Started beforehand, so that the server has nothing else to do.
          const workflows = await temporal.startWorkflows(
            verb === 'cancel' ? WARM_UP + ROUNDS : 1,
            verb === 'reset' ? 1 : 0,
          );
          contenders[name] = async () => {
            // A cancellation that was requested before is not requested again.
            const workflowId = (verb === 'cancel' ? workflows.pop() : workflows[0]) ?? '';
            const [known, begun] = [count(), performance.now()];
            await act(workflowId);
            const milliseconds = performance.now() - begun;
            calls[name] = count() - known;
            return milliseconds;
          };
        }
      }
      const { result } = await writtenOutput(() => interleaved(WARM_UP + ROUNDS, contenders));
      const measured = (name: string) => (result[name] ?? []).slice(WARM_UP);
      return verbs.flatMap((verb): Figure[] => {
        const [own, floorMs] = [measured(verb), measured(`raw ${verb}`)];
        const p99 = (samples: number[]) => ({ value: quantile(samples, 0.99), n: samples.length });
        return [
          {
            name: `warm ${verb}`,
            unit: 'ratio',
            ...ratio(own, floorMs),
            ...(limits[verb] && { atMost: limits[verb] }),
          },
          { name: `warm ${verb}, p50`, unit: 'ms', ...summary(own), note: `${calls[verb]} RPCs` },
          { name: `warm ${verb}, p99`, unit: 'ms', ...p99(own) },
          { name: `raw ${verb}, p50`, unit: 'ms', ...summary(floorMs), note: rawNotes[verb] },
          { name: `raw ${verb}, p99`, unit: 'ms', ...p99(floorMs) },
        ];
      });
    } finally {
      await namespaces.close();
      raw.close();
      await temporal.stop();
    }
  },
};

const verbs: readonly Verb[] = ['describe', 'cancel', 'reset'];
const limits: Partial<Record<Verb, number>> = { cancel: 1.15 };
const rawNotes: Record<Verb, string> = {
  describe: 'describe',
  cancel: 'describe, request to cancel',
  reset: 'describe, newest page of history, describe, reset, describe',
};

function rawCalls(client: ReturnType<typeof floor.connect>): Record<Verb, (workflowId: string) => Promise<unknown>> {
  return {
    describe: (workflowId) => floor.describe(client, workflowId),
    cancel: async (workflowId) => {
      const runId = floor.runIdIn(await floor.describe(client, workflowId));
      await floor.requestCancel(client, workflowId, runId);
    },
    reset: async (workflowId) => {
      const runId = floor.runIdIn(await floor.describe(client, workflowId));
      await floor.historyReverse(client, workflowId, runId, PAGE_SIZE);
      await floor.describe(client, workflowId);
      await floor.reset(client, workflowId, runId, TASK_ENDED);
      await floor.describe(client, workflowId);
    },
  };
}
