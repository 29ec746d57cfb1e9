import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import {
  Capability,
  Cluster,
  ContainerInsights,
  CpuArchitecture,
  FargateService,
  FargateTaskDefinition,
  LinuxParameters,
  LogDrivers,
  OperatingSystemFamily,
} from 'aws-cdk-lib/aws-ecs';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { EnvironmentVariable } from '../../aws/environment';
import { taskFamilyOf } from '../../aws/worker-deployment';
import { defaultHealthPort, stopTimeoutSeconds } from '../../worker/config';
import { acknowledgeCheckov, encryptedByCloudWatch } from '../checkov-finding';
import { nagFindingId } from '../nag-finding-id';
import { workerImage } from './worker-image';
import type { WorkerImageProps } from './worker-image';
import type { WorkerNetwork } from './worker-network';
import type { NamespaceSecrets } from '../namespace-secrets';

/** Port of the worker's Prometheus metrics, for a collector in the same VPC that is let in. */
const metricsPort = 9464;

export interface WorkerServiceProps {
  network: WorkerNetwork;
  /** The namespace's secret: the task reads it, the agent that starts the task does not. */
  secret: NamespaceSecrets;
  /** `REWIND_*` variables: what the worker polls. */
  environment: Record<string, string>;
  image: WorkerImageProps;
  cpu: number;
  memoryMiB: number;
}

/** The worker on ECS Fargate: arm64, no public address, not root, nothing writable, and two roles kept apart. */
export class WorkerService extends Construct {
  readonly service: FargateService;

  constructor(scope: Construct, id: string, props: WorkerServiceProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Logs', {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    acknowledgeCheckov(logGroup, encryptedByCloudWatch);
    const { network, secret, environment, cpu, memoryMiB } = props;
    const { image, buildId } = workerImage(this, props.image);

    const cluster = new Cluster(this, 'Cluster', {
      vpc: network.vpc,
      containerInsightsV2: ContainerInsights.ENABLED,
    });
    const taskDefinition = new FargateTaskDefinition(this, 'Task', {
      family: taskFamilyOf(buildId),
      cpu,
      memoryLimitMiB: memoryMiB,
      runtimePlatform: { cpuArchitecture: CpuArchitecture.ARM64, operatingSystemFamily: OperatingSystemFamily.LINUX },
    });
    Validations.of(taskDefinition).acknowledge(
      {
        id: 'AwsSolutions-ECS2',
        reason: 'The variables say where things are; what is secret the worker reads from Secrets Manager itself',
      },
      {
        id: 'AwsSolutions-IAM5[Resource::*]',
        reason: 'ecr:GetAuthorizationToken, of the role that pulls the image, takes no resources',
      },
    );
    const linuxParameters = new LinuxParameters(this, 'Linux');
    linuxParameters.dropCapabilities(Capability.ALL);
    taskDefinition.addContainer('Worker', {
      image,
      linuxParameters,
      readonlyRootFilesystem: true,
      user: '1000:1000',
      environment: {
        ...environment,
        [EnvironmentVariable.buildId]: buildId,
        [EnvironmentVariable.healthPort]: String(defaultHealthPort),
        [EnvironmentVariable.metricsPort]: String(metricsPort),
      },
      logging: LogDrivers.awsLogs({
        streamPrefix: 'worker',
        logGroup,
      }),
      // The worker's drain is shorter than this: worker/config.ts.
      stopTimeout: Duration.seconds(stopTimeoutSeconds),
      // The same as HEALTHCHECK in worker/Dockerfile. Five minutes: a worker that cannot reach Temporal for
      // a while still has activities to finish, and a new one would not reach it either.
      healthCheck: {
        command: ['CMD', 'node', 'healthcheck.js'],
        interval: Duration.seconds(30),
        timeout: Duration.seconds(5),
        startPeriod: Duration.seconds(60),
        retries: 10,
      },
    });

    secret.grantRead(taskDefinition.taskRole);
    this.allowTaskProtection(cluster, taskDefinition);

    // Without `desiredCount`: a deployment would set the count back from what scaling chose.
    this.service = new FargateService(this, 'Service', {
      cluster,
      taskDefinition,
      assignPublicIp: false,
      securityGroups: [network.securityGroup],
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      circuitBreaker: { enable: true, rollback: true },
      enableECSManagedTags: true,
    });
  }

  /** Scale-in protection while activities run: worker/task-protection.ts. */
  private allowTaskProtection(cluster: Cluster, taskDefinition: FargateTaskDefinition): void {
    const ownTasks = Stack.of(this).formatArn({
      service: 'ecs',
      resource: 'task',
      resourceName: `${cluster.clusterName}/*`,
    });
    const policy = new ManagedPolicy(this, 'TaskProtection', {
      description: 'A Rewind worker may protect the tasks of its own cluster from scale-in',
      statements: [
        new PolicyStatement({
          actions: ['ecs:GetTaskProtection', 'ecs:UpdateTaskProtection'],
          resources: [ownTasks],
        }),
      ],
    });
    Validations.of(policy).acknowledge({
      id: nagFindingId(this, ownTasks),
      reason: 'The tasks of its own cluster, which has no other service: a task’s id is known when it runs',
    });
    taskDefinition.taskRole.addManagedPolicy(policy);
  }
}
