import type { Logger } from '@temporalio/worker';
import { secretsManagerReader } from '../aws/secrets-manager';
import { ProcessTelemetry } from '../aws/telemetry';
import { createBatchActivities } from './activities/batch';
import { batchDependencies } from './batch-dependencies';
import { publishMetricsSeconds } from './config';
import { createLog } from './log';
import { workerSettings } from './settings';

/**
 * Returns the activities of batch operations, for use in your own worker. Register them beside the worker's activities, and
 * export `batchOperation` of `rewind/workflows` from its workflows. The worker must poll the task queue on which the control
 * plane starts batch operations.
 *
 * Reads the environment variables that docs/worker.md lists.
 * @throws {EnvironmentError} names the missing or invalid variable
 */
export function batchActivities(log: Logger = createLog()): object {
  const telemetry = new ProcessTelemetry({ logger: log, publishesByItself: false });
  setInterval(() => telemetry.publish(), publishMetricsSeconds * 1_000).unref();
  return createBatchActivities(batchDependencies(workerSettings(), secretsManagerReader(), log, telemetry));
}
