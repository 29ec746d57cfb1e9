import { OperationFailure } from '../../api/failures';
import type { DescribedExecution } from '../temporal/executions';
import { eventsOldestFirst, searchPageSize } from '../temporal/history';
import { toNumber } from '../temporal/to-number';
import type { NamespaceClient } from '../temporal/namespace-client';
import { epochMilliseconds } from '../temporal/time';
import type { Chosen } from './target';
import { buildIdOf, taskEnd } from './workflow-task';

/**
 * The run in which a build first completed a workflow task: a run knows this of itself and of those before it that
 * continued as new. The run itself when it does not know the build.
 */
export function runOfBuild(run: DescribedExecution, buildId: string): string {
  return knownPoint(run, buildId)?.runId || run.runId;
}

/**
 * The first task that the build completed in this run. The server keeps the first tasks of some twenty builds; for others
 * the history is read.
 * @throws {OperationFailure} `conflict` when the server has marked the point as not resettable
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
 * The first task that a worker of the build took in this run and that ended, well or not, where a worker of another build
 * completed one before.
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
      allowed: `another target; event ${eventId}, where the build began, may be named as {"eventId": ${eventId}}`,
    },
  );
}
