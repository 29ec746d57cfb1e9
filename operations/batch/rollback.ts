import type { BatchRequest } from '../../api/batch-operations';
import type { RollbackRequest } from '../../api/rollbacks';
import type { ResetRequest } from '../../api/reset';
import { OperationFailure } from '../../api/failures';
import { TemporalRejection } from '../temporal/errors';
import { describeExecution } from '../temporal/executions';
import type { DescribedExecution } from '../temporal/executions';
import type { NamespaceClient } from '../temporal/namespace-client';
import { startedOn } from '../reset/build-id';
import { COMPARABLE, incomparable, quoted } from '../temporal/visibility-text';
import type { BatchItem } from './batch';

/*
 * The rollback of a worker deployment, as a batch operation of resets. docs/temporal-semantics.md says what servers record
 * about builds; test/integration/rollback.test.ts observes it.
 */

/** Default for `followSeconds`, which the rollback's report needs. */
const DEFAULT_FOLLOW_SECONDS = 60;

/**
 * Returns the request for the batch operation that rolls a build back. Reads the deployment's routing first, because a build
 * that still gets new work cannot be rolled back.
 * @throws {OperationFailure} `invalid-request` for an unknown deployment or a name that no query can match, `conflict` while
 *   the build is its current or ramping version, or when the deployment has no current version to move to
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
    target: { beforeBuildId: badBuildId, deploymentName },
    query: affectedRuns(deploymentName, badBuildId, includeClosed),
    rollback: { deploymentName, badBuildId, toBuildId: to, restartTypes },
  };
}

/** Refuses names that no query matches: the rollback would wrongly report that the build affected no runs. */
function refuseIncomparable(names: Record<string, string>): void {
  for (const [field, value] of Object.entries(names)) {
    if (!incomparable.test(value)) continue;
    throw new OperationFailure(
      'invalid-request',
      `Visibility queries cannot compare with the name ${JSON.stringify(value)}. Nothing was done.`,
      { field, value, allowed: `a name ${COMPARABLE}` },
    );
  }
}

/** Returns a query for the runs in which the build completed a workflow task, or whose current version it is. */
function affectedRuns(deploymentName: string, badBuildId: string, closed: readonly string[]): string {
  const version = quoted(`${deploymentName}:${badBuildId}`);
  const builds = [`unversioned:${badBuildId}`, `pinned:${deploymentName}:${badBuildId}`].map(quoted).join(', ');
  const affected = `TemporalWorkerDeployment = ${quoted(deploymentName)} AND (BuildIds IN (${builds}) OR TemporalWorkerDeploymentVersion = ${version})`;
  const open = 'CloseTime IS NULL';
  const wanted = closed.length === 0 ? open : `(${open} OR ExecutionStatus IN (${closed.map(quoted).join(', ')}))`;
  return `${affected} AND ${wanted}`;
}

/**
 * Returns the request to reset a run in a rollback. Repeated calls return the same request, because a closed run is immutable.
 * @returns undefined for an item of another batch operation
 */
export async function rollbackReset(
  client: NamespaceClient,
  { reason, rollback, excludeReapply, orphanedChildren }: BatchRequest,
  { workflowId, runId }: BatchItem,
): Promise<ResetRequest | undefined> {
  if (!rollback || runId === undefined) return undefined;
  const execution = { workflowId, runId };
  const { deploymentName, badBuildId, toBuildId, restartTypes = [] } = rollback;
  const run = await describeExecution(client, execution);
  const info = run.description.workflowExecutionInfo;
  const isRestarted =
    restartTypes.includes(info?.type?.name ?? '') &&
    (await startedOn(client, run, { buildId: badBuildId, deploymentName }));
  return {
    ...execution,
    reason,
    target: isRestarted ? { at: 'firstWorkflowTask' } : { beforeBuildId: badBuildId, deploymentName },
    // The reset point may be in an earlier run of the chain, so that this run has to be terminated.
    terminateRunId: execution.runId,
    excludeReapply,
    orphanedChildren,
    // Runs that are not pinned move to the current version automatically.
    ...(isPinned(run) && { versioningOverride: { pinned: { deploymentName, buildId: toBuildId } } }),
  };
}

/** A `temporal.api.enums.v1.VersioningBehavior`; temporal/enums.ts says why it is not imported. */
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
        allowed: 'the name of a worker deployment in the namespace',
      },
    );
  }
}

function stillInUse(deploymentName: string, buildId: string): OperationFailure {
  return new OperationFailure(
    'conflict',
    `Build ${buildId} is still the current or ramping version of deployment ${JSON.stringify(deploymentName)}, so it would execute the reset runs again. Nothing was done.`,
    {
      field: 'badBuildId',
      value: buildId,
      allowed: 'a request once another build is current; see temporal worker deployment set-current-version',
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
