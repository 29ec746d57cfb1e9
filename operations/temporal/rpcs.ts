import type { Connection } from './connection';

type WorkflowService = Connection['workflowService'];

/**
 * The RPCs of Temporal's workflow service that the functions call. Their bundles know the messages of these and of no
 * others (lib/bundling/trimmed-proto.ts): a call of another one fails in test/operations/temporal/rpcs.test.ts.
 */
export const rpcs = [
  'countWorkflowExecutions',
  'describeBatchOperation',
  'describeTaskQueue',
  'describeWorkflowExecution',
  'getWorkflowExecutionHistory',
  'getWorkflowExecutionHistoryReverse',
  'listWorkflowExecutions',
  'requestCancelWorkflowExecution',
  'resetWorkflowExecution',
  'setWorkerDeploymentCurrentVersion',
  'startBatchOperation',
  'startWorkflowExecution',
  'stopBatchOperation',
  'terminateWorkflowExecution',
] as const satisfies readonly (keyof WorkflowService)[];
