import { CfnOutput, Fn, Stack } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { EnvironmentVariable } from '../aws/environment';
import { defaultTaskQueue } from '../worker/config';
import type { RewindConfig } from './config';
import { RewindAlarm, notifyTopic } from './constructs/alarm';
import type { Ledger } from './constructs/ledger';
import { WorkerNetwork } from './constructs/worker-network';
import { WorkerScaling } from './constructs/worker-scaling';
import { WorkerService } from './constructs/worker-service';
import { WorkerVersion } from './constructs/worker-version';
import { namespaceConnections } from './namespace-connections';
import { NamespaceSecret } from './namespace-secret';

/** The `worker` section of the configuration. */
export interface WorkerConfig {
  /** Namespace it polls; one of `namespaces`. */
  namespace: string;
  /** Task queue it polls; {@link defaultTaskQueue} when absent. */
  taskQueue?: string | undefined;
  /** CPU units of a task; 512 when absent. */
  cpu?: number | undefined;
  /** Memory of a task; 1024 when absent. */
  memoryMiB?: number | undefined;
  /** Fewest tasks; 1 when absent. */
  minCapacity?: number | undefined;
  /** Most tasks; 10 when absent. */
  maxCapacity?: number | undefined;
  /** An existing VPC; one is made when absent. */
  vpcId?: string | undefined;
  /** Modules whose exports are workflows it runs beside the batch workflow; paths from the repository's root. */
  workflows?: string[] | undefined;
  /** Modules whose exports are the activities of these workflows. */
  activities?: string[] | undefined;
  /** An image in a registry, with tag or digest; the repository's own is built at deployment when absent. */
  imageUri?: string | undefined;
}

export interface WorkerStackProps extends StackProps {
  worker: WorkerConfig;
  namespaces: RewindConfig['namespaces'];
  logLevel: RewindConfig['logLevel'];
  functions: RewindConfig['functions'];
  /** Is told of every alarm. */
  alarmTopicArn?: string | undefined;
  /** Of the control stack: batch operations are recorded there. */
  ledger: Ledger;
}

/** The Temporal worker: a network, a Fargate service, and its scaling on the backlog of its task queue. */
export class WorkerStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    { worker, namespaces, logLevel, functions, ledger, alarmTopicArn, ...props }: WorkerStackProps,
  ) {
    super(scope, id, props);
    const { namespace, taskQueue = defaultTaskQueue, minCapacity = 1, maxCapacity = 10 } = worker;
    const namespaceConfig = namespaces[namespace];
    if (!namespaceConfig) throw new Error(`worker.namespace "${namespace}" is not one of the configured namespaces`);
    const secret = new NamespaceSecret(this, namespaceConfig);
    const environment = {
      [EnvironmentVariable.namespaces]: JSON.stringify(namespaceConnections({ [namespace]: namespaceConfig })),
      [EnvironmentVariable.workerNamespace]: namespace,
      [EnvironmentVariable.taskQueue]: taskQueue,
      POWERTOOLS_LOG_LEVEL: logLevel,
    };

    const network = new WorkerNetwork(this, 'Network', {
      vpcId: worker.vpcId,
      temporalAddress: namespaceConfig.address,
    });
    const { service } = new WorkerService(this, 'Worker', {
      network,
      secret,
      environment: { ...environment, ...ledger.environment },
      image: { uri: worker.imageUri, workflows: worker.workflows, activities: worker.activities },
      cpu: worker.cpu ?? 512,
      memoryMiB: worker.memoryMiB ?? 1024,
    });
    ledger.grantWrite(service.taskDefinition.taskRole);
    new WorkerVersion(this, 'Version', { service, environment, secret, functions });
    const scaling = new WorkerScaling(this, 'Scaling', {
      service,
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
      impact: 'Workflows of the worker’s task queue do not move: a task has waited for five minutes.',
      runbook: 'tasks-wait-for-a-worker',
    });

    if (alarmTopicArn !== undefined) notifyTopic(this, alarmTopicArn);

    new CfnOutput(this, 'ServiceName', { value: service.serviceName });
    new CfnOutput(this, 'ClusterName', { value: service.cluster.clusterName });
  }

  /** Two zones of whatever region it is deployed to, so that synthesis has to ask no account. */
  override get availabilityZones(): string[] {
    return [0, 1].map((index) => Fn.select(index, Fn.getAzs()));
  }
}
