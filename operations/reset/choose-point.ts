import type { ResetTarget } from '../../api/reset';
import { OperationFailure } from '../../api/failures';
import { toRelation } from '../chain';
import { newestResetPoints } from '../reset-points';
import { describeExecution } from '../temporal/executions';
import type { DescribedExecution } from '../temporal/executions';
import { firstEvent } from '../temporal/history';
import type { NamespaceClient } from '../temporal/namespace-client';
import { beforeActivity } from './before-activity';
import { beforeFailure } from './before-failure';
import { beforeFirstTask } from './before-first-task';
import { beforeBuild, buildPoint, runOfBuild } from './build-id';
import { atEvent, beforeTime, firstWorkflowTask, tasksBeforeLast } from './search';
import type { Chosen, ChosenPoint } from './target';
import type { Build } from '../temporal/workflow-task';

/**
 * Finds the run and the event to reset to.
 *
 * @param named the run that the request names, or the current run
 * @param pinned whether `named` is the run that an earlier attempt at the same operation chose
 * @throws {OperationFailure} `not-a-reset-point`, with the newest reset points, when the history has no such event
 */
export async function chooseResetPoint(
  client: NamespaceClient,
  named: DescribedExecution,
  target: ResetTarget,
  pinned: boolean,
): Promise<ChosenPoint> {
  const run = pinned ? named : await runOf(client, named, target);
  const chosen = (await findTaskEnd(client, run, target)) ?? (await beforeFirstTask(client, run, target));
  if (chosen) return { run, ...chosen };
  throw await notAResetPoint(client, run, target);
}

/** Returns the run to search: targets by build and `lastContinuedAsNew` can select an earlier run of the chain. */
async function runOf(
  client: NamespaceClient,
  named: DescribedExecution,
  target: ResetTarget,
): Promise<DescribedExecution> {
  const { workflowId } = named;
  if ('buildId' in target) return runOfBuild(client, named, target, 'buildId');
  if ('beforeBuildId' in target) return runOfBuild(client, named, beforeBuildIn(target), 'beforeBuildId');
  if (!('at' in target) || target.at !== 'lastContinuedAsNew') return named;
  const started = (await firstEvent(client, named))?.workflowExecutionStartedEventAttributes;
  const { continuedExecutionRunId: runId, initiator } = started ?? {};
  const relation = runId ? toRelation(initiator) : undefined;
  if (runId && relation === 'continuedAsNew') return describeExecution(client, { workflowId, runId });
  throw new OperationFailure(
    'not-a-reset-point',
    `Run ${named.runId} of workflow ${JSON.stringify(workflowId)} was not started by a continue-as-new.`,
    {
      field: 'target.at',
      value: target.at,
      allowed: `firstWorkflowTask or lastWorkflowTask, or one of resetPoints by its eventId${relation === undefined ? '' : `; or runId ${runId}, which a ${relation} continued, with one of its own targets`}`,
      resetPoints: await newestResetPoints(client, named),
    },
  );
}

const beforeBuildIn = ({
  beforeBuildId: buildId,
  deploymentName,
}: Extract<ResetTarget, { beforeBuildId: string }>): Build => ({
  buildId,
  deploymentName,
});

function findTaskEnd(
  client: NamespaceClient,
  run: DescribedExecution,
  target: ResetTarget,
): Promise<Chosen | undefined> {
  if ('eventId' in target) return atEvent(client, run, target.eventId);
  if ('beforeActivity' in target) return beforeActivity(client, run, target.beforeActivity);
  if ('beforeFailure' in target) return beforeFailure(client, run, target.beforeFailure);
  if ('beforeTime' in target) return beforeTime(client, run, Date.parse(target.beforeTime));
  if ('buildId' in target) return buildPoint(client, run, target);
  if ('beforeBuildId' in target) return beforeBuild(client, run, beforeBuildIn(target));
  if ('back' in target) return tasksBeforeLast(client, run, target.back);
  return target.at === 'firstWorkflowTask' ? firstWorkflowTask(client, run) : tasksBeforeLast(client, run, 0);
}

/** Error texts for targets that match no event, by the target's field. */
const targetErrors: Record<string, (value: unknown) => { what: string; allowed: string }> = {
  eventId: (eventId) => ({
    what: `cannot be reset to event ${String(eventId)}: no workflow task ended there`,
    allowed: 'the eventId of one of resetPoints',
  }),
  at: () => ({
    what: 'has no workflow task that ended',
    allowed: 'the same target, once a worker has executed a workflow task; or a restart, if the run closed before that',
  }),
  beforeActivity: () => ({ what: 'has scheduled no such activity', allowed: 'an activity in its history' }),
  beforeFailure: () => ({
    what: 'has no failure to reset to',
    allowed: 'another target: nothing in this run failed',
  }),
  beforeTime: (time) => ({
    what: `has ended no workflow task since ${String(time)}`,
    allowed: 'a time before the newest of resetPoints',
  }),
  buildId: () => ({
    what: 'has completed no workflow task on this build',
    allowed: 'a build id that reset-points shows as resettable, or the eventId of one of resetPoints',
  }),
  beforeBuildId: (buildId) => ({
    what: `has completed no workflow task before the first one of build ${String(buildId)}: it started on that build, or never ran on it`,
    allowed: 'another target; {"at": "firstWorkflowTask"} runs everything again',
  }),
  back: () => ({
    what: 'has not completed that many workflow tasks',
    allowed: 'a smaller number, or the eventId of one of resetPoints',
  }),
};

export async function notAResetPoint(
  client: NamespaceClient,
  run: { workflowId: string; runId: string },
  target: ResetTarget,
  cause?: Error,
): Promise<OperationFailure> {
  const fields = Object.entries(target) as [string, unknown][];
  const [name, value] = fields.find(([field]) => field !== 'deploymentName') ?? ['eventId', undefined];
  const { what, allowed } = targetErrors[name]?.(value) ?? {
    what: 'cannot be reset there',
    allowed: 'one of resetPoints',
  };
  return new OperationFailure(
    'not-a-reset-point',
    `Workflow ${JSON.stringify(run.workflowId)}, run ${run.runId}, ${what}.`,
    {
      field: `target.${name}`,
      value,
      allowed,
      resetPoints: await newestResetPoints(client, run),
      ...(cause && { operatorDetail: cause.message }),
    },
    { cause },
  );
}
