import type { Connection } from './connection';

type WorkflowService = Connection['workflowService'];

/**
 * The RPCs of Temporal's workflow service that the functions call. Their bundles know the messages of these and of no
 * others (lib/bundling/trimmed-proto.ts): to call another one is a mistake that the compiler sees, or, where it is called
 * on a connection itself, test/operations/temporal/rpcs.test.ts.
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

export type Rpc = (typeof rpcs)[number];
export type Requests = { [R in Rpc]: Parameters<WorkflowService[R]>[0] };
export type Responses = { [R in Rpc]: Awaited<ReturnType<WorkflowService[R]>> };

/** Its name in Temporal's API. */
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
