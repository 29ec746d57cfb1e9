import { Worker } from '@temporalio/worker';
import type { Logger } from '@temporalio/worker';
import type { ReadSecret } from '../operations/temporal/connection';
import { secretCheckSeconds, startPatienceSeconds } from './config';
import { connectionOpener, patiently } from './connect';
import { CredentialRotation } from './credential-rotation';
import { isPolling, serveReadiness } from './readiness';
import type { WorkerSettings } from './settings';
import type { TaskProtection } from './task-protection';
import { workerOptions } from './worker-options';

export interface WorkerDependencies {
  readSecret: ReadSecret;
  log: Logger;
  /** Aborted when the process is told to stop. */
  stop: AbortSignal;
  /** Where the process runs on ECS. */
  taskProtection?: TaskProtection | undefined;
  /** Milliseconds between two looks at the secret; {@link secretCheckSeconds} when absent. */
  secretCheckMs?: number;
}

/**
 * Polls until told to stop, then drains: takes no new task, and lets running ones end within the grace period.
 *
 * @returns when every task it had taken is answered
 * @throws {ConfigurationFailure} for a secret that only an operator can put right
 * @throws the last failure when Temporal could not be reached for {@link startPatienceSeconds}
 * @throws GracefulShutdownPeriodExpiredError when an activity did not end after grace and force
 */
export async function runWorker(settings: WorkerSettings, dependencies: WorkerDependencies): Promise<void> {
  const { readSecret, log, stop, taskProtection, secretCheckMs = secretCheckSeconds * 1_000 } = dependencies;
  const { namespace, taskQueue, connection: namespaceConnection, version, tourBug } = settings;
  const open = connectionOpener(readSecret);

  let worker: Worker | undefined;
  let rotation: CredentialRotation | undefined;
  const isReady = async () => {
    try {
      return await isPolling(worker);
    } catch (error) {
      log.warn('Temporal does not answer; looking whether the credentials were rotated', { error });
      void rotation?.check();
      return false;
    }
  };
  const readiness = await serveReadiness(settings.healthPort, isReady);

  try {
    const opened = await patiently(() => open(namespaceConnection), { forSeconds: startPatienceSeconds, log, stop });
    const running = await Worker.create({ ...workerOptions(settings), connection: opened.connection });
    worker = running;
    rotation = new CredentialRotation({
      namespace: namespaceConnection,
      opened,
      readSecret,
      open,
      use: (connection) => {
        running.connection = connection;
      },
      everyMs: secretCheckMs,
      log,
    });
    const activities = taskProtection && running.numInFlightActivities$.subscribe(taskProtection.onRunningActivities);
    const ended = running.run();
    log.info('Worker is polling', { namespace, taskQueue, ...version, ...(tourBug && { tourBug }) });

    const shutdown = () => {
      if (running.getState() === 'RUNNING') running.shutdown();
    };
    if (stop.aborted) shutdown();
    stop.addEventListener('abort', shutdown, { once: true });

    await ended;
    activities?.unsubscribe();
    await rotation.stop();
  } catch (error) {
    if (worker || !stop.aborted) throw error;
    log.info('Told to stop before it was polling');
  } finally {
    taskProtection?.stop();
    readiness.closeAllConnections();
    readiness.close();
  }
}
