import { Duration, Stack, Validations } from 'aws-cdk-lib';
import type { FargateService } from 'aws-cdk-lib/aws-ecs';
import { Match, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { nagFindingId } from '../nag-finding-id';
import { DeadLetterQueue } from './dead-letter-queue';
import type { RewindConfig } from '../config';
import { RewindFunction } from './rewind-function';
import type { NamespaceSecrets } from '../namespace-secrets';

export interface WorkerVersionProps {
  /** The only service of its cluster. */
  service: FargateService;
  /** The worker's `REWIND_*` variables. */
  environment: Record<string, string>;
  secret: NamespaceSecrets;
  /** The `functions` section of the configuration. */
  functions: RewindConfig['functions'];
}

/** Makes the deployed build the current version of the Temporal worker deployment. Until then, Temporal routes no tasks to it. */
export class WorkerVersion extends Construct {
  constructor(scope: Construct, id: string, { service, environment, secret, functions }: WorkerVersionProps) {
    super(scope, id);
    const { queue } = new DeadLetterQueue(this, 'DeadLetters', {
      impact: 'The deployed build of the worker is not the current version: Temporal routes no tasks to it.',
      runbook: 'the-deployed-build-is-not-the-current-version',
    });
    const setCurrent = new RewindFunction(this, 'SetCurrent', {
      name: 'set-current-worker-version',
      description: 'Makes the deployed build the current version of the worker deployment',
      environment,
      config: functions,
    });
    secret.grantRead(setCurrent.role);
    setCurrent.deadLetterTo(queue);
    // Lambda retries after one minute and after two more, which is enough time for the first poll of the new build.
    const retries = { retryAttempts: 2, maxEventAge: Duration.hours(1) };
    setCurrent.configureAsyncInvoke(retries);

    // Matches the cluster instead of the service's name. The name is known only after CloudFormation has created the service,
    // which includes its first deployment, so a rule with the name would miss the event of that deployment.
    const ownServices = Stack.of(this).formatArn({
      service: 'ecs',
      resource: 'service',
      resourceName: `${service.cluster.clusterName}/`,
    });
    setCurrent.addToRolePolicy(
      new PolicyStatement({ actions: ['ecs:DescribeServices'], resources: [`${ownServices}*`] }),
    );
    Validations.of(this).acknowledge({
      id: nagFindingId(this, `${ownServices}*`),
      reason: 'The only service of its cluster: its name is only known after the first deployment',
    });
    new Rule(this, 'DeploymentCompleted', {
      description: 'A deployment of the worker has completed',
      eventPattern: {
        source: ['aws.ecs'],
        detailType: ['ECS Deployment State Change'],
        resources: Match.prefix(ownServices),
        detail: { eventName: ['SERVICE_DEPLOYMENT_COMPLETED'] },
      },
      targets: [new LambdaFunction(setCurrent, { ...retries, retryAttempts: 24, deadLetterQueue: queue })],
    });
    service.node.addDependency(this);
  }
}
