import type { Connection } from '../../operations/temporal/connection';
import { callOver } from '../../operations/temporal/rpcs';

/** Timeout of the call, in milliseconds. The server checks every task queue of the deployment, which took 5 s in a test. */
const deadlineMs = 15_000;

/**
 * Sets the current version of a worker deployment, to which Temporal then routes tasks. Idempotent. It does not set
 * `ignoreMissingTaskQueues`: the server rejects a version that does not poll a task queue of the current version, because
 * no worker would get that queue's tasks. The option would not help a version that has never polled either.
 *
 * @throws the gRPC error. Observed on 1.29.1: FAILED_PRECONDITION when no version of the deployment has ever polled or a
 * task queue is missing; NOT_FOUND when this version has not polled yet
 */
export async function setCurrentVersion(
  connection: Connection,
  namespace: string,
  version: { deploymentName: string; buildId: string },
): Promise<void> {
  const request = { namespace, ...version, identity: 'rewind/set-current-worker-version' };
  await callOver(connection, 'setWorkerDeploymentCurrentVersion', request, Date.now() + deadlineMs);
}
