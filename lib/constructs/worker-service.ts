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

/** Port of the worker's Prometheus metrics, for a collector in the same VPC. The security group does not allow it by default. */
const metricsPort = 9464;

export interface WorkerServiceProps {
  network: WorkerNetwork;
  /** The namespace's secret. The task role can read it, but the execution role cannot. */
  secret: NamespaceSecrets;
  /** `REWIND_*` variables. */
  environment: Record<string, string>;
  image: WorkerImageProps;
  cpu: number;
  memoryMiB: number;
}

/** The worker on ECS Fargate: arm64, no public IP address, a non-root user, a read-only file system, and separate task and execution roles. */
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
        reason: 'The variables have no secrets: the worker reads them from Secrets Manager itself',
      },
      {
        id: 'AwsSolutions-IAM5[Resource::*]',
        reason: 'ecr:GetAuthorizationToken, which the execution role needs, does not support resources',
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
      // Longer than the worker's drain, see worker/config.ts.
      stopTimeout: Duration.seconds(stopTimeoutSeconds),
      // The same as HEALTHCHECK in worker/Dockerfile. A task is unhealthy after five minutes, because a worker that cannot
      // reach Temporal still has activities to finish, and a new task could not reach Temporal either.
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

    // Without `desiredCount`, because a deployment would reset the count that scaling has set.
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

  /** Allows scale-in protection while activities run, see worker/task-protection.ts. */
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
      reason: 'The tasks of its own cluster, which has no other service: the id of a task is only known when it runs',
    });
    taskDefinition.taskRole.addManagedPolicy(policy);
  }
}
