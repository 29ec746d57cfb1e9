import { Aws, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { ConfigError } from '../../lib/config';
import type { RewindConfigInput } from '../../lib/config';
import { ControlStack } from '../../lib/control-stack';
import { RewindControl } from '../../lib/rewind-control';
import { statementsByRole } from '../support/role-policies';
import { unbundledApp } from '../support/unbundled-app';

const env = { account: '111122223333', region: 'eu-west-1' };
const arn = (service: string, rest: string, region = 'eu-west-1') =>
  `arn:aws:${service}:${region}:111122223333:${rest}`;
const secretArn = arn('secretsmanager', 'secret:rewind/prod-AbCdEf');
const prod = { address: 'prod.a1b2c.tmprl.cloud:7233', secretArn };

const deployed = (config: Partial<RewindConfigInput>, place?: typeof env) => () =>
  new ControlStack(unbundledApp(), 'Control', { env: place, config: { namespaces: { prod }, ...config } });

const tableStream = (region: string) => arn('dynamodb', 'table/ledger/stream/2026-01-01T00:00:00.000', region);

const elsewhere: [key: string, config: Partial<RewindConfigInput>][] = [
  ['namespaces.prod.secretArn', { namespaces: { prod: { ...prod, secretArn: secretArn.replace('west', 'north') } } }],
  [
    'namespaces.prod.secretKmsKeyArn',
    { namespaces: { prod: { ...prod, secretKmsKeyArn: arn('kms', 'key/0b1c', 'us-east-1') } } },
  ],
  ['ledger.kmsKeyArn', { ledger: { kmsKeyArn: arn('kms', 'key/0b1c', 'us-east-1') } }],
  ['ledger.tableStreamArn', { ledger: { tableStreamArn: tableStream('us-east-1') } }],
  ['api.waf.webAclArn', { api: { waf: { webAclArn: arn('wafv2', 'regional/webacl/a/b', 'us-east-1') } } }],
  ['tracing.layerArn', { tracing: { layerArn: arn('lambda', 'layer:otel:1', 'us-east-1') } }],
  ['alarmTopicArn', { alarmTopicArn: arn('sns', 'on-call', 'us-east-1') }],
];

test.each(elsewhere)('refuses a resource in another region than the stack, with its key: %s', (key, config) => {
  expect(deployed(config, env)).toThrow(ConfigError);
  expect(deployed(config, env)).toThrow(new RegExp(`^The stack is for eu-west-1.*\\n  ${key}: arn:`));
});

test('a key for the ledger needs account and region at synthesis', () => {
  const config = { ledger: { kmsKeyArn: arn('kms', 'key/0b1c') } };
  expect(deployed(config, env)).not.toThrow();
  expect(deployed(config)).toThrow(/^ledger\.kmsKeyArn needs the account and the region at synthesis/);
});

test('an existing ledger has to be in the account of the stack, whose functions address it by its name', () => {
  const config = { ledger: { tableStreamArn: tableStream('eu-west-1') } };
  expect(deployed(config, env)).not.toThrow();
  expect(deployed(config)).not.toThrow();
  expect(deployed(config, { ...env, account: '444455556666' })).toThrow(
    /^The stack is for account 444455556666, so the table has to be in that account:\n  ledger\.tableStreamArn: arn:/,
  );
});

test('a secret of another account needs a customer managed key, because the AWS managed key cannot be shared', () => {
  const shared = { ...prod, secretArn: secretArn.replace('111122223333', '444455556666') };
  const keyArn = 'arn:aws:kms:eu-west-1:444455556666:key/0b1c';
  expect(deployed({ namespaces: { prod: { ...shared, secretKmsKeyArn: keyArn } } }, env)).not.toThrow();
  expect(deployed({ namespaces: { prod: shared } })).not.toThrow();
  expect(deployed({ namespaces: { prod: shared } }, env)).toThrow(
    /^The stack is for account 111122223333\..* needs secretKmsKeyArn.*\n  namespaces\.prod\.secretArn: arn:/,
  );
});

test('accepts an ARN with tokens, such as that of the region', () => {
  const stack = new Stack(unbundledApp(), 'Platform', { env });
  const { account } = stack;
  const withTokens = `arn:${Aws.PARTITION}:secretsmanager:${Aws.REGION}:${account}:secret:rewind/prod-AbCdEf`;
  new RewindControl(stack, 'Rewind', { namespaces: { prod: { ...prod, secretArn: withTokens } } });
  const resource = {
    'Fn::Join': [
      '',
      [
        'arn:',
        { Ref: 'AWS::Partition' },
        ':secretsmanager:',
        { Ref: 'AWS::Region' },
        `:${account}:secret:rewind/prod-AbCdEf`,
      ],
    ],
  };
  expect([...statementsByRole(Template.fromStack(stack).toJSON()['Resources']).values()].flat()).toContainEqual({
    Action: 'secretsmanager:GetSecretValue',
    Effect: 'Allow',
    Resource: resource,
  });
});

test('accepts a secret that the app creates, whose ARN is a token', () => {
  const stack = new Stack(unbundledApp(), 'Platform', { env });
  const secret = new Secret(stack, 'Certificate');
  new RewindControl(stack, 'Rewind', { namespaces: { prod: { ...prod, secretArn: secret.secretArn } } });
  const template = Template.fromStack(stack);
  const [secretId] = Object.keys(template.findResources('AWS::SecretsManager::Secret'));
  expect([...statementsByRole(template.toJSON()['Resources']).values()].flat()).toContainEqual({
    Action: 'secretsmanager:GetSecretValue',
    Effect: 'Allow',
    Resource: { Ref: secretId },
  });
});
