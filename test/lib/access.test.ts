import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Role as IamRole, AccountRootPrincipal } from 'aws-cdk-lib/aws-iam';
import { routes } from '../../api';
import { parseConfig } from '../../lib/config';
import type { RewindConfigInput } from '../../lib/config';
import { RewindControl } from '../../lib/rewind-control';
import { roleNames, roles } from '../../api/roles';
import { methodsOf } from '../../lib/api-methods';
import { controlStack, namespaces as prod, secretArn } from '../support/stacks';
import { unbundledApp } from '../support/unbundled-app';

const namespaces = { ...prod, 'staging.a1b2c': { address: 'staging.a1b2c.tmprl.cloud:7233', secretArn } };
const synthesized = (config: Partial<RewindConfigInput>) => Template.fromStack(controlStack({ namespaces, ...config }));

/** The part of an `execute-api` ARN after the API's id, of each resource of a policy document. */
function methodsIn(document: { Statement: { Effect: string; Action: string; Resource: unknown }[] }): string[] {
  return document.Statement.flatMap((statement) => {
    expect(statement).toMatchObject({ Effect: 'Allow', Action: 'execute-api:Invoke' });
    return [statement.Resource].flat().map((resource) => {
      const parts = (resource as { 'Fn::Join': [string, (string | { Ref: string })[]] })['Fn::Join'][1];
      const api = parts.findIndex((part) => typeof part === 'object' && part.Ref.startsWith('ApiRestApi'));
      return parts
        .slice(api + 1)
        .map(String)
        .join('');
    });
  });
}

describe('roles', () => {
  test('GET routes only read: one pattern for all of them allows nothing else', () => {
    const gets = Object.values(routes).filter(({ method }) => method === 'GET');
    for (const { changes } of gets) expect(changes).toBe(false);
  });

  test('the patterns of a role allow its methods and nothing else', () => {
    const allows = (pattern: string, path: string) =>
      new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(`namespaces/prod.a1b2c/${path}`);
    for (const role of roleNames) {
      const patterns = methodsOf([role], 'prod.a1b2c').filter(({ method }) => method === 'POST');
      const included: readonly string[] = [role, ...roles[role]];
      for (const { path, method, access } of Object.values(routes)) {
        if (method === 'GET') continue;
        const allowed = patterns.some((pattern) => allows(pattern.path, path));
        expect({ role, path, allowed }).toEqual({ role, path, allowed: included.includes(access) });
      }
    }
  });

  const may = (role: (typeof roleNames)[number]) =>
    methodsOf([role], 'prod.a1b2c').map(({ method, path }) => `${method} ${path}`);
  const on = (path: string) => `POST namespaces/prod.a1b2c/${path}`;
  const reads = 'GET namespaces/prod.a1b2c/*';

  test('each role allows the listed methods and nothing else', () => {
    expect(Object.fromEntries(roleNames.map((role) => [role, may(role).toSorted()]))).toEqual({
      reader: [reads],
      canceller: [reads, on('batch-previews/cancel'), on('workflows/cancel')],
      terminator: [
        reads,
        on('batch-previews/cancel'),
        on('batch-previews/terminate'),
        on('workflows/cancel'),
        on('workflows/terminate'),
      ],
      pauser: [
        reads,
        on('activities/pause'),
        on('activities/unpause'),
        on('batch-previews/pause'),
        on('batch-previews/unpause'),
        on('workflows/pause'),
        on('workflows/unpause'),
      ],
      resetter: [
        reads,
        on('activities/reset'),
        on('batch-previews/reset'),
        on('batch-previews/update-options'),
        on('workflows/reset'),
        on('workflows/restart'),
        on('workflows/update-options'),
      ],
      batchOperator: [reads, on('activities*'), on('batch-*'), on('rollbacks'), on('workflows*')],
      redriver: [reads, on('rejected-events/redrive')],
    });
  });
});

describe('managed policies from the configuration', () => {
  const template = synthesized({
    access: {
      'on-call': { roles: ['canceller', 'resetter'], namespaces: ['prod.a1b2c'], policyName: 'RewindOnCall' },
      everybody: { roles: ['reader'], namespaces: 'all' },
    },
  });
  const policies = template.findResources('AWS::IAM::ManagedPolicy');
  const documentOf = (description: string) =>
    Object.values(policies).find(({ Properties: { Description: said } }) => said === description)?.['Properties']
      .PolicyDocument;

  test('allow the methods of their roles on their namespaces, and nothing else', () => {
    expect(methodsIn(documentOf('Rewind: access "on-call" of the configuration'))).toEqual([
      '/v1/GET/namespaces/prod.a1b2c/*',
      '/v1/POST/namespaces/prod.a1b2c/workflows/cancel',
      '/v1/POST/namespaces/prod.a1b2c/workflows/reset',
      '/v1/POST/namespaces/prod.a1b2c/workflows/restart',
      '/v1/POST/namespaces/prod.a1b2c/workflows/update-options',
      '/v1/POST/namespaces/prod.a1b2c/activities/reset',
      '/v1/POST/namespaces/prod.a1b2c/batch-previews/cancel',
      '/v1/POST/namespaces/prod.a1b2c/batch-previews/reset',
      '/v1/POST/namespaces/prod.a1b2c/batch-previews/update-options',
    ]);
    expect(methodsIn(documentOf('Rewind: access "everybody" of the configuration'))).toEqual([
      '/v1/GET/namespaces/prod.a1b2c/*',
      '/v1/GET/namespaces/staging.a1b2c/*',
      '/v1/GET/namespaces/_unknown/*',
    ]);
    expect(Object.keys(policies)).toHaveLength(2);
  });

  test('have names if configured, and their ARNs are outputs', () => {
    template.hasResourceProperties('AWS::IAM::ManagedPolicy', { ManagedPolicyName: 'RewindOnCall' });
    template.hasOutput('AccessPolicyOnCall', { Value: { Ref: Match.stringLikeRegexp('oncall') } });
    template.hasOutput('AccessPolicyEverybody', {});
  });

  test('grantInvoke allows the same to a role of the CDK app', () => {
    const stack = new Stack(unbundledApp(), 'Platform');
    const rewind = new RewindControl(stack, 'Default', { namespaces });
    const pipeline = new IamRole(stack, 'DeployPipeline', { assumedBy: new AccountRootPrincipal() });
    rewind.grantInvoke(pipeline, { roles: ['resetter'], namespaces: ['staging.a1b2c'] });

    const [[, policy] = []] = Object.entries(Template.fromStack(stack).findResources('AWS::IAM::Policy')).filter(
      ([id]) => id.startsWith('DeployPipeline'),
    );
    expect(methodsIn(policy?.['Properties'].PolicyDocument)).toEqual([
      '/v1/GET/namespaces/staging.a1b2c/*',
      '/v1/POST/namespaces/staging.a1b2c/workflows/reset',
      '/v1/POST/namespaces/staging.a1b2c/workflows/restart',
      '/v1/POST/namespaces/staging.a1b2c/workflows/update-options',
      '/v1/POST/namespaces/staging.a1b2c/activities/reset',
      '/v1/POST/namespaces/staging.a1b2c/batch-previews/reset',
      '/v1/POST/namespaces/staging.a1b2c/batch-previews/update-options',
    ]);
  });
});

describe('network access to the API', () => {
  type Statement = Record<string, unknown> & { Sid: string; Effect: string };
  const policyOf = (config: RewindConfigInput['api']) => {
    const template = synthesized({ api: config });
    const [restApi] = Object.values(template.findResources('AWS::ApiGateway::RestApi'));
    const statements: Statement[] = restApi?.['Properties'].Policy.Statement;
    return { template, endpoint: restApi?.['Properties'].EndpointConfiguration, statements };
  };
  const everyMethod = { Action: 'execute-api:Invoke', Resource: 'execute-api:/*' };
  const root = (...account: unknown[]) => ({
    AWS: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ...account]] },
  });

  test('by default, every caller that IAM allows reaches the API', () => {
    const template = synthesized({});
    const [api] = Object.values(template.findResources('AWS::ApiGateway::RestApi'));
    expect(api?.['Properties']).toMatchObject({ EndpointConfiguration: { Types: ['REGIONAL'] } });
    expect(api?.['Properties']).not.toHaveProperty('Policy');
    for (const type of [
      'AWS::IAM::ManagedPolicy',
      'AWS::WAFv2::WebACLAssociation',
      'AWS::ApiGateway::UsagePlan',
      'AWS::ApiGateway::ApiKey',
    ]) {
      template.resourceCountIs(type, 0);
    }
  });

  test('a private API is reached only through the VPC endpoints, by callers of its account that IAM allows', () => {
    const { endpoint, statements } = policyOf({ vpcEndpointIds: ['vpce-0a1b', 'vpce-0c2d'] });
    expect(endpoint).toMatchObject({ Types: ['PRIVATE'], VpcEndpointIds: ['vpce-0a1b', 'vpce-0c2d'] });
    expect(statements).toEqual([
      {
        Sid: 'OwnAccount',
        Effect: 'Allow',
        Principal: root(':iam::', { Ref: 'AWS::AccountId' }, ':root'),
        ...everyMethod,
      },
      {
        Sid: 'OtherVpcEndpoints',
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Condition: { StringNotEquals: { 'aws:SourceVpce': ['vpce-0a1b', 'vpce-0c2d'] } },
        ...everyMethod,
      },
    ]);
  });

  test('address ranges deny other addresses and allow no caller more than before', () => {
    expect(policyOf({ cidrs: ['203.0.113.0/24', '2001:db8::/32'] }).statements).toEqual([
      {
        Sid: 'OtherAddresses',
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Condition: { NotIpAddress: { 'aws:SourceIp': ['203.0.113.0/24', '2001:db8::/32'] } },
        ...everyMethod,
      },
    ]);
  });

  test('other accounts and the organization have access as far as their own IAM allows', () => {
    const { statements } = policyOf({ callerAccounts: ['444455556666'], callerOrganizationId: 'o-a1b2c3d4e5' });
    expect(statements).toEqual([
      { Sid: 'CallerAccounts', Effect: 'Allow', Principal: root(':iam::444455556666:root'), ...everyMethod },
      {
        Sid: 'CallerOrganization',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Condition: {
          StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' },
          // Without this, callers of the same account would need no policy.
          StringNotEquals: { 'aws:PrincipalAccount': { Ref: 'AWS::AccountId' } },
        },
        ...everyMethod,
      },
    ]);
  });

  test('a firewall has AWS managed rules and a rate limit by address, and allows large bodies and long query strings', () => {
    const template = synthesized({ api: { waf: { requestsPer5Minutes: 500 } } });
    template.hasResourceProperties('AWS::WAFv2::WebACL', {
      Scope: 'REGIONAL',
      Rules: [
        Match.objectLike({ Statement: { RateBasedStatement: { Limit: 500, AggregateKeyType: 'IP' } } }),
        Match.objectLike({
          Statement: {
            ManagedRuleGroupStatement: { Name: 'AWSManagedRulesAmazonIpReputationList', VendorName: 'AWS' },
          },
        }),
        Match.objectLike({
          Statement: {
            ManagedRuleGroupStatement: Match.objectLike({
              Name: 'AWSManagedRulesCommonRuleSet',
              RuleActionOverrides: Match.arrayWith([
                { Name: 'SizeRestrictions_BODY', ActionToUse: { Count: {} } },
                { Name: 'SizeRestrictions_QUERYSTRING', ActionToUse: { Count: {} } },
              ]),
            }),
          },
        }),
        Match.objectLike({
          Statement: {
            ManagedRuleGroupStatement: { Name: 'AWSManagedRulesKnownBadInputsRuleSet', VendorName: 'AWS' },
          },
        }),
      ],
    });
    template.hasResourceProperties('AWS::WAFv2::WebACLAssociation', {
      ResourceArn: Match.objectLike({ 'Fn::Join': Match.anyValue() }),
      WebACLArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('WebAcl'), 'Arn'] },
    });
  });

  test('associates an existing firewall', () => {
    const webAclArn = 'arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/platform/0b1c-2d3e';
    const template = synthesized({ api: { waf: { webAclArn } } });
    template.resourceCountIs('AWS::WAFv2::WebACL', 0);
    template.hasResourceProperties('AWS::WAFv2::WebACLAssociation', { WebACLArn: webAclArn });
  });

  test('usage plans give each client a key and limits, and refuse requests without a key', () => {
    const template = synthesized({
      api: { usagePlans: { pipeline: { rateLimit: 5, burstLimit: 10, requestsPerDay: 1000 } } },
    });
    template.hasResourceProperties('AWS::ApiGateway::UsagePlan', {
      Throttle: { RateLimit: 5, BurstLimit: 10 },
      Quota: { Limit: 1000, Period: 'DAY' },
      ApiStages: [Match.objectLike({ Stage: { Ref: Match.stringLikeRegexp('Stage') } })],
    });
    template.resourceCountIs('AWS::ApiGateway::UsagePlanKey', 1);
    template.allResourcesProperties('AWS::ApiGateway::Method', {
      ApiKeyRequired: true,
      AuthorizationType: 'AWS_IAM',
    });
  });
});

test('synthesis refuses a policy that exceeds the limits of IAM, with what to do', () => {
  const many = Object.fromEntries(
    Array.from({ length: 12 }, (_, index) => [`namespace-${index}.a1b2c`, namespaces['prod.a1b2c']]),
  );
  const access = { all: { roles: ['batchOperator'], namespaces: 'all' } };
  expect(() => parseConfig({ namespaces: many, access })).toThrow(
    /access\.all: a policy of up to \d+ characters.*split it into several policies/,
  );
  const fewer = { some: { roles: ['batchOperator'], namespaces: Object.keys(many).slice(0, 5) } };
  expect(parseConfig({ namespaces: many, access: fewer }).access).toHaveProperty('some');
});
