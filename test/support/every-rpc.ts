import { Connection } from '@temporalio/client/lib/connection';
import Long from 'long';
import type { rpcs } from '../../operations/temporal/rpcs';

/*
 * A program that is bundled like a function and calls every RPC of the functions, on a closed and a running workflow.
 * Prints each response or error as a line of JSON.
 * Arguments: address, id and run id of the closed workflow, id of the running one.
 */
const [address = '', workflowId = '', runId = '', runningId = ''] = process.argv.slice(2);
const namespace = 'default';
const execution = { workflowId, runId };
const running = { workflowId: runningId };
const query = `WorkflowId = '${workflowId}'`;
const jobId = `smoke-${runningId}`;

const connection = Connection.lazy({ address });
const { workflowService: service } = connection;

/** In call order. */
const calls: Record<(typeof rpcs)[number], () => Promise<object>> = {
  describeWorkflowExecution: () => service.describeWorkflowExecution({ namespace, execution }),
  getWorkflowExecutionHistory: () => service.getWorkflowExecutionHistory({ namespace, execution }),
  getWorkflowExecutionHistoryReverse: () => service.getWorkflowExecutionHistoryReverse({ namespace, execution }),
  countWorkflowExecutions: () => service.countWorkflowExecutions({ namespace, query }),
  listWorkflowExecutions: () => service.listWorkflowExecutions({ namespace, query }),
  describeWorkerDeployment: () => service.describeWorkerDeployment({ namespace, deploymentName: 'none' }),
  describeWorkerDeploymentVersion: () =>
    service.describeWorkerDeploymentVersion({
      namespace,
      deploymentVersion: { deploymentName: 'none', buildId: 'none' },
    }),
  describeTaskQueue: () => service.describeTaskQueue({ namespace, taskQueue: { name: 'none' }, taskQueueType: 1 }),
  startWorkflowExecution: () =>
    service.startWorkflowExecution({
      namespace,
      workflowId: runningId,
      requestId: runningId,
      workflowType: { name: 'smoke' },
      taskQueue: { name: runningId },
      input: { payloads: [{ metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('{}') }] },
      workflowIdConflictPolicy: 2,
    }),
  signalWorkflowExecution: () =>
    service.signalWorkflowExecution({
      namespace,
      workflowExecution: { workflowId: runningId },
      signalName: 'smoke',
      requestId: 'smoke',
    }),
  requestCancelWorkflowExecution: () =>
    service.requestCancelWorkflowExecution({
      namespace,
      workflowExecution: { workflowId: runningId },
      reason: 'smoke test',
      identity: 'every-rpc',
      requestId: 'once',
    }),
  resetWorkflowExecution: () =>
    service.resetWorkflowExecution({
      namespace,
      workflowExecution: execution,
      workflowTaskFinishEventId: Long.fromNumber(1_000_000),
      reason: 'smoke test',
      requestId: 'once',
      postResetOperations: [{ updateWorkflowOptions: { updateMask: { paths: ['versioning_override'] } } }],
    }),
  describeNamespace: () => service.describeNamespace({ namespace }),
  pauseWorkflowExecution: () =>
    service.pauseWorkflowExecution({ namespace, workflowId: runningId, reason: 'smoke test', requestId: 'once' }),
  unpauseWorkflowExecution: () => service.unpauseWorkflowExecution({ namespace, workflowId: runningId }),
  pauseActivity: () => service.pauseActivity({ namespace, execution: running, id: 'none', reason: 'smoke test' }),
  unpauseActivity: () => service.unpauseActivity({ namespace, execution: running, id: 'none' }),
  resetActivity: () => service.resetActivity({ namespace, execution: running, type: 'none', resetHeartbeat: true }),
  updateWorkflowExecutionOptions: () =>
    service.updateWorkflowExecutionOptions({
      namespace,
      workflowExecution: running,
      workflowExecutionOptions: { versioningOverride: { autoUpgrade: true } },
      updateMask: { paths: ['versioning_override'] },
    }),
  terminateWorkflowExecution: () =>
    service.terminateWorkflowExecution({ namespace, workflowExecution: { workflowId: runningId }, reason: 'enough' }),
  startBatchOperation: () =>
    service.startBatchOperation({
      namespace,
      jobId,
      visibilityQuery: "WorkflowType = 'nobody starts this'",
      reason: 'smoke test',
      cancellationOperation: { identity: 'every-rpc' },
    }),
  describeBatchOperation: () => service.describeBatchOperation({ namespace, jobId: 'none' }),
  stopBatchOperation: () => service.stopBatchOperation({ namespace, jobId: 'none', reason: 'smoke test' }),
  setWorkerDeploymentCurrentVersion: () =>
    service.setWorkerDeploymentCurrentVersion({ namespace, deploymentName: 'none', buildId: '1' }),
};

async function main(): Promise<void> {
  for (const [rpc, call] of Object.entries(calls)) {
    const answer = await connection
      .withDeadline(Date.now() + 10_000, call)
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- all rejections of a call are errors of grpc-js
      .catch((error: unknown) => ({ refused: (error as Error).message }));
    console.log(JSON.stringify({ rpc, answer }));
  }
  await connection.close();
}

void main();
