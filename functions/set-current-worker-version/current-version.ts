import type { Connection } from '../../operations/temporal/connection';
import { callOver } from '../../operations/temporal/rpcs';

/** Longest wait for the server, in milliseconds: it asks every task queue of the deployment (5 s were seen). */
const deadlineMs = 15_000;

/**
 * Makes a version the current one of its worker deployment: from now on it is given the tasks. Repeating it changes
 * nothing. Without `ignoreMissingTaskQueues`: a version that leaves out a task queue which the current one serves is refused,
 * because no worker would get that queue's tasks. For a version that never polled that option does not help either.
 *
 * @throws the gRPC error, as seen on 1.29.1: FAILED_PRECONDITION when no version of the deployment ever polled, or a task
 * queue is missing; NOT_FOUND when this version has not polled yet
 */
export async function setCurrentVersion(
  connection: Connection,
  namespace: string,
  version: { deploymentName: string; buildId: string },
): Promise<void> {
  const request = { namespace, ...version, identity: 'rewind/set-current-worker-version' };
  await callOver(connection, 'setWorkerDeploymentCurrentVersion', request, Date.now() + deadlineMs);
}
