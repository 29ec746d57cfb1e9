import { CfnOutput, Duration, Stack, Stage } from 'aws-cdk-lib';
import type { StageProps } from 'aws-cdk-lib';
import { CfnAssignment, CfnPermissionSet } from 'aws-cdk-lib/aws-sso';
import type { Construct } from 'constructs';
import { RewindControl } from 'rewind';
import type { RewindControlProps } from 'rewind';

/** Who may do what, in every account. Permission sets refer to the managed policies of each account by `policyName`. */
const access = {
  support: { roles: ['reader'], namespaces: 'all', policyName: 'RewindSupport' },
  'on-call': { roles: ['canceller', 'resetter', 'pauser'], namespaces: 'all', policyName: 'RewindOnCall' },
  repair: { roles: ['batchOperator', 'redriver'], namespaces: 'all', policyName: 'RewindRepair' },
} satisfies RewindControlProps['access'];
type AccessName = keyof typeof access;

export interface RewindStageProps extends StageProps {
  namespaces: RewindControlProps['namespaces'];
}

/** Deploys Rewind to one account: `new RewindStage(app, 'Production', { env: { account, region }, namespaces })`. */
export class RewindStage extends Stage {
  constructor(scope: Construct, id: string, { namespaces, ...props }: RewindStageProps) {
    super(scope, id, props);
    const stack = new Stack(this, 'RewindControl', { stackName: 'RewindControl' });
    const { api } = new RewindControl(stack, 'Rewind', { namespaces, access });
    // For `rewind context add --stack RewindControl`.
    new CfnOutput(stack, 'ApiUrl', { value: api.restApi.url });
    new CfnOutput(stack, 'Namespaces', { value: Object.keys(namespaces).join(',') });
  }
}

export interface PeopleProps extends StageProps {
  /** ARN of the instance of IAM Identity Center. */
  instanceArn: string;
  /** Accounts with Rewind. Deploy it there first, because a permission set needs the policies that it names. */
  accounts: string[];
  /** Ids of the groups in Identity Center. */
  groups: Record<AccessName, string>;
}

/** Permission sets of IAM Identity Center, in the management account or the delegated administrator's. */
export class People extends Stage {
  constructor(scope: Construct, id: string, { instanceArn, accounts, groups, ...props }: PeopleProps) {
    super(scope, id, props);
    const stack = new Stack(this, 'RewindPeople');
    for (const [name, principalId] of Object.entries(groups) as [AccessName, string][]) {
      const { policyName } = access[name];
      const { attrPermissionSetArn: permissionSetArn } = new CfnPermissionSet(stack, `PermissionSet-${name}`, {
        instanceArn,
        name: policyName,
        description: `Rewind: ${access[name].roles.join(', ')}`,
        sessionDuration: (name === 'repair' ? Duration.hours(1) : Duration.hours(8)).toIsoString(),
        customerManagedPolicyReferences: [{ name: policyName }],
        // Lets `rewind context add --stack RewindControl` read the API's URL.
        inlinePolicy: {
          Version: '2012-10-17',
          Statement: {
            Effect: 'Allow',
            Action: 'cloudformation:DescribeStacks',
            Resource: `arn:${stack.partition}:cloudformation:*:*:stack/RewindControl/*`,
          },
        },
      });
      for (const targetId of accounts) {
        new CfnAssignment(stack, `Assignment-${name}-${targetId}`, {
          instanceArn,
          permissionSetArn,
          principalType: 'GROUP',
          principalId,
          targetType: 'AWS_ACCOUNT',
          targetId,
        });
      }
    }
  }
}
