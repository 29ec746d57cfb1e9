import { NAMESPACE } from './floor/temporal';
import { TcpProxy } from '../test/support/tcp-proxy';
import { interleaved, ratio, summary } from './benchmark';
import type { Benchmark, Figure } from './benchmark';
import { startTemporalBehindTls } from './temporal-behind-tls';

const ROUNDS = 40;
/** Three times what a connection may be idle (`idleMs` in operations/temporal/managed-connection.ts). */
const FROZEN_MS = 60_000;

/** What became of the connection while the process was frozen. */
const fates: Record<string, (network: TcpProxy) => void> = {
  closed: (network) => network.cut(),
  reset: (network) => network.reset(),
  'black-holed': (network) => network.swallow(),
};

/** The first call of a function that Lambda froze between two requests. */
export const freeze: Benchmark = {
  name: 'freeze',
  about:
    'the first call after a freeze of a minute, by what became of the connection meanwhile; the first call of a new connection is 1',
  async run() {
    const temporal = await startTemporalBehindTls();
    const [workflowId = ''] = await temporal.startWorkflows(1);
    let errors = 0;
    /** Its time, errors included: who asks waits for them as well. */
    const call = async (client: { describe: (of: { workflowId: string }) => Promise<unknown> }) => {
      const begun = performance.now();
      await client.describe({ workflowId }).catch(() => (errors += 1));
      return performance.now() - begun;
    };
    const afterFreeze = (happens?: (network: TcpProxy) => void) => async () => {
      const network = await TcpProxy.listen(temporal.port);
      let frozenMs = 0;
      const namespaces = temporal.namespaces({ now: () => Date.now() + frozenMs }, network.port);
      try {
        const client = await namespaces.find(NAMESPACE).connect();
        if (!happens) return await call(client);
        await client.describe({ workflowId });
        frozenMs = FROZEN_MS;
        happens(network);
        return await call(await namespaces.find(NAMESPACE).connect());
      } finally {
        await namespaces.close();
        await network.close();
      }
    };
    try {
      const frozen = Object.entries(fates).map(([fate, happens]) => [fate, afterFreeze(happens)] as const);
      const clean = afterFreeze();
      await clean();
      errors = 0;
      const samples: Record<string, number[]> = await interleaved(ROUNDS, { clean, ...Object.fromEntries(frozen) });
      const { clean: cleanMs = [], ...others } = samples;
      return [
        { name: 'first call of a new connection', unit: 'ms', ...summary(cleanMs) },
        ...Object.entries(others).map(([fate, ms]): Figure => {
          const note = `longest ${Math.max(...ms).toFixed(0)} ms`;
          return { name: `first call after a freeze, ${fate}`, unit: 'ratio', ...ratio(ms, cleanMs), atMost: 3, note };
        }),
        { name: 'first calls that failed', unit: 'calls', value: errors, n: ROUNDS * (1 + frozen.length), atMost: 0 },
      ];
    } finally {
      await temporal.stop();
    }
  },
};
