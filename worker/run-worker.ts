import { IllegalStateError } from '@temporalio/common';
import { GracefulShutdownPeriodExpiredError, Worker } from '@temporalio/worker';
import type { Logger, NativeConnection } from '@temporalio/worker';
import type { ReadSecret } from '../operations/temporal/connection';
import { secretCheckSeconds, shutdownForceSeconds, shutdownGraceSeconds, startTimeoutSeconds } from './config';
import { connectionOpener, retryFor } from './connect';
import { CredentialRotation } from './credential-rotation';
import { isPolling, serveReadiness } from './readiness';
import type { BatchDependencies } from './activities/batch';
import type { WorkerCode } from './code';
import type { WorkerSettings } from './settings';
import type { TaskProtection } from './task-protection';
import { workerOptions } from './worker-options';

export interface WorkerDependencies {
  /** Called only when the connection is open, because bundling from source takes seconds. */
  loadCode: () => Promise<WorkerCode>;
  readSecret: ReadSecret;
  log: Logger;
  /** Aborted when the process has to stop. */
  stop: AbortSignal;
  /** Batch operations fail without it. */
  batch?: BatchDependencies | undefined;
  /** Set on ECS only. */
  taskProtection?: TaskProtection | undefined;
  /** Interval between checks of the secret, in milliseconds. Default: {@link secretCheckSeconds}. */
  secretCheckMs?: number;
}

/** Activities did not end within the time for the drain, so the process exits without them. */
export class DrainFailure extends Error {
  override readonly name = 'DrainFailure';
}

/**
 * Explains a failed drain; returns other errors unchanged. The SDK documents GracefulShutdownPeriodExpiredError, but throws an
 * IllegalStateError about a worker in use while an activity is still running (observed with 1.24.0).
 */
export function drainFailure(error: unknown): unknown {
  if (!(error instanceof GracefulShutdownPeriodExpiredError || error instanceof IllegalStateError)) return error;
  return new DrainFailure(
    `activities did not end within ${shutdownGraceSeconds + shutdownForceSeconds} s; they will time out and be retried by another worker`,
    { cause: error },
  );
}

/**
 * Runs a worker until it is stopped, then drains it: the worker accepts no new tasks, and running tasks can finish within the
 * grace period. Resolves when all accepted tasks are completed.
 *
 * @throws {ConfigurationFailure} for a secret without valid credentials
 * @throws the last failure when Temporal could not be reached for {@link startTimeoutSeconds}
 * @throws {DrainFailure} when an activity did not end after grace period and forced shutdown
 */
export async function runWorker(settings: WorkerSettings, dependencies: WorkerDependencies): Promise<void> {
  const { log, stop, taskProtection } = dependencies;
  let connected: ConnectedWorker | undefined;
  const isReady = async () => {
    try {
      return await isPolling(connected?.worker);
    } catch (error) {
      log.warn('Temporal does not respond; checking whether the credentials were rotated', { error });
      void connected?.rotation.check();
      return false;
    }
  };
  const readiness = await serveReadiness(settings.healthPort, isReady);

  try {
    connected = await connectWorker(settings, dependencies);
    const { worker, rotation } = connected;
    const activities = taskProtection && worker.numInFlightActivities$.subscribe(taskProtection.onRunningActivities);
    const ended = worker.run();
    const { namespace, taskQueue, version } = settings;
    log.info('Worker is polling', { namespace, taskQueue, ...version });
    await untilStopped(worker, ended, stop);
    activities?.unsubscribe();
    await rotation.stop();
  } catch (error) {
    if (connected || !stop.aborted) throw error;
    log.info('Stopped before the worker was polling');
  } finally {
    taskProtection?.stop();
    readiness.closeAllConnections();
    readiness.close();
  }
}

interface ConnectedWorker {
  worker: Worker;
  /** Replaces the worker's connection when the credentials change. */
  rotation: CredentialRotation;
}

/** Creates a worker, which does not poll yet, when the connection to Temporal is open. */
async function connectWorker(settings: WorkerSettings, dependencies: WorkerDependencies): Promise<ConnectedWorker> {
  const { loadCode, readSecret, log, stop, batch, secretCheckMs = secretCheckSeconds * 1_000 } = dependencies;
  const { connection: namespace } = settings;
  const open = connectionOpener(readSecret, settings.namespace);
  const opened = await retryFor(() => open(namespace), { forSeconds: startTimeoutSeconds, log, stop });
  const worker = await Worker.create({
    ...workerOptions(settings, await loadCode(), batch),
    connection: opened.connection,
  });
  const use = (connection: NativeConnection) => {
    worker.connection = connection;
  };
  const rotation = new CredentialRotation({ namespace, opened, readSecret, open, use, everyMs: secretCheckMs, log });
  return { worker, rotation };
}

/** Drains a running worker when it has to stop, and waits for its end. */
async function untilStopped(worker: Worker, ended: Promise<void>, stop: AbortSignal): Promise<void> {
  const shutdown = () => {
    if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  if (stop.aborted) shutdown();
  stop.addEventListener('abort', shutdown, { once: true });
  try {
    await ended;
  } catch (error) {
    throw stop.aborted ? drainFailure(error) : error;
  }
}
