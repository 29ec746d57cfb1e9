import type { Connection } from './connection';

type WorkflowService = Connection['workflowService'];

/**
 * The RPCs of Temporal's workflow service that the functions call. Their bundles contain the messages of these RPCs only
 * (lib/bundling/trimmed-proto.ts). The compiler rejects any other RPC; test/operations/temporal/rpcs.test.ts finds one that
 * is called on a connection directly.
 */
export const rpcs = [
  'countWorkflowExecutions',
  'describeBatchOperation',
  'describeNamespace',
  'describeTaskQueue',
  'describeWorkerDeployment',
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

/** Makes one call over a connection. Its errors are those of gRPC. */
export function callOver<R extends Rpc>(
  connection: Connection,
  rpc: R,
  request: Requests[R],
  deadline: number,
): Promise<Responses[R]> {
  const service: { [Each in Rpc]: (request: Requests[Each]) => Promise<Responses[Each]> } = connection.workflowService;
  return connection.withDeadline(deadline, () => service[rpc](request));
}
