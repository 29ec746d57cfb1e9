import { OperationFailure } from '../../api/failures';
import type { DescribedExecution } from '../temporal/executions';
import { eventsOldestFirst, searchPageSize } from '../temporal/history';
import { toNumber } from '../temporal/to-number';
import type { NamespaceClient } from '../temporal/namespace-client';
import { epochMilliseconds } from '../temporal/time';
import type { Chosen } from './target';
import { buildIdOf, taskEnd } from './workflow-task';

/**
 * Returns the ID of the run in which a build first completed a workflow task, from the run's auto-reset points. They include
 * those of earlier runs that continued as new. Returns the run's own ID if they do not include the build.
 */
export function runOfBuild(run: DescribedExecution, buildId: string): string {
  return knownPoint(run, buildId)?.runId || run.runId;
}

/**
 * Finds the first workflow task that the build completed in this run. The server stores auto-reset points for about twenty
 * builds; for other builds, reads the history.
 * @throws {OperationFailure} `conflict` when the server has marked the point as not resettable, or the point has expired
 */
export async function buildPoint(
  client: NamespaceClient,
  run: DescribedExecution,
  buildId: string,
): Promise<Chosen | undefined> {
  const known = knownPoint(run, buildId);
  if (known?.runId === run.runId) {
    const eventId = toNumber(known.firstWorkflowTaskCompletedId);
    const expires = epochMilliseconds(known.expireTime);
    if (!known.resettable || (expires && expires <= Date.now())) throw notResettable(run, buildId, eventId);
    return chosen(eventId, buildId);
  }
  for await (const { event, eventId } of eventsOldestFirst(client, run, searchPageSize(run.description))) {
    if (buildIdOf(event) === buildId) return chosen(eventId, buildId);
  }
  return undefined;
}

/**
 * Finds the end of the first workflow task in this run that a worker of the build started, whether it completed, failed or
 * timed out. Returns undefined unless a worker of another build completed a task before.
 */
export async function beforeBuild(
  client: NamespaceClient,
  run: DescribedExecution,
  buildId: string,
): Promise<Chosen | undefined> {
  let completedBefore = false;
  let takenAt: number | undefined;
  for await (const { event, eventId } of eventsOldestFirst(client, run, searchPageSize(run.description))) {
    if (event.workflowTaskStartedEventAttributes?.workerVersion?.buildId === buildId) takenAt ??= eventId;
    const end = taskEnd(event);
    if (!end) continue;
    if (takenAt !== undefined || buildIdOf(event) === buildId) {
      const why = `Event ${eventId} ended the first workflow task of build ${buildId}.`;
      return completedBefore ? { eventId, why } : undefined;
    }
    if (end === 'completed') completedBefore = true;
  }
  return undefined;
}

function knownPoint({ description }: DescribedExecution, buildId: string) {
  return description.workflowExecutionInfo?.autoResetPoints?.points?.find(
    (point) => point.buildId === buildId || (!point.buildId && point.binaryChecksum === buildId),
  );
}

function chosen(eventId: number, buildId: string): Chosen {
  return { eventId, why: `Event ${eventId} completed the first workflow task of build ${buildId}.` };
}

function notResettable({ workflowId, runId }: DescribedExecution, buildId: string, eventId: number): OperationFailure {
  return new OperationFailure(
    'conflict',
    `Workflow ${JSON.stringify(workflowId)}, run ${runId}, can no longer be reset to build ${buildId}: the server marked its first task as not resettable, because children, signals or cancellations were pending there or it has expired. Nothing was done.`,
    {
      field: 'target.buildId',
      value: buildId,
      allowed: `another target, such as {"eventId": ${eventId}}, the first task of the build`,
    },
  );
}
