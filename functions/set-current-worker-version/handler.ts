import type { DescribeServicesRequest, DescribeServicesResponse } from '@aws-sdk/client-ecs';
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
 * Makes the build that the service runs the current version. Which build that is, ECS says and not the event: events come
 * late and in any order, and a rollback ends with one too. A failure fails the invocation, and Lambda tries again.
 */
export const createHandler =
  ({ describeServices, setCurrentVersion, logger }: CurrentVersionDependencies) =>
  async ({ resources, detail }: DeploymentCompleted): Promise<void> => {
    const [serviceArn = ''] = resources;
    const [, cluster] = serviceArn.split('/');
    const { services, failures } = await describeServices({ cluster, services: [serviceArn] });
    const primary = services?.[0]?.deployments?.find(({ status }) => status === 'PRIMARY');
    if (!primary?.taskDefinition) {
      throw new Error(`ECS knows no deployment of "${serviceArn}": ${failures?.[0]?.reason ?? 'no reason given'}`);
    }
    if (primary.id !== detail.deploymentId && primary.rolloutState === 'IN_PROGRESS') {
      // Its build may be broken; its own event will tell.
      logger.info('Another deployment has begun since', { completed: detail.deploymentId, begun: primary.id });
      return;
    }
    const buildId = buildIdOf(primary.taskDefinition);
    await setCurrentVersion(buildId);
    logger.info('The deployed build is the current version', { buildId, deployment: primary.id });
  };
