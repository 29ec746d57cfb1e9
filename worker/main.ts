import { Runtime } from '@temporalio/worker';
import { OperationFailure } from '../operations/failures';
import { EnvironmentError } from '../runtime/environment';
import { secretsManagerReader } from '../runtime/secrets-manager';
import { createLog } from './log';
import { runWorker } from './run-worker';
import { workerSettings } from './settings';

const log = createLog();

/** The first SIGTERM or SIGINT starts the drain; a second SIGINT, a person who will not wait, ends the process. */
function stopOnSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (!stop.signal.aborted) {
        log.info('Draining: no new task is taken, running ones are finished', { signal });
        stop.abort();
      } else if (signal === 'SIGINT') {
        process.exit(130);
      }
    });
  }
  return stop.signal;
}

async function main(): Promise<void> {
  const settings = workerSettings();
  // Signals are handled here alone: the SDK's handler would only know workers that are running already.
  Runtime.install({ logger: log, shutdownSignals: [], telemetryOptions: { logging: { forward: {} } } });
  await runWorker(settings, { readSecret: secretsManagerReader(), log, stop: stopOnSignal() });
  log.info('Drained');
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    if (error instanceof EnvironmentError) log.error(error.message);
    else if (error instanceof OperationFailure) log.error(error.details.operatorDetail ?? error.message);
    else log.error('Worker failed', { error });
    process.exit(1);
  },
);
