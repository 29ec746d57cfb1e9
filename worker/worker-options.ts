import { existsSync } from 'node:fs';
import path from 'node:path';
import type { WorkerOptions } from '@temporalio/worker';
import { createActivities } from './activities';
import type { BatchDependencies } from './activities/batch';
import {
  batchHeartbeatIntervalMs,
  maxConcurrentActivities,
  shutdownForceSeconds,
  shutdownGraceSeconds,
  stickyPatienceMs,
} from './config';
import type { WorkerSettings } from './settings';

/** The image has the workflow code bundled beside this module; from source it is bundled at start. */
function workflowCode({ tourBug }: WorkerSettings): Pick<WorkerOptions, 'workflowBundle' | 'workflowsPath'> {
  const bundled = path.join(__dirname, 'workflows.bundle.js');
  if (existsSync(bundled)) return { workflowBundle: { codePath: bundled } };
  return { workflowsPath: require.resolve(tourBug === 'non-determinism' ? './tour/previous-release' : './workflows') };
}

/** Everything the SDK's worker needs to know but its connection. */
export function workerOptions(settings: WorkerSettings, batch?: BatchDependencies): WorkerOptions {
  const { namespace, taskQueue, version } = settings;
  return {
    namespace,
    taskQueue,
    ...workflowCode(settings),
    activities: createActivities({ chargeCardIsBroken: settings.tourBug === 'charge-card', batch }),
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
    stickyQueueScheduleToStartTimeout: stickyPatienceMs,
    shutdownGraceTime: shutdownGraceSeconds * 1_000,
    shutdownForceTime: (shutdownGraceSeconds + shutdownForceSeconds) * 1_000,
  };
}
