import type { WorkerOptions } from '@temporalio/worker';
import { createBatchActivities } from './activities/batch';
import type { BatchDependencies } from './activities/batch';
import type { WorkerCode } from './code';
import {
  batchHeartbeatIntervalMs,
  maxConcurrentActivities,
  shutdownForceSeconds,
  shutdownGraceSeconds,
  stickyTimeoutMs,
} from './config';
import type { WorkerSettings } from './settings';

/** Returns the options for the SDK's worker, without the connection. */
export function workerOptions(
  settings: WorkerSettings,
  { workflowBundle, activities }: WorkerCode,
  batch?: BatchDependencies,
): WorkerOptions {
  const { namespace, taskQueue, version } = settings;
  return {
    namespace,
    taskQueue,
    workflowBundle,
    activities: { ...activities, ...createBatchActivities(batch) },
    ...(version && {
      workerDeploymentOptions: {
        version,
        useWorkerVersioning: true,
        // A run moves to the current version with its next workflow task, so changes of workflow code need `patched`.
        defaultVersioningBehavior: 'AUTO_UPGRADE',
      },
    }),
    maxConcurrentActivityTaskExecutions: maxConcurrentActivities,
    maxHeartbeatThrottleInterval: batchHeartbeatIntervalMs,
    stickyQueueScheduleToStartTimeout: stickyTimeoutMs,
    shutdownGraceTime: shutdownGraceSeconds * 1_000,
    shutdownForceTime: (shutdownGraceSeconds + shutdownForceSeconds) * 1_000,
  };
}
