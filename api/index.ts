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

/** Every route of the HTTP API, by its operation id in docs/openapi.json. */
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

/** The routes whose operations the ledger records under a verb of their own. */
export const verbRoutes: readonly VerbRoute[] = Object.values(routes).filter((route) => 'verb' in route);

type Routes = (typeof routes)[keyof typeof routes];
/** What Rewind can do to a workflow that leaves a record. */
export type VerbName = Extract<Routes, { verb: string }>['verb'];
