import { Match, Template } from 'aws-cdk-lib/assertions';
import { addStages } from '../../examples/company/stages';
import type { RewindStack } from '../../examples/company/rewind-stack';
import { statementsByRole } from '../support/role-policies';
import { unbundledApp } from '../support/unbundled-app';

/* The rows of docs/company-rules.md, on the template of examples/company. */

interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
  DeletionPolicy?: string;
  DependsOn?: string[];
}

let production: RewindStack;
let staging: RewindStack;
let resources: [id: string, resource: Resource][];
let template: Template;
beforeAll(() => {
  ({ production, staging } = addStages(unbundledApp()));
  template = Template.fromStack(production);
  resources = resourcesOf(production);
});

const resourcesOf = (stack: RewindStack) =>
  Object.entries(Template.fromStack(stack).toJSON()['Resources'] as Record<string, Resource>);
const ofType = (type: string, among = resources) => among.filter(([, resource]) => resource.Type === type);
const propertiesOf = (type: string) => ofType(type).map(([, { Properties: properties }]) => properties);

describe('functions in a VPC, Temporal Cloud over PrivateLink', () => {
  test('every function is in the subnets, with one security group without ingress rules', () => {
    const [[groupId] = []] = ofType('AWS::EC2::SecurityGroup');
    const vpcConfig = {
      SubnetIds: ['subnet-0a1b2c3d4e5f60718', 'subnet-1a2b3c4d5e6f70819'],
      SecurityGroupIds: [{ 'Fn::GetAtt': [groupId, 'GroupId'] }],
    };
    const functions = propertiesOf('AWS::Lambda::Function');
    expect(functions.length).toBeGreaterThan(10);
    for (const properties of functions) expect(properties['VpcConfig']).toEqual(vpcConfig);
    expect(propertiesOf('AWS::EC2::SecurityGroup')).toEqual([
      expect.objectContaining({
        VpcId: 'vpc-0a1b2c3d4e5f60718',
        SecurityGroupEgress: [
          expect.objectContaining({ FromPort: 443, ToPort: 443 }),
          expect.objectContaining({ FromPort: 7233, ToPort: 7233 }),
        ],
      }),
    ]);
    expect(propertiesOf('AWS::EC2::SecurityGroup')[0]).not.toHaveProperty('SecurityGroupIngress');
  });

  test('Lambda may create network interfaces for each function, and the function itself may not', () => {
    // In the role itself, so that it is there when the function is created.
    const roles = new Map(ofType('AWS::IAM::Role'));
    for (const [, { Properties: properties }] of ofType('AWS::Lambda::Function')) {
      const role = (properties['Role'] as { 'Fn::GetAtt': [string, string] })['Fn::GetAtt'][0];
      const statements = JSON.stringify(roles.get(role)?.Properties['Policies']);
      expect(statements).toContain('ec2:CreateNetworkInterface');
      expect(statements).toContain('{"Null":{"lambda:SourceFunctionArn":"true"}}');
    }
  });
});

test('does not change the account role with which API Gateway writes logs', () => {
  expect(ofType('AWS::ApiGateway::Account')).toEqual([]);
});

test('the API is reached only at a domain with a certificate', () => {
  template.hasResourceProperties('AWS::ApiGateway::DomainName', {
    DomainName: 'rewind.acme.example',
    RegionalCertificateArn: Match.stringLikeRegexp('certificate/'),
    SecurityPolicy: 'TLS_1_2',
  });
  template.resourceCountIs('AWS::ApiGateway::BasePathMapping', 1);
  template.hasResourceProperties('AWS::ApiGateway::RestApi', { DisableExecuteApiEndpoint: true });
});

test('every role has the permissions boundary; roles and policies have the path', () => {
  const roles = propertiesOf('AWS::IAM::Role');
  expect(roles.length).toBeGreaterThan(10);
  for (const role of roles) {
    expect(JSON.stringify(role['PermissionsBoundary'])).toContain('policy/acme-permissions-boundary');
  }
  for (const { Path: path } of [...roles, ...propertiesOf('AWS::IAM::ManagedPolicy')]) expect(path).toBe('/acme/');
});

test('one key encrypts logs, queues and the topic; its policy allows the services that use them', () => {
  const [[keyId] = []] = ofType('AWS::KMS::Key');
  const keyArn = { 'Fn::GetAtt': [keyId, 'Arn'] };
  for (const { KmsKeyId: key } of propertiesOf('AWS::Logs::LogGroup')) expect(key).toEqual(keyArn);
  for (const queue of propertiesOf('AWS::SQS::Queue')) {
    expect(queue['KmsMasterKeyId']).toEqual(keyArn);
    expect(queue).not.toHaveProperty('SqsManagedSseEnabled');
  }
  template.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: keyArn });
  const policies = propertiesOf('AWS::KMS::Key').map(({ KeyPolicy: policy }) => policy as { Statement: Statement[] });
  const statements = policies.flatMap(({ Statement: ofPolicy }) => ofPolicy);
  const conditionFor = (service: string) =>
    statements.find(({ Principal: principal }) => principal.Service === `${service}.amazonaws.com`)?.Condition;
  expect(conditionFor('cloudwatch')).toEqual({ StringEquals: { 'aws:SourceAccount': '111122223333' } });
  expect(conditionFor('logs.eu-west-1')).toEqual({
    ArnLike: {
      'kms:EncryptionContext:aws:logs:arn': {
        'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':logs:eu-west-1:111122223333:*']],
      },
    },
  });
  // EventBridge sends no `aws:SourceAccount` with its deliveries.
  expect(statements.map(({ Principal: principal }) => principal.Service)).toContain('events.amazonaws.com');
  expect(conditionFor('events')).toBeUndefined();
  const throughQueues = statements.find(({ Principal: principal }) => principal.AWS === '*')?.Condition;
  expect(JSON.stringify(throughQueues)).toMatch(/"kms:CallerAccount":"111122223333".*sqs\.eu-west-1/);
});

interface Statement {
  Principal: { Service?: string; AWS?: unknown };
  Condition?: object;
}

test('logs are kept for 30 days', () => {
  const groups = propertiesOf('AWS::Logs::LogGroup');
  expect(groups.length).toBeGreaterThan(10);
  for (const { RetentionInDays: days } of groups) expect(days).toBe(30);
});

test('functions, roles and queues have the tag', () => {
  for (const type of ['AWS::Lambda::Function', 'AWS::IAM::Role', 'AWS::SQS::Queue']) {
    const ofThisType = propertiesOf(type);
    expect(ofThisType.length).toBeGreaterThan(2);
    for (const properties of ofThisType) {
      expect(properties['Tags']).toContainEqual({ Key: 'cost-centre', Value: '4711' });
    }
  }
});

test('alarms have readable names and valid links', () => {
  const alarms = propertiesOf('AWS::CloudWatch::Alarm');
  const names = alarms.map(({ AlarmName: name }) => name);
  expect(names).toContain('acme-rewind-production-Rewind-Alarms-ApiFails');
  expect(names).toContain('acme-rewind-production-Rewind-Alarms-Stuck-prod.a1b2c');
  expect(new Set(names).size).toBe(alarms.length);
  for (const { AlarmDescription: text } of alarms) {
    expect(text).toMatch(/ Runbook: https:\/\/wiki\.acme\.example\/rewind\/runbook#[a-z-]+$/);
  }
});

test('reads events from the bus of the company and publishes to it', () => {
  const [[busId] = []] = ofType('AWS::Events::EventBus');
  template.hasResourceProperties('AWS::Events::Rule', {
    EventBusName: 'acme-events',
    Targets: [{ Arn: { 'Fn::GetAtt': [busId, 'Arn'] } }],
  });
  const [rule] = propertiesOf('AWS::Events::Rule').filter(
    ({ EventPattern: pattern }) => JSON.stringify(pattern) === '{"source":["rewind"]}',
  );
  expect(JSON.stringify(rule?.['Targets'])).toContain('event-bus/acme-events');
});

test('a stage uses an existing ledger table', () => {
  const ofStaging = resourcesOf(staging);
  expect(ofType('AWS::DynamoDB::GlobalTable', ofStaging)).toEqual([]);
  expect(JSON.stringify([...statementsByRole(Object.fromEntries(ofStaging)).values()])).toContain('table/acme-ledger');
  template.resourceCountIs('AWS::DynamoDB::GlobalTable', 1);
});

describe('two stages in one account', () => {
  /** Properties by which CloudFormation names a resource itself. */
  const names = [
    'AlarmName',
    'DashboardName',
    'FunctionName',
    'Name',
    'QueueName',
    'RoleName',
    'TableName',
    'TopicName',
  ];
  const namesIn = (stack: RewindStack) =>
    resourcesOf(stack).flatMap(([, { Properties: properties }]) =>
      Object.entries(properties ?? {}).flatMap(([key, value]) =>
        names.includes(key) && typeof value === 'string' ? value : [],
      ),
    );

  test('share no resource name', () => {
    const ofProduction = namesIn(production);
    expect(ofProduction.length).toBeGreaterThan(10);
    expect(namesIn(staging).filter((name) => ofProduction.includes(name))).toEqual([]);
  });

  test('every name in the template has the prefix', () => {
    for (const name of namesIn(production)) expect(name).toMatch(/^acme-rewind-production/);
  });
});

test('only the ledger is retained when the stack is deleted', () => {
  const kept = resources.filter(([, { DeletionPolicy: policy }]) => policy === 'Retain');
  expect(kept.map(([, { Type: type }]) => type)).toEqual(['AWS::DynamoDB::GlobalTable']);
});
