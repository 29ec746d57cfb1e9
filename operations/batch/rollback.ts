import type { BatchRequest } from '../../api/batch-operations';
import type { RollbackPlan } from '../../api/batch-operation';
import type { RollbackRequest } from '../../api/rollbacks';
import type { ResetRequest } from '../../api/reset';
import { OperationFailure } from '../../api/failures';
import { TemporalRejection } from '../temporal/errors';
import { describeExecution } from '../temporal/executions';
import type { DescribedExecution } from '../temporal/executions';
import type { NamespaceClient, WorkflowExecution } from '../temporal/namespace-client';
import { COMPARABLE, incomparable, quoted } from '../temporal/visibility-text';

/*
 * The rollback of a deployment, as a batch operation of resets. docs/temporal-semantics.md has what servers record of
 * builds; test/integration/rollback.test.ts observes it.
 */

/** How long new runs are followed where the request does not say, in seconds: the report needs it. */
const DEFAULT_FOLLOW_SECONDS = 60;

/**
 * The batch operation that rolls a build back. Reads which version is current: a build that still gets new work is not
 * rolled back.
 * @throws {OperationFailure} `invalid-request` for a deployment that does not exist or a name that no query finds, `conflict`
 *   while the build is its current or ramping version
 */
export async function rollbackBatch(
  client: NamespaceClient,
  { deploymentName, badBuildId, toBuildId, restartTypes, includeClosed = [], ...same }: RollbackRequest,
): Promise<BatchRequest> {
  refuseIncomparable({ deploymentName, badBuildId });
  const { current, ramping } = await routingOf(client, deploymentName);
  if (current === badBuildId || ramping === badBuildId) throw stillInUse(deploymentName, badBuildId);
  const to = toBuildId ?? current;
  if (to === undefined) throw noCurrentVersion(deploymentName);
  return {
    followSeconds: DEFAULT_FOLLOW_SECONDS,
    ...same,
    action: 'reset',
    target: { beforeBuildId: badBuildId },
    query: touchedBy(deploymentName, badBuildId, includeClosed),
    rollback: { deploymentName, badBuildId, toBuildId: to, ...(restartTypes && { restartTypes }) },
  };
}

/** Its query would match nothing, which looks like a build that touched nothing. */
function refuseIncomparable(names: Record<string, string>): void {
  for (const [field, value] of Object.entries(names)) {
    if (!incomparable.test(value)) continue;
    throw new OperationFailure(
      'invalid-request',
      `Temporal does not find runs by the name ${JSON.stringify(value)}. Nothing was done.`,
      { field, value, allowed: `a name ${COMPARABLE}` },
    );
  }
}

/** The runs of which the build has completed a workflow task, or that are on it. */
function touchedBy(deploymentName: string, badBuildId: string, closed: readonly string[]): string {
  const version = quoted(`${deploymentName}:${badBuildId}`);
  const builds = [`unversioned:${badBuildId}`, `pinned:${deploymentName}:${badBuildId}`].map(quoted).join(', ');
  const touched = `TemporalWorkerDeployment = ${quoted(deploymentName)} AND (BuildIds IN (${builds}) OR TemporalWorkerDeploymentVersion = ${version})`;
  const open = 'CloseTime IS NULL';
  const wanted = closed.length === 0 ? open : `(${open} OR ExecutionStatus IN (${closed.map(quoted).join(', ')}))`;
  return `${touched} AND ${wanted}`;
}

/**
 * The reset of one run of a rollback. It is the same each time: a closed run does not change.
 */
export async function rollbackReset(
  client: NamespaceClient,
  { reason, rollback, excludeReapply, orphanedChildren }: BatchRequest & { rollback: RollbackPlan },
  execution: Required<WorkflowExecution>,
): Promise<ResetRequest> {
  const { deploymentName, badBuildId, toBuildId, restartTypes = [] } = rollback;
  const run = await describeExecution(client, execution);
  const info = run.description.workflowExecutionInfo;
  const isRestarted = beganOn(run, badBuildId) && restartTypes.includes(info?.type?.name ?? '');
  return {
    ...execution,
    reason,
    target: isRestarted ? { at: 'firstWorkflowTask' } : { beforeBuildId: badBuildId },
    // The point may be in an earlier run of its chain.
    terminateRunId: execution.runId,
    ...(excludeReapply && { excludeReapply }),
    ...(orphanedChildren && { orphanedChildren }),
    // Others move to the current version by themselves.
    ...(isPinned(run) && { versioningOverride: { pinned: { deploymentName, buildId: toBuildId } } }),
  };
}

function beganOn({ description }: DescribedExecution, buildId: string): boolean {
  return description.workflowExecutionInfo?.autoResetPoints?.points?.[0]?.buildId === buildId;
}

/** `temporal.api.enums.v1.VersioningBehavior`. */
const PINNED = 1;

function isPinned({ description }: DescribedExecution): boolean {
  const { behavior = 0, versioningOverride } = description.workflowExecutionInfo?.versioningInfo ?? {};
  return (behavior as number) === PINNED || Boolean(versioningOverride?.pinned);
}

async function routingOf(
  client: NamespaceClient,
  deploymentName: string,
): Promise<{ current?: string; ramping?: string }> {
  try {
    return await client.deploymentRouting(deploymentName);
  } catch (error) {
    if (!(error instanceof TemporalRejection && error.notFound)) throw error;
    throw new OperationFailure(
      'invalid-request',
      `There is no worker deployment ${JSON.stringify(deploymentName)}. Nothing was done.`,
      {
        field: 'deploymentName',
        value: deploymentName,
        allowed: 'the name of a worker deployment of the namespace',
      },
    );
  }
}

function stillInUse(deploymentName: string, buildId: string): OperationFailure {
  return new OperationFailure(
    'conflict',
    `Build ${buildId} is still the current or ramping version of deployment ${JSON.stringify(deploymentName)}: it would pick up again what is reset. Nothing was done.`,
    {
      field: 'badBuildId',
      value: buildId,
      allowed: 'asked again once another build is current, by temporal worker deployment set-current-version',
    },
  );
}

function noCurrentVersion(deploymentName: string): OperationFailure {
  return new OperationFailure(
    'conflict',
    `Deployment ${JSON.stringify(deploymentName)} has no current version that runs could move to. Nothing was done.`,
    { field: 'toBuildId', allowed: 'a build id' },
  );
}
