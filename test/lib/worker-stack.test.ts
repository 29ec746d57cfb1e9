import { readFileSync } from 'node:fs';
import path from 'node:path';
import { IgnoreStrategy } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { build } from 'esbuild';
import type { RewindConfigInput } from '../../lib/config';
import { backlogMetric } from '../../aws/backlog-metric';
import { taskFamilyOf, workerDeploymentName } from '../../aws/worker-deployment';
import { shutdownForceSeconds, shutdownGraceSeconds } from '../../worker/config';
import { statementsByRole } from '../support/role-policies';
import { scheduled } from '../support/schedules';
import { bothStacks, controlStack, namespaces as prod, secretArn, workerStack } from '../support/stacks';

const secretKmsKeyArn = 'arn:aws:kms:eu-west-1:111122223333:key/0b1c';
const namespaces = {
  ...prod,
  'other.a1b2c': {
    address: 'other.a1b2c.tmprl.cloud:7233',
    secretArn: secretArn.replace('prod', 'other'),
    secretKmsKeyArn,
  },
};

type WorkerConfig = NonNullable<RewindConfigInput['worker']>;

const synthesize = (worker: Partial<WorkerConfig> = {}) =>
  Template.fromStack(workerStack({ namespaces, worker: { namespace: 'prod.a1b2c', ...worker } }));

let template: Template;
let container: Record<string, unknown>;
beforeAll(() => {
  template = synthesize();
  const [task] = Object.values(template.findResources('AWS::ECS::TaskDefinition'));
  container = task?.['Properties'].ContainerDefinitions[0];
});

/** The properties of every resource of a type. */
const propertiesOf = (type: string) => Object.values(template.findResources(type)).map(({ Properties }) => Properties);

test('the service runs on arm64 Fargate in private subnets, and rolls back a failed deployment', () => {
  expect(propertiesOf('AWS::ECS::TaskDefinition')).toEqual([
    expect.objectContaining({
      RuntimePlatform: { CpuArchitecture: 'ARM64', OperatingSystemFamily: 'LINUX' },
      RequiresCompatibilities: ['FARGATE'],
    }),
  ]);
  expect(propertiesOf('AWS::ECS::Service')[0]).toMatchObject({
    LaunchType: 'FARGATE',
    NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: 'DISABLED' } },
    DeploymentConfiguration: {
      DeploymentCircuitBreaker: { Enable: true, Rollback: true },
      MinimumHealthyPercent: 100,
    },
  });
});

test('the worker has no ingress, and egress only to AWS and Temporal', () => {
  const groups = Object.values(template.findResources('AWS::EC2::SecurityGroup'));
  expect(groups).toHaveLength(1);
  expect(groups[0]?.['Properties'].SecurityGroupIngress).toBeUndefined();
  template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
  expect(groups[0]?.['Properties'].SecurityGroupEgress.map(({ FromPort }: { FromPort: number }) => FromPort)).toEqual([
    443, 7233,
  ]);
  const subnets = propertiesOf('AWS::EC2::Subnet').map(({ MapPublicIpOnLaunch }) => MapPublicIpOnLaunch);
  expect(new Set(subnets)).toEqual(new Set([false]));
});

test('the container is not root and has a read-only file system', () => {
  expect(container).toMatchObject({
    User: '1000:1000',
    ReadonlyRootFilesystem: true,
    LinuxParameters: { Capabilities: { Drop: ['ALL'] } },
    HealthCheck: { Command: ['CMD', 'node', 'healthcheck.js'] },
  });
});

test('the stop timeout is longer than the drain of the worker, and within the limit of Fargate', () => {
  const stopTimeout = Number(container['StopTimeout']);
  expect(stopTimeout).toBeGreaterThan(shutdownGraceSeconds + shutdownForceSeconds);
  expect(stopTimeout).toBeLessThanOrEqual(120);
});

test('the worker gets the ARN of the secret of its namespace only, and no secret value', () => {
  expect(container).not.toHaveProperty('Secrets');
  const environment = JSON.stringify(container['Environment']);
  expect(environment).toContain(secretArn);
  expect(environment).not.toContain('other');
});

const buildIdOf = (worker: Partial<WorkerConfig>) => {
  const [task] = Object.values(synthesize(worker).findResources('AWS::ECS::TaskDefinition'));
  const environment: { Name: string; Value: string }[] = task!['Properties'].ContainerDefinitions[0].Environment;
  return environment.find(({ Name }) => Name === 'REWIND_BUILD_ID')?.Value;
};

test('every image has a build id', () => {
  expect(buildIdOf({})).toMatch(/^[0-9a-f]{12}$/);
  expect(buildIdOf({ imageUri: 'registry.example/rewind:1.2.3' })).toBe('1.2.3');
  const digest = 'a'.repeat(64);
  expect(buildIdOf({ imageUri: `111122223333.dkr.ecr.eu-west-1.amazonaws.com/rewind@sha256:${digest}` })).toBe(digest);
  // ECR allows tags of 128 characters.
  const builds = ['a', 'b'].map((end) =>
    buildIdOf({ imageUri: `registry.example/rewind:${'main.'.repeat(25)}${end}` }),
  );
  expect(builds).toEqual(builds.map(() => expect.stringMatching(/^(main\.){10}m-[0-9a-f]{12}$/)));
  expect(new Set(builds).size).toBe(2);
  expect(() => synthesize({ imageUri: 'registry.example/rewind' })).toThrow(
    /worker\.imageUri: must be an image with a tag or digest/,
  );
});

test.each([
  '.dkr.ecr.eu-west-1.amazonaws.com',
  '.dkr.ecr-fips.us-gov-west-1.amazonaws.com',
  '.dkr-ecr.eu-west-1.on.aws',
])('an image of ECR at %s keeps its host, and may be pulled', (host) => {
  const imageUri = `111122223333${host}/team/rewind:1`;
  const images = synthesize({ imageUri });
  const [task] = Object.values(images.findResources('AWS::ECS::TaskDefinition'));
  expect(task?.['Properties'].ContainerDefinitions[0].Image).toBe(imageUri);
  expect(JSON.stringify(images.findResources('AWS::IAM::Policy'))).toContain('"ecr:BatchGetImage"');
});

test('the image is built with the configured modules, each in the build context', () => {
  const own = { workflows: ['worker/workflows/index.ts'], activities: ['worker/activities/batch'] };
  expect(buildIdOf(own)).not.toBe(buildIdOf({}));
  expect(() => synthesize({ workflows: ['worker/nothing.ts'] })).toThrow(
    /worker\.workflows: there is no worker\/nothing/,
  );
  expect(() => synthesize({ activities: ['examples/activities'] })).toThrow(
    /worker\.activities: \.dockerignore excludes examples\/activities from the image; add the line "!examples"/,
  );
});

test('the build context contains every file that the worker imports', async () => {
  const root = path.resolve(__dirname, '../..');
  const { metafile } = await build({
    entryPoints: ['main.ts', 'healthcheck.ts', 'build.ts', 'workflows/index.ts'].map((file) => `worker/${file}`),
    absWorkingDir: root,
    bundle: true,
    packages: 'external',
    platform: 'node',
    outdir: 'dist',
    write: false,
    metafile: true,
  });
  const patterns = readFileSync(path.join(root, '.dockerignore'), 'utf8').split('\n');
  const ignored = IgnoreStrategy.docker(root, patterns);
  const files = Object.keys(metafile.inputs);
  expect(files).toContain('aws/environment.ts');
  expect(files.filter((file) => ignored.ignores(path.join(root, file)))).toEqual([]);
});

/** Permissions of the role in a property of the task definition, as `action → resources`. */
const allowedTo = (property: 'TaskRoleArn' | 'ExecutionRoleArn') => {
  const [task] = Object.values(template.findResources('AWS::ECS::TaskDefinition'));
  const role: string = task?.['Properties'][property]['Fn::GetAtt'][0];
  const managed = Object.values(template.findResources('AWS::IAM::ManagedPolicy')).filter(({ Properties }) =>
    JSON.stringify([Properties.Roles, template.toJSON()['Resources'][role]]).includes('TaskProtection'),
  );
  const shared = (property === 'TaskRoleArn' ? managed : []).flatMap(
    ({ Properties }) => Properties.PolicyDocument.Statement,
  );
  const statements = [...(statementsByRole(template.toJSON()['Resources']).get(role) ?? []), ...shared];
  return statements.map(({ Action, Resource }) => ({ actions: [Action].flat(), resource: JSON.stringify(Resource) }));
};

test('the task role may read its secret and protect its tasks; the execution role may do neither', () => {
  const task = allowedTo('TaskRoleArn');
  const actions = task.flatMap((statement) => statement.actions);
  expect(actions.toSorted((one, other) => one.localeCompare(other))).toEqual([
    'dynamodb:BatchGetItem',
    'dynamodb:GetItem',
    'dynamodb:PutItem',
    'dynamodb:Query',
    'dynamodb:UpdateItem',
    'ecs:GetTaskProtection',
    'ecs:UpdateTaskProtection',
    'secretsmanager:GetSecretValue',
  ]);
  for (const { resource } of task) expect(resource).not.toBe('"*"');
  expect(task.find((statement) => statement.actions.includes('secretsmanager:GetSecretValue'))?.resource).toBe(
    JSON.stringify(secretArn),
  );

  const agent = allowedTo('ExecutionRoleArn').flatMap((statement) => statement.actions);
  expect(agent).toContain('logs:PutLogEvents');
  expect(agent.join()).not.toMatch(/secretsmanager|ecs:/);
});

test('scales between its bounds on the age of the backlog, which is measured every minute', () => {
  expect(propertiesOf('AWS::ApplicationAutoScaling::ScalableTarget')[0]).toMatchObject({
    MinCapacity: 1,
    MaxCapacity: 10,
  });
  // A count would undo the scaling at each deployment.
  expect(propertiesOf('AWS::ECS::Service')[0]).not.toHaveProperty('DesiredCount');
  expect(propertiesOf('AWS::CloudWatch::Alarm')).toContainEqual(
    expect.objectContaining({
      Namespace: backlogMetric.namespace,
      MetricName: backlogMetric.ageSeconds,
      Dimensions: expect.arrayContaining([{ Name: 'TaskQueue', Value: 'rewind-orders' }]),
      Threshold: 5,
    }),
  );
  const steps = propertiesOf('AWS::ApplicationAutoScaling::ScalingPolicy').flatMap(
    (policy) => policy.StepScalingPolicyConfiguration.StepAdjustments,
  );
  expect(steps.map(({ ScalingAdjustment }) => ScalingAdjustment)).toEqual(expect.arrayContaining([1, 3, -1]));
  expect(scheduled(template)).toEqual([{ expression: 'rate(1 minute)', retries: { rule: 0, function: 0 } }]);
});

describe('the deployed build becomes the current version', () => {
  /** The one resource of the construct that is of a type. */
  const ofVersion = (type: string) => {
    const found = Object.entries(template.findResources(type)).filter(([id]) => id.startsWith('Version'));
    expect(found).toHaveLength(1);
    const [id, resource] = found[0]!;
    return { id, properties: resource['Properties'] };
  };
  const cluster = () => ({ Ref: Object.keys(template.findResources('AWS::ECS::Cluster'))[0] });

  test('when a deployment of this service has completed, the first one too', () => {
    const { id, properties } = ofVersion('AWS::Events::Rule');
    expect(properties.EventPattern).toEqual({
      source: ['aws.ecs'],
      'detail-type': ['ECS Deployment State Change'],
      resources: [{ prefix: { 'Fn::Join': ['', expect.arrayContaining([':service/', cluster(), '/'])] } }],
      detail: { eventName: ['SERVICE_DEPLOYMENT_COMPLETED'] },
    });
    expect(properties.EventBusName).toBeUndefined();
    expect(properties.Targets[0].Arn).toEqual({ 'Fn::GetAtt': [ofVersion('AWS::Lambda::Function').id, 'Arn'] });
    const [service] = Object.values(template.findResources('AWS::ECS::Service'));
    expect(service?.['DependsOn']).toEqual(expect.arrayContaining([id, ofVersion('AWS::Lambda::Permission').id]));
  });

  test('by a function that may ask ECS about this service and read this secret', () => {
    const statements = [...statementsByRole(template.toJSON()['Resources'])]
      .filter(([role]) => role.startsWith('Version'))
      .flatMap(([, allowed]) => allowed);
    const resourceOf = (action: string) => statements.find(({ Action }) => [Action].flat().includes(action))?.Resource;
    expect(resourceOf('ecs:DescribeServices')).toEqual({
      'Fn::Join': ['', expect.arrayContaining([':service/', cluster(), '/*'])],
    });
    expect(resourceOf('secretsmanager:GetSecretValue')).toBe(secretArn);
    for (const { Resource } of statements) expect([Resource].flat()).not.toContain('*');
    const actions = statements.flatMap(({ Action }) => Action);
    expect(actions.filter((action) => action.startsWith('ecs:'))).toEqual(['ecs:DescribeServices']);
  });

  test('or after two retries of Lambda raises an alarm', () => {
    const queue = { 'Fn::GetAtt': [ofVersion('AWS::SQS::Queue').id, 'Arn'] };
    expect(ofVersion('AWS::Lambda::EventInvokeConfig').properties).toMatchObject({ MaximumRetryAttempts: 2 });
    expect(ofVersion('AWS::Lambda::Function').properties).toMatchObject({ DeadLetterConfig: { TargetArn: queue } });
    expect(ofVersion('AWS::Events::Rule').properties.Targets[0]).toMatchObject({ DeadLetterConfig: { Arn: queue } });
    expect(ofVersion('AWS::CloudWatch::Alarm').properties).toMatchObject({
      AlarmDescription: expect.stringContaining('the-deployed-build-is-not-the-current-version'),
      Threshold: 1,
    });
  });

  test('in a worker deployment of its own for each task queue, which worker and function agree on', () => {
    const namesOf = (found: Template) => {
      const [task] = Object.values(found.findResources('AWS::ECS::TaskDefinition'));
      const [ofContainer] = task!['Properties'].ContainerDefinitions.flatMap(
        ({ Environment: variables }: { Environment: { Name: string; Value: string }[] }) =>
          variables.flatMap(({ Name, Value }) => (Name === 'REWIND_DEPLOYMENT_NAME' ? Value : [])),
      );
      const [[, setCurrent] = []] = Object.entries(found.findResources('AWS::Lambda::Function')).filter(([id]) =>
        id.startsWith('Version'),
      );
      return [ofContainer, setCurrent?.['Properties'].Environment.Variables.REWIND_DEPLOYMENT_NAME];
    };
    const of = (taskQueue: string) => [workerDeploymentName(taskQueue), workerDeploymentName(taskQueue)];
    expect(namesOf(template)).toEqual(of('rewind-orders'));
    expect(namesOf(synthesize({ taskQueue: 'payments.eu' }))).toEqual(of('payments.eu'));
  });

  test('which the family of its task definitions names, as the container’s environment does', () => {
    const { Family: family } = propertiesOf('AWS::ECS::TaskDefinition')[0];
    expect(family).toBe(taskFamilyOf(buildIdOf({}) ?? ''));
  });
});

test('an upgrade replaces no queue, service or network: the logical ids are those of the first release', () => {
  const lasting = ['AWS::SQS::Queue', 'AWS::ECS::Service', 'AWS::ECS::Cluster', 'AWS::EC2::VPC'];
  expect(lasting.flatMap((type) => Object.keys(template.findResources(type)))).toEqual([
    'VersionDeadLettersQueue6DEDECED',
    'WorkerService3F60922A',
    'WorkerCluster89E4DD17',
    'NetworkVpc7FB7348F',
  ]);
});

describe('the worker stack can be added and removed', () => {
  const { control, worker } = bothStacks({ dashboard: false });
  const alone = controlStack({ dashboard: false });
  const [ofControl, ofWorker, ofControlAlone] = [control, worker, alone].map((stack) => Template.fromStack(stack));

  test('because CloudFormation keeps nothing of the control stack for it', () => {
    expect(JSON.stringify(ofWorker)).not.toContain('Fn::ImportValue');
    expect(JSON.stringify(ofWorker)).toContain('"Fn::GetStackOutput":{"StackName":"Control"');
    for (const found of [ofControl, ofControlAlone]) {
      for (const output of Object.values(found!.findOutputs('*'))) expect(output).not.toHaveProperty('Export');
    }
  });

  test('and the control stack has the same resources without it', () => {
    expect(ofControlAlone?.toJSON()['Resources']).toEqual(ofControl?.toJSON()['Resources']);
  });
});

test.each(['rewind-orders', 'payments.eu', 'a:b/c', 'Zahlungen_ü', '__', 'x'.repeat(200)])(
  'the name of a worker deployment is valid in Temporal: %s',
  (taskQueue) => {
    expect(workerDeploymentName(taskQueue)).toMatch(/^rewind-worker-[\w-]+$/);
  },
);

test('different task queues have different deployment names', () => {
  const names = ['a.b', 'a-b', 'a_b', 'a_2e_b', 'ab'].map(workerDeploymentName);
  expect(new Set(names).size).toBe(names.length);
});

test('looks up an existing VPC, which needs account and region', () => {
  expect(() => synthesize({ vpcId: 'vpc-0a1b' })).toThrow(
    /worker\.vpcId needs the account and the region at synthesis/,
  );
});

test('does not look up the given subnets of an existing VPC', () => {
  const placed = synthesize({ vpcId: 'vpc-0a1b', subnetIds: ['subnet-0a1b', 'subnet-1a2b'] });
  const [service] = Object.values(placed.findResources('AWS::ECS::Service'));
  expect(service?.['Properties'].NetworkConfiguration.AwsvpcConfiguration).toMatchObject({
    AssignPublicIp: 'DISABLED',
    Subnets: ['subnet-0a1b', 'subnet-1a2b'],
  });
  placed.hasResourceProperties('AWS::EC2::SecurityGroup', { VpcId: 'vpc-0a1b' });
  placed.resourceCountIs('AWS::EC2::VPC', 0);
});

test("a secret's own key may be used to decrypt, by the task and by both functions", () => {
  const roles = statementsByRole(synthesize({ namespace: 'other.a1b2c' }).toJSON()['Resources']);
  const decrypts = [...roles.values()].filter((statements) =>
    statements.some(({ Action, Resource }) => Action === 'kms:Decrypt' && Resource === secretKmsKeyArn),
  );
  expect(decrypts).toHaveLength(3);
});
