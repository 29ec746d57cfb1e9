import { DescribeServicesCommand, ECSClient } from '@aws-sdk/client-ecs';
import { logger } from '../../aws/logger';
import { EnvironmentVariable, requiredVariable } from '../../aws/environment';
import { workerNamespace } from '../../aws/worker-namespace';
import { setCurrentVersion } from './current-version';
import { createHandler } from './handler';

const ecs = new ECSClient({});
const { namespace, withConnection } = workerNamespace();
const deploymentName = requiredVariable(EnvironmentVariable.deploymentName);

export const handler = createHandler({
  describeServices: (services) => ecs.send(new DescribeServicesCommand(services)),
  setCurrentVersion: (buildId) =>
    withConnection((connection) => setCurrentVersion(connection, namespace, { deploymentName, buildId })),
  logger,
});
