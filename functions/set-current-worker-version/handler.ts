import type { Deployment, DescribeServicesRequest, DescribeServicesResponse } from '@aws-sdk/client-ecs';
import type { EventBridgeEvent } from 'aws-lambda';
import type { logger } from '../../aws/logger';
import { buildIdOf } from '../../aws/worker-deployment';

/** ECS says that a service has reached a steady state after a deployment, or after the rollback of one. */
export type DeploymentCompleted = Pick<
  EventBridgeEvent<'ECS Deployment State Change', { deploymentId: string }>,
  'resources' | 'detail'
>;

export interface CurrentVersionDependencies {
  describeServices: (services: DescribeServicesRequest) => Promise<DescribeServicesResponse>;
  /** Makes the build's version the current one; rejects when Temporal does not. */
  setCurrentVersion: (buildId: string) => Promise<void>;
  logger: Pick<typeof logger, 'info'>;
}

/**
 * Makes the build of the completed deployment the current version, or that of a later one that has completed too. A
 * failure fails the invocation, and Lambda retries it.
 */
export const createHandler =
  ({ describeServices, setCurrentVersion, logger }: CurrentVersionDependencies) =>
  async ({ resources, detail }: DeploymentCompleted): Promise<void> => {
    const [serviceArn = ''] = resources;
    const [, cluster] = serviceArn.split('/');
    const deployments = async () => {
      const { services, failures } = await describeServices({ cluster, services: [serviceArn] });
      const found = services?.[0]?.deployments;
      if (found?.length) return found;
      throw new Error(`ECS has no deployment of "${serviceArn}": ${failures?.[0]?.reason ?? 'no reason given'}`);
    };
    // Again until nothing has changed meanwhile: events of two deployments may be handled at once.
    for (let current: string | undefined; ;) {
      const deployment = latestCompleted(await deployments(), detail.deploymentId);
      if (!deployment?.taskDefinition) {
        logger.info('The completed deployment has been replaced by one that has not completed', detail);
        return;
      }
      const buildId = buildIdOf(deployment.taskDefinition);
      if (buildId === current) return;
      await setCurrentVersion(buildId);
      logger.info('The deployed build is the current version', { buildId, deployment: deployment.id });
      current = buildId;
    }
  };

/**
 * Events come late and in any order, so a later deployment that has completed goes first. The event's own deployment counts
 * as completed even where ECS still describes it as it was before. A failed one is never taken.
 */
function latestCompleted(deployments: Deployment[], completedId: string): Deployment | undefined {
  const primary = deployments.find(({ status }) => status === 'PRIMARY');
  if (primary?.rolloutState === 'COMPLETED') return primary;
  return deployments.find(({ id, rolloutState }) => id === completedId && rolloutState !== 'FAILED');
}
