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

/** The options of the SDK's worker, but for its connection. */
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
        // A run moves to the version that is current when its next task is due; workflow code changes need `patched`.
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
