import { interleaved, ratio, summary } from './benchmark';
import type { Benchmark, Figure } from './benchmark';
import { NAMESPACE } from './floor/temporal';
import { Network } from './network';
import { startTemporalBehindTls } from './temporal-behind-tls';

const ROUNDS = 40;
/** Three times `idleMs` of operations/temporal/managed-connection.ts. */
const FROZEN_MS = 60_000;

/** What happens to the connection while the process is frozen. */
const faults: Record<string, (network: Network) => void> = {
  closed: (network) => network.closeAll(),
  reset: (network) => network.resetAll(),
  'black-holed': (network) => network.blackHoleAll(),
};

/** The first call of a function that Lambda froze between two requests. */
export const freeze: Benchmark = {
  name: 'freeze',
  about:
    'the first call after a freeze of a minute, by what happened to the connection meanwhile; the first call of a new connection is 1',
  async run() {
    const temporal = await startTemporalBehindTls();
    const workflowId = await temporal.workflows.start();
    let errors = 0;
    const firstCall = (fault?: (network: Network) => void) => async () => {
      const network = await Network.to(temporal.port);
      let frozenMs = 0;
      const namespaces = temporal.namespaces({ now: () => Date.now() + frozenMs }, network.port);
      const describe = async () => (await namespaces.find(NAMESPACE).connect()).describe({ workflowId });
      try {
        if (fault) {
          await describe();
          frozenMs = FROZEN_MS;
          fault(network);
        } else await namespaces.find(NAMESPACE).connect();
        const start = performance.now();
        // The caller waits for an error, too.
        await describe().catch(() => (errors += 1));
        return performance.now() - start;
      } finally {
        await namespaces.close();
        network.stop();
      }
    };
    try {
      const frozen = Object.entries(faults).map(([name, fault]) => [name, firstCall(fault)] as const);
      const clean = firstCall();
      await clean();
      errors = 0;
      const samples: Record<string, number[]> = await interleaved(ROUNDS, { clean, ...Object.fromEntries(frozen) });
      const { clean: cleanMs = [], ...others } = samples;
      return [
        { name: 'first call of a new connection', unit: 'ms', ...summary(cleanMs) },
        ...Object.entries(others).map(([name, ms]): Figure => {
          const note = `longest ${Math.max(...ms).toFixed(0)} ms`;
          return { name: `first call after a freeze, ${name}`, unit: 'ratio', ...ratio(ms, cleanMs), atMost: 3, note };
        }),
        { name: 'first calls that failed', unit: 'calls', value: errors, n: ROUNDS * (1 + frozen.length), atMost: 0 },
      ];
    } finally {
      await temporal.stop();
    }
  },
};
