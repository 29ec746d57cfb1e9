import { Runtime } from '@temporalio/worker';
import { OperationFailure } from '../api/failures';
import { EnvironmentError } from '../aws/environment';
import { secretsManagerReader } from '../aws/secrets-manager';
import { ProcessTelemetry } from '../aws/telemetry';
import { batchDependencies } from './batch-dependencies';
import { namedModules, workerCode } from './code';
import { publishMetricsSeconds } from './config';
import { ConnectFailure, explain } from './connect';
import { createLog } from './log';
import { DrainFailure, runWorker } from './run-worker';
import { workerSettings } from './settings';
import { ecsTaskProtection, TaskProtection } from './task-protection';

const log = createLog();

/** Errors that are logged without a stack, because their message is sufficient for an operator. */
const expected = [EnvironmentError, OperationFailure, ConnectFailure, DrainFailure];

/**
 * Returns a signal that the first SIGTERM or SIGINT aborts, which starts the drain. A second SIGTERM is ignored, because some
 * platforms repeat it. A second SIGINT (Ctrl-C) exits the process.
 */
function stopOnSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (!stop.signal.aborted) {
        log.info('Draining: the worker accepts no new tasks and finishes running ones', { signal });
        stop.abort();
      } else if (signal === 'SIGINT') {
        process.exit(130);
      }
    });
  }
  return stop.signal;
}

async function main(): Promise<void> {
  const stop = stopOnSignal();
  const modules = namedModules(process.argv.slice(2));
  const settings = workerSettings();
  Runtime.install({
    logger: log,
    // The SDK's handler would stop only workers that are already running.
    shutdownSignals: [],
    telemetryOptions: {
      logging: { forward: {}, filter: { core: 'WARN', other: 'ERROR' } },
      ...(settings.metricsPort !== undefined && {
        metrics: { prometheus: { bindAddress: `0.0.0.0:${settings.metricsPort}`, countersTotalSuffix: true } },
      }),
    },
  });
  const { ECS_AGENT_URI: agentUri } = process.env;
  const taskProtection = agentUri ? new TaskProtection(ecsTaskProtection(agentUri), log) : undefined;
  const readSecret = secretsManagerReader();
  const telemetry = new ProcessTelemetry({ logger: log, publishesByItself: false });
  const publishing = setInterval(() => telemetry.publish(), publishMetricsSeconds * 1_000);
  await runWorker(settings, {
    loadCode: () => workerCode(modules, log),
    readSecret,
    log,
    stop,
    batch: batchDependencies(settings, readSecret, log, telemetry),
    taskProtection,
  });
  clearInterval(publishing);
  telemetry.publish();
  log.info('Drained');
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    if (expected.some((kind) => error instanceof kind)) {
      log.error(explain(error));
    } else {
      log.error('Worker failed', { error });
    }
    process.exit(1);
  },
);
