import { OperationFailure } from '../../api/failures';
import { MAX_LATER_RUNS } from '../../api/reset';
import { successorOf } from '../chain';
import { mapWithConcurrency } from '../map-with-concurrency';
import { describeExecution } from '../temporal/executions';
import type { DescribedExecution } from '../temporal/executions';
import { eventsOldestFirst, searchNewestFirst, searchOldestFirst } from '../temporal/history';
import { toNumber } from '../temporal/to-number';
import type { NamespaceClient } from '../temporal/namespace-client';
import { epochMilliseconds } from '../temporal/time';
import type { Chosen } from './target';
import { buildOf, taskEnd } from '../temporal/workflow-task';
import type { Build } from '../temporal/workflow-task';

/** The field of a target that names the build. */
type Field = 'buildId' | 'beforeBuildId';

/**
 * Returns the run in which a build first completed a workflow task, which can be an earlier run that continued as new; the
 * run itself if no earlier one is known. The run's auto-reset points name the first run for each build id, whatever the
 * deployment, so that the runs after it are searched for builds of other deployments.
 * @throws {OperationFailure} `conflict` when builds of several deployments have this id in these runs and none is named
 */
export async function runOfBuild(
  client: NamespaceClient,
  named: DescribedExecution,
  build: Build,
  field: Field,
): Promise<DescribedExecution> {
  const earlier = earlierRuns(client, named, build);
  if (build.deploymentName !== undefined) {
    for await (const run of earlier) if (await hasCompletedTask(client, run, build)) return run;
    return named;
  }
  const read: DescribedExecution[] = [];
  for await (const run of earlier) if (read.push(run) >= MAX_LATER_RUNS) break;
  const [first] = read;
  // Without earlier runs, the search in the named run detects several deployments.
  if (!first) return named;
  const deployments = await mapWithConcurrency([...read, named], async (run) => {
    const ofBuild = withDeployments(run, await endedTasks(client, run, build), build);
    return deploymentsOf(ofBuild.filter(({ completed }) => completed || field === 'beforeBuildId'));
  });
  refuseAmbiguous(first, build, new Set(deployments.flatMap((names) => [...names])), field);
  return first;
}

/** Iterates over the runs from the first in which a build with this id completed a task, to the one before the named run. */
async function* earlierRuns(
  client: NamespaceClient,
  named: DescribedExecution,
  build: Build,
): AsyncGenerator<DescribedExecution, void> {
  const { workflowId } = named;
  let runId = knownPoint(named, build)?.runId;
  while (runId && runId !== named.runId) {
    const run = await describeExecution(client, { workflowId, runId });
    yield run;
    runId = await successorOf(client, run);
  }
}

async function hasCompletedTask(client: NamespaceClient, run: DescribedExecution, build: Build): Promise<boolean> {
  for await (const { event } of searchOldestFirst(client, run)) {
    if (isOf(build, buildOf(event))) return true;
  }
  return false;
}

/** Whether the build completed the first workflow task of the chain. */
export async function startedOn(client: NamespaceClient, run: DescribedExecution, build: Build): Promise<boolean> {
  const [oldest] = autoResetPoints(run);
  if (oldest?.buildId !== build.buildId) return false;
  const execution = { workflowId: run.workflowId, runId: oldest.runId || run.runId };
  for await (const { event } of eventsOldestFirst(client, execution, 5)) {
    if (taskEnd(event) === 'completed') return isOf(build, buildOf(event));
  }
  return false;
}

/**
 * Finds the first workflow task that the build completed in this run. The server stores auto-reset points for about twenty
 * build ids, which limit how far back to search.
 * @throws {OperationFailure} `conflict` when the server has marked the point as not resettable, or the point has expired, or
 *   builds of several deployments have this id and none is named
 */
export async function buildPoint(
  client: NamespaceClient,
  run: DescribedExecution,
  build: Build,
): Promise<Chosen | undefined> {
  const point = knownPoint(run, build);
  const known = point?.runId === run.runId ? point : undefined;
  const oldest = toNumber(known?.firstWorkflowTaskCompletedId);
  let first: number | undefined;
  const deployments = new Set<string>();
  for await (const { event, eventId } of searchNewestFirst(client, run)) {
    if (eventId < oldest) break;
    const completedBy = buildOf(event);
    if (!isOf(build, completedBy)) continue;
    first = eventId;
    if (completedBy?.deploymentName !== undefined) deployments.add(completedBy.deploymentName);
  }
  refuseAmbiguous(run, build, deployments, 'buildId');
  if (first === undefined) return undefined;
  if (known && first === oldest) {
    const expires = epochMilliseconds(known.expireTime);
    if (!known.resettable || (expires && expires <= Date.now())) throw notResettable(run, build, first);
  }
  return { eventId: first, why: `Event ${first} completed the first workflow task of ${label(build)}.` };
}

/**
 * Finds the end of the first workflow task in this run that a worker of the build started, whether it completed, failed or
 * timed out. Returns undefined unless a worker of another build completed a task before.
 * @throws {OperationFailure} `conflict` when builds of several deployments have this id and none is named
 */
export async function beforeBuild(
  client: NamespaceClient,
  run: DescribedExecution,
  build: Build,
): Promise<Chosen | undefined> {
  const tasks = await endedTasks(client, run, build);
  const ofBuild = withDeployments(run, tasks, build);
  refuseAmbiguous(run, build, deploymentsOf(ofBuild), 'beforeBuildId');
  const first = ofBuild.find((task) => isOf(build, task));
  if (!first || !tasks.some(({ completed, eventId }) => completed && eventId < first.eventId)) return undefined;
  return {
    eventId: first.eventId,
    why: `Event ${first.eventId} ended the first workflow task of ${label(build)}.`,
  };
}

/** A workflow task that ended, and the build that executed it. */
interface EndedTask extends Partial<Build> {
  eventId: number;
  completed: boolean;
  /** Whether the end names the build. Otherwise `buildId` is from the start, and the deployment is unknown. */
  named: boolean;
}

/**
 * Reads the tasks of the run, oldest first, up to the one with which a build of a given deployment first completed one. For a
 * worker with a deployment version, the start of a task names no build on 1.32.2, so that a task that failed belongs to the
 * version to which the run is moving, if no task has completed and no version was set since.
 */
async function endedTasks(client: NamespaceClient, run: DescribedExecution, build: Build): Promise<EndedTask[]> {
  const tasks: EndedTask[] = [];
  let started: { buildId?: string } | undefined;
  let ofNextVersion: EndedTask[] = [];
  for await (const { event, eventId } of searchOldestFirst(client, run)) {
    const start = event.workflowTaskStartedEventAttributes;
    if (start) started = { buildId: start.workerVersion?.buildId || undefined };
    if (event.workflowExecutionOptionsUpdatedEventAttributes) ofNextVersion = [];
    const end = taskEnd(event);
    if (!end) continue;
    const named = buildOf(event);
    const task = { eventId, completed: end === 'completed', named: named !== undefined, ...started, ...named };
    tasks.push(task);
    if (task.completed) ofNextVersion = [];
    else if (started && task.buildId === undefined) ofNextVersion.push(task);
    started = undefined;
    if (build.deploymentName !== undefined && isOf(build, named)) return tasks;
  }
  for (const task of ofNextVersion) task.buildId = nextVersion(run)?.buildId ?? undefined;
  return tasks;
}

/**
 * Returns the tasks of builds with this id, with their deployments. A failed task names none: it belongs to the deployment of
 * the next completed task of such a build, or to that to which the run is moving. If no task names one, all may be of the build.
 */
function withDeployments(run: DescribedExecution, tasks: EndedTask[], build: Build): EndedTask[] {
  const ofBuild = tasks.filter(({ buildId }) => buildId === build.buildId);
  const next = nextVersion(run);
  let deploymentName = ofBuild.some(({ named }) => named) ? undefined : build.deploymentName;
  if (next?.buildId === build.buildId && next.deploymentName) ({ deploymentName } = next);
  return ofBuild
    .toReversed()
    .map((task) => {
      if (task.named) ({ deploymentName } = task);
      return { ...task, deploymentName };
    })
    .toReversed();
}

const deploymentsOf = (tasks: EndedTask[]): Set<string> =>
  new Set(tasks.flatMap(({ deploymentName }) => deploymentName ?? []));

/** Returns the deployment version to which the run is moving, if any. Its failed tasks may be of this version. */
function nextVersion({ description }: DescribedExecution) {
  const { versionTransition, versioningOverride } = description.workflowExecutionInfo?.versioningInfo ?? {};
  return versionTransition?.deploymentVersion ?? versioningOverride?.pinned?.version;
}

/** Whether a task of `completedBy` counts for a target: without a deployment, the target means any build with its id. */
function isOf({ buildId, deploymentName }: Build, completedBy: Partial<Build> | undefined): boolean {
  if (completedBy?.buildId !== buildId) return false;
  return deploymentName === undefined || completedBy.deploymentName === deploymentName;
}

function autoResetPoints({ description }: DescribedExecution) {
  return description.workflowExecutionInfo?.autoResetPoints?.points ?? [];
}

function knownPoint(run: DescribedExecution, { buildId }: Build) {
  return autoResetPoints(run).find(
    (point) => point.buildId === buildId || (!point.buildId && point.binaryChecksum === buildId),
  );
}

function label({ buildId, deploymentName }: Build): string {
  return `build ${buildId}${deploymentName === undefined ? '' : ` of deployment ${deploymentName}`}`;
}

function refuseAmbiguous(
  { workflowId }: DescribedExecution,
  { buildId, deploymentName }: Build,
  deployments: Set<string>,
  field: Field,
): void {
  if (deploymentName !== undefined || deployments.size < 2) return;
  const names = [...deployments].toSorted();
  throw new OperationFailure(
    'conflict',
    `Builds ${buildId} of deployments ${names.join(' and ')} executed workflow ${JSON.stringify(workflowId)}. Nothing was done.`,
    {
      field: 'target.deploymentName',
      allowed: `with ${JSON.stringify(field)}: ${JSON.stringify(buildId)}, one of ${names.map((name) => JSON.stringify(name)).join(', ')}`,
    },
  );
}

function notResettable({ workflowId, runId }: DescribedExecution, build: Build, eventId: number): OperationFailure {
  return new OperationFailure(
    'conflict',
    `Workflow ${JSON.stringify(workflowId)}, run ${runId}, can no longer be reset to ${label(build)}: the server marked its first task as not resettable, because children, signals or cancellations were pending there or it has expired. Nothing was done.`,
    {
      field: 'target.buildId',
      value: build.buildId,
      allowed: `another target, such as {"eventId": ${eventId}}, the first task of the build`,
    },
  );
}
