import { existsSync } from 'node:fs';
import path from 'node:path';
import { Worker } from '@temporalio/worker';
import type { Logger, WorkerOptions } from '@temporalio/worker';
import { parseCredentials } from '../operations/temporal/credentials';
import type { ReadSecret } from '../operations/temporal/connection';
import { createActivities } from './activities';
import { shutdownForceSeconds, shutdownGraceSeconds } from './config';
import { connectNative } from './native-connection';
import { serveReadiness } from './readiness';
import type { WorkerSettings } from './settings';

export interface WorkerDependencies {
  readSecret: ReadSecret;
  log: Logger;
  /** Aborted when the process is told to stop. */
  stop: AbortSignal;
}

/** The image has the workflow code bundled beside this module; from source it is bundled at start. */
function workflowCode({ tourBug }: WorkerSettings): Pick<WorkerOptions, 'workflowBundle' | 'workflowsPath'> {
  const bundled = path.join(__dirname, 'workflows.bundle.js');
  if (existsSync(bundled)) return { workflowBundle: { codePath: bundled } };
  return { workflowsPath: require.resolve(tourBug === 'non-determinism' ? './tour/previous-release' : './workflows') };
}

/** Polls until told to stop, then drains. Resolves when every task it had taken is answered. */
export async function runWorker(
  settings: WorkerSettings,
  { readSecret, log, stop }: WorkerDependencies,
): Promise<void> {
  const { namespace, taskQueue, connection: namespaceConnection } = settings;
  let worker: Worker | undefined;
  const isPolling = () => {
    const status = worker?.getStatus();
    return (
      status !== undefined &&
      status.runState === 'RUNNING' &&
      status.hasOutstandingWorkflowPoll &&
      status.hasOutstandingActivityPoll
    );
  };
  const health = await serveReadiness(settings.healthPort, isPolling);
  try {
    const credentials = parseCredentials(
      await readSecret(namespaceConnection.secretArn),
      namespaceConnection.secretArn,
    );
    const connection = await connectNative(namespaceConnection, credentials);
    try {
      worker = await Worker.create({
        connection,
        namespace,
        taskQueue,
        ...workflowCode(settings),
        activities: createActivities({ chargeCardIsBroken: settings.tourBug === 'charge-card' }),
        shutdownGraceTime: shutdownGraceSeconds * 1_000,
        shutdownForceTime: (shutdownGraceSeconds + shutdownForceSeconds) * 1_000,
      });
      const running = worker.run();
      log.info('Worker is polling', { namespace, taskQueue, ...(settings.tourBug && { tourBug: settings.tourBug }) });
      const shutdown = () => worker?.getState() === 'RUNNING' && worker.shutdown();
      if (stop.aborted) shutdown();
      else stop.addEventListener('abort', shutdown, { once: true });
      await running;
    } finally {
      await connection.close();
    }
  } finally {
    health.closeAllConnections();
    health.close();
  }
}
