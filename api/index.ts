import { pauseActivity, resetActivity, unpauseActivity } from './activities';
import {
  cancelBatchOperation,
  getBatchOperation,
  listBatchItems,
  listBatchOperations,
  previewBatchCancellation,
  previewBatchPause,
  previewBatchReset,
  previewBatchTermination,
  previewBatchUnpause,
  previewBatchUpdateOptions,
  resumeBatchOperation,
  retryBatchOperation,
  startBatchOperation,
  suspendBatchOperation,
} from './batch-operations';
import { cancelWorkflow } from './cancel';
import { describeWorkflow } from './describe';
import { getOperation, listOperations } from './operations';
import { listHistory } from './history';
import { listRejectedEvents, redriveRejectedEvents } from './rejected-events';
import { pauseWorkflow, unpauseWorkflow } from './pause';
import { resetWorkflow } from './reset';
import { listResetPoints } from './reset-points';
import { restartWorkflow } from './restart';
import { startRollback } from './rollbacks';
import type { VerbRoute } from './route';
import { terminateWorkflow } from './terminate';
import { updateWorkflowOptions } from './update-options';
import { countWorkflows, listWorkflows } from './workflows';

/** Every route of the HTTP API, keyed by its operation id in docs/openapi.json. */
export const routes = {
  listWorkflows,
  countWorkflows,
  describeWorkflow,
  listHistory,
  listResetPoints,
  cancelWorkflow,
  terminateWorkflow,
  resetWorkflow,
  pauseWorkflow,
  unpauseWorkflow,
  restartWorkflow,
  updateWorkflowOptions,
  resetActivity,
  pauseActivity,
  unpauseActivity,
  listOperations,
  getOperation,
  listBatchOperations,
  previewBatchCancellation,
  previewBatchTermination,
  previewBatchReset,
  previewBatchPause,
  previewBatchUnpause,
  previewBatchUpdateOptions,
  startBatchOperation,
  getBatchOperation,
  listBatchItems,
  cancelBatchOperation,
  suspendBatchOperation,
  resumeBatchOperation,
  retryBatchOperation,
  listRejectedEvents,
  redriveRejectedEvents,
  startRollback,
};

/** The routes that define a verb. */
export const verbRoutes: readonly VerbRoute[] = Object.values(routes).filter((route) => 'verb' in route);

type Routes = (typeof routes)[keyof typeof routes];
/** Name of a verb: a change that the ledger records. */
export type VerbName = Extract<Routes, { verb: string }>['verb'];
