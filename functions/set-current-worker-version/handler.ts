import type { Deployment, DescribeServicesRequest, DescribeServicesResponse } from '@aws-sdk/client-ecs';
import type { EventBridgeEvent } from 'aws-lambda';
import type { logger } from '../../aws/logger';
import { buildIdOf } from '../../aws/worker-deployment';

/** The event of ECS that a service has reached a steady state, after a deployment or its rollback. */
export type DeploymentCompleted = Pick<
  EventBridgeEvent<'ECS Deployment State Change', { deploymentId: string }>,
  'resources' | 'detail'
>;

export interface CurrentVersionDependencies {
  describeServices: (services: DescribeServicesRequest) => Promise<DescribeServicesResponse>;
  /** Makes the build the current version. Rejects with the error of Temporal. */
  setCurrentVersion: (buildId: string) => Promise<void>;
  logger: Pick<typeof logger, 'info'>;
}

/**
 * Creates the handler that makes the build of a completed ECS deployment the current version, or the build of a later
 * deployment if that has completed too. It throws on an error, and Lambda retries.
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
    // Repeats until the build stays the same, because the events of two deployments can be handled concurrently.
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
 * Returns the primary deployment if it has completed, because events can be late and out of order. Otherwise returns the
 * event's deployment, even if ECS does not describe it as completed yet, unless it has failed.
 */
function latestCompleted(deployments: Deployment[], completedId: string): Deployment | undefined {
  const primary = deployments.find(({ status }) => status === 'PRIMARY');
  if (primary?.rolloutState === 'COMPLETED') return primary;
  return deployments.find(({ id, rolloutState }) => id === completedId && rolloutState !== 'FAILED');
}
