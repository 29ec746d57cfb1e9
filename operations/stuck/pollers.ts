import type { temporal } from '@temporalio/proto';
import type { DescribedExecution } from '../temporal/executions';
import type { NamespaceClient, TaskQueueKind } from '../temporal/namespace-client';
import { epochMilliseconds, rfc3339 } from '../temporal/time';

type TaskQueueDescription = temporal.api.workflowservice.v1.DescribeTaskQueueResponse;
type Poller = temporal.api.taskqueue.v1.IPollerInfo;

/** A version of a worker deployment. */
export interface DeploymentVersion {
  deploymentName: string;
  buildId: string;
}

/** Values of `temporal.api.enums.v1`; operations/temporal/enums.ts says why they are not imported. */
const VERSIONING_BEHAVIOR_PINNED = 1;
const WORKER_VERSIONING_MODE_VERSIONED = 2;
const PINNED_OVERRIDE_BEHAVIOR_PINNED = 1;

/** Time after which a scheduled task counts as unclaimed, in milliseconds. An idle worker gets a task immediately. */
const UNCLAIMED_AFTER_MS = 1_000;

/** A scheduled task that no eligible worker polls for. */
export interface UnclaimedTask {
  taskQueue: string;
  /** When an eligible worker last polled, RFC 3339. */
  lastPollTime?: string;
  /** A sentence that says which workers are missing. */
  explanation: string;
}

/**
 * Checks whether eligible workers poll for a scheduled task.
 * @param scheduled when the task became available to workers, in milliseconds since the epoch
 * @param pinned the only version whose workers are eligible
 * @returns undefined when an eligible worker has polled since, or the task was scheduled less than a second ago
 */
export async function findUnclaimed(
  client: NamespaceClient,
  taskQueue: string,
  kind: TaskQueueKind,
  scheduled: number,
  pinned?: DeploymentVersion,
): Promise<UnclaimedTask | undefined> {
  if (Date.now() - scheduled < UNCLAIMED_AFTER_MS) return undefined;
  const described = await client.describeTaskQueue(taskQueue, kind);
  const { pollers } = described;
  const targets = pinned ? [pinned] : routedVersions(described);
  const eligible = targets ? pollers.filter((poller) => servesAny(poller, targets)) : pollers;
  const last = latestPoll(eligible);
  // A worker that has polled since the task was scheduled is working through a backlog.
  if (last !== undefined && (epochMilliseconds(last) ?? 0) >= scheduled) return undefined;
  const lastPollTime = rfc3339(last);
  const others = latestPoll(pollers) !== last;
  const whose = others && targets ? ` ${versionsLabel(targets)}` : '';
  const because = pinned && others ? ', to which the run is pinned,' : '';
  // A worker that executes as many tasks as its limit allows does not poll either.
  const lastPoll =
    last &&
    `; the last ${others ? 'such ' : ''}poll was at ${lastPollTime}, by a worker that has stopped or is at its limit of tasks`;
  const detail = `${others ? ', workers of other versions do' : ''}${lastPoll ?? ''}`;
  return {
    taskQueue,
    lastPollTime,
    explanation: `No worker${whose}${because} polls task queue "${taskQueue}"${detail}.`,
  };
}

/** Returns the version that a run is pinned to, by its workers or by an override. */
export function pinnedVersion({ description }: DescribedExecution): DeploymentVersion | undefined {
  const versioning = description.workflowExecutionInfo?.versioningInfo;
  const override = versioning?.versioningOverride;
  if (override) {
    const pinned = Number(override.pinned?.behavior) === PINNED_OVERRIDE_BEHAVIOR_PINNED && override.pinned?.version;
    return pinned ? toVersion(pinned) : undefined;
  }
  const { deploymentVersion: version } = versioning ?? {};
  return Number(versioning?.behavior) === VERSIONING_BEHAVIOR_PINNED && version ? toVersion(version) : undefined;
}

/**
 * Returns the versions that get the tasks of unpinned runs: the current version, and the ramping version if its percentage is
 * above 0. An undefined element means unversioned workers.
 * @returns undefined for servers that do not report the routing
 */
function routedVersions({
  versioningInfo: routing,
}: TaskQueueDescription): (DeploymentVersion | undefined)[] | undefined {
  if (!routing) return undefined;
  const { currentDeploymentVersion: current, rampingDeploymentVersion: ramping } = routing;
  const ramps = (routing.rampingVersionPercentage ?? 0) > 0;
  return [toVersion(current), ...(ramps ? [toVersion(ramping)] : [])];
}

function servesAny(poller: Poller, targets: (DeploymentVersion | undefined)[]): boolean {
  const { deploymentOptions: options, workerVersionCapabilities: legacy } = poller;
  // The description does not show how legacy versioning routes tasks: assume that this poller gets the task.
  if (!options && legacy?.useVersioning) return true;
  const versioned = Number(options?.workerVersioningMode) === WORKER_VERSIONING_MODE_VERSIONED;
  const version = versioned ? toVersion(options) : undefined;
  return targets.some(
    (target) => target?.deploymentName === version?.deploymentName && target?.buildId === version?.buildId,
  );
}

/** Returns the most recent poll. */
export function latestPoll(pollers: Poller[]): Poller['lastAccessTime'] {
  return pollers
    .map(({ lastAccessTime }) => lastAccessTime ?? undefined)
    .reduce(
      (latest, time) => ((epochMilliseconds(time) ?? 0) > (epochMilliseconds(latest) ?? 0) ? time : latest),
      undefined,
    );
}

/** @returns undefined for unversioned workers */
export function toVersion(
  version: { deploymentName?: string | null; buildId?: string | null } | null | undefined,
): DeploymentVersion | undefined {
  if (!version?.buildId) return undefined;
  return { deploymentName: version.deploymentName ?? '', buildId: version.buildId };
}

function versionsLabel(targets: (DeploymentVersion | undefined)[]): string {
  const labels = targets.map((version) =>
    version ? `of version ${version.deploymentName}:${version.buildId}` : 'without a version',
  );
  return labels.join(' or ');
}
