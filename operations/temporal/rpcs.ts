import type { Connection } from './connection';

type WorkflowService = Connection['workflowService'];

/**
 * The RPCs of Temporal's workflow service that the functions call. The bundles contain only the messages of these RPCs
 * (lib/bundling/trimmed-proto.ts). The compiler rejects other RPCs; test/operations/temporal/rpcs.test.ts finds those that
 * are called directly on a connection.
 */
export const rpcs = [
  'countWorkflowExecutions',
  'describeBatchOperation',
  'describeNamespace',
  'describeTaskQueue',
  'describeWorkerDeployment',
  'describeWorkerDeploymentVersion',
  'describeWorkflowExecution',
  'getWorkflowExecutionHistory',
  'getWorkflowExecutionHistoryReverse',
  'listWorkflowExecutions',
  'pauseActivity',
  'pauseWorkflowExecution',
  'requestCancelWorkflowExecution',
  'resetActivity',
  'resetWorkflowExecution',
  'setWorkerDeploymentCurrentVersion',
  'signalWorkflowExecution',
  'startBatchOperation',
  'startWorkflowExecution',
  'stopBatchOperation',
  'terminateWorkflowExecution',
  'unpauseActivity',
  'unpauseWorkflowExecution',
  'updateWorkflowExecutionOptions',
] as const satisfies readonly (keyof WorkflowService)[];

export type Rpc = (typeof rpcs)[number];
export type Requests = { [R in Rpc]: Parameters<WorkflowService[R]>[0] };
export type Responses = { [R in Rpc]: Awaited<ReturnType<WorkflowService[R]>> };

/** The RPC's name in Temporal's API. */
export function apiName(rpc: Rpc): string {
  return rpc.charAt(0).toUpperCase() + rpc.slice(1);
}

/** Makes a call over a connection. Fails with a gRPC error. */
export function callOver<R extends Rpc>(
  connection: Connection,
  rpc: R,
  request: Requests[R],
  deadline: number,
): Promise<Responses[R]> {
  const service: { [Each in Rpc]: (request: Requests[Each]) => Promise<Responses[Each]> } = connection.workflowService;
  return connection.withDeadline(deadline, () => service[rpc](request));
}
