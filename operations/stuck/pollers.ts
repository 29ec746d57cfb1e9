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

/** A task that has waited longer than this for a worker, in milliseconds, has none: an idle one takes it at once. */
const UNCLAIMED_AFTER_MS = 1_000;

/** A task that workers would take and do not. */
export interface UnclaimedTask {
  taskQueue: string;
  /** When a worker that may take it last polled, RFC 3339. */
  lastPollTime?: string;
  /** What is missing, as a sentence. */
  explanation: string;
}

/**
 * @param scheduled when the task became available to workers, in milliseconds since the epoch
 * @param pinned the only version whose workers get the task
 * @returns nothing while a worker that may take the task polls
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
  // One that polled after the task was there and left it is busy with others.
  if (last !== undefined && (epochMilliseconds(last) ?? 0) >= scheduled) return undefined;
  const lastPollTime = rfc3339(last);
  const others = latestPoll(pollers) !== undefined && last === undefined;
  const whose = others && targets ? ` ${versionsLabel(targets)}` : '';
  const because = pinned && others ? ', to which the run is pinned' : '';
  return {
    taskQueue,
    lastPollTime,
    explanation: `No worker${whose}${because} polls task queue "${taskQueue}"${last ? `; the last one did at ${lastPollTime}` : ''}${others ? ', workers of other versions do' : ''}.`,
  };
}

/** The version that a run is pinned to, by its workers or by an override. */
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
 * The versions that get the tasks of runs that are not pinned: the current one, and the ramping one while it has a share.
 * undefined in the list is the workers without a version.
 * @returns nothing for servers that do not say
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
  // Which tasks legacy versioning gives to which poller is not described: assume that it gets this one.
  if (!options && legacy?.useVersioning) return true;
  const versioned = Number(options?.workerVersioningMode) === WORKER_VERSIONING_MODE_VERSIONED;
  const version = versioned ? toVersion(options) : undefined;
  return targets.some(
    (target) => target?.deploymentName === version?.deploymentName && target?.buildId === version?.buildId,
  );
}

/** When one of them last polled. */
export function latestPoll(pollers: Poller[]): Poller['lastAccessTime'] {
  return pollers
    .map(({ lastAccessTime }) => lastAccessTime ?? undefined)
    .reduce(
      (latest, time) => ((epochMilliseconds(time) ?? 0) > (epochMilliseconds(latest) ?? 0) ? time : latest),
      undefined,
    );
}

/** @returns nothing for workers without a version */
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
