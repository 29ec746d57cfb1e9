import type { Logger } from '@temporalio/worker';
import { secretsManagerReader } from '../aws/secrets-manager';
import { ProcessTelemetry } from '../aws/telemetry';
import { createBatchActivities } from './activities/batch';
import { batchDependencies } from './batch-dependencies';
import { publishMetricsSeconds } from './config';
import { createLog } from './log';
import { workerSettings } from './settings';

/**
 * The activities of Rewind's batch operations, for a worker that is not Rewind's: register them beside its own, and export
 * `batchOperation` of `rewind/workflows` from its workflows. The worker polls the task queue that the control plane starts
 * batch operations on.
 *
 * Reads the environment variables that docs/worker.md lists.
 * @throws {EnvironmentError} naming the variable at fault
 */
export function batchActivities(log: Logger = createLog()): object {
  const telemetry = new ProcessTelemetry({ logger: log, publishesByItself: false });
  setInterval(() => telemetry.publish(), publishMetricsSeconds * 1_000).unref();
  return createBatchActivities(batchDependencies(workerSettings(), secretsManagerReader(), log, telemetry));
}
