import { CfnOutput, CrossStackReferences, Fn, ReferenceStrength, Stack } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { EnvironmentVariable } from '../aws/environment';
import { workerDeploymentName } from '../aws/worker-deployment';
import type { RewindConfig } from './config';
import { RewindAlarm, configureAlarms } from './constructs/alarm';
import type { AlarmsConfig } from './constructs/alarm';
import { placeFunctions } from './constructs/function-network';
import type { Ledger } from './constructs/ledger';
import { WorkerNetwork } from './constructs/worker-network';
import { WorkerScaling } from './constructs/worker-scaling';
import { WorkerService } from './constructs/worker-service';
import { WorkerVersion } from './constructs/worker-version';
import { requireEnvironment } from './deployment-region';
import { namespaceConnections } from './namespace-connections';
import { NamespaceSecrets } from './namespace-secrets';
import { stackOf } from './rewind-metrics';
import { checkTemplateLimits } from './template-limits';

export interface WorkerStackProps extends StackProps, AlarmsConfig {
  worker: NonNullable<RewindConfig['worker']>;
  namespaces: RewindConfig['namespaces'];
  logLevel: RewindConfig['logLevel'];
  functions: RewindConfig['functions'];
  /** The ledger of the control stack, in which the worker records the operations of batch operations. */
  ledger: Ledger;
}

/** The stack of the Temporal worker: a network, a Fargate service, and scaling by the backlog of its task queue. */
export class WorkerStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    { worker, namespaces, logLevel, functions, ledger, alarmTopicArn, runbookUrl, ...props }: WorkerStackProps,
  ) {
    super(scope, id, props);
    // Weak references instead of exports: CloudFormation does not remove an export in use, so a deployment without `worker` would fail.
    CrossStackReferences.of(this).consume(ReferenceStrength.WEAK);
    const { namespace, taskQueue, cpu, memoryMiB, minCapacity, maxCapacity, vpcId, subnetIds, imageUri } = worker;
    const namespaceConfig = namespaces[namespace];
    if (!namespaceConfig) throw new Error(`worker.namespace "${namespace}" is not one of the configured namespaces`);
    // The lookup of the VPC's subnets needs the account and region.
    if (vpcId !== undefined && subnetIds === undefined) requireEnvironment(this, 'worker.vpcId');
    const secret = new NamespaceSecrets(this, [namespaceConfig]);
    const environment = {
      [EnvironmentVariable.namespaces]: JSON.stringify(namespaceConnections({ [namespace]: namespaceConfig })),
      [EnvironmentVariable.stack]: stackOf(ledger),
      [EnvironmentVariable.workerNamespace]: namespace,
      [EnvironmentVariable.taskQueue]: taskQueue,
      [EnvironmentVariable.deploymentName]: workerDeploymentName(taskQueue),
      POWERTOOLS_LOG_LEVEL: logLevel,
    };

    const network = new WorkerNetwork(this, 'Network', {
      vpcId,
      subnetIds,
      temporalAddress: namespaceConfig.address,
    });
    const { service } = new WorkerService(this, 'Worker', {
      network,
      secret,
      environment: { ...environment, ...ledger.environment },
      image: { uri: imageUri, workflows: worker.workflows, activities: worker.activities },
      cpu,
      memoryMiB,
    });
    ledger.grantSearchAndWrite(service.taskDefinition.taskRole);
    new WorkerVersion(this, 'Version', { service, environment, secret, functions });
    const scaling = new WorkerScaling(this, 'Scaling', {
      service,
      stack: stackOf(ledger),
      namespace,
      taskQueue,
      environment,
      secret,
      functions,
      minCapacity,
      maxCapacity,
    });
    new RewindAlarm(this, 'TasksWaitAlarm', {
      metric: scaling.backlogAge,
      threshold: 300,
      impact: 'Workflows on the worker’s task queue do not proceed: a task has waited for five minutes.',
      runbook: 'tasks-wait-for-a-worker',
    });

    placeFunctions(this, functions, [namespaceConfig]);
    configureAlarms(this, { alarmTopicArn, runbookUrl });

    checkTemplateLimits(this);
    new CfnOutput(this, 'ServiceName', { value: service.serviceName });
    new CfnOutput(this, 'ClusterName', { value: service.cluster.clusterName });
  }

  /** Two availability zones of the region, as tokens, so that synthesis needs no lookup. */
  override get availabilityZones(): string[] {
    return [0, 1].map((index) => Fn.select(index, Fn.getAzs()));
  }
}
