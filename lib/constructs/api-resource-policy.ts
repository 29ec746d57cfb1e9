import { Aws } from 'aws-cdk-lib';
import { AccountPrincipal, AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { PolicyStatementProps } from 'aws-cdk-lib/aws-iam';
import type { RewindConfig } from '../config';

/**
 * Returns the resource policy of the API, or `undefined` if the configuration does not restrict callers or allow other
 * accounts. The policy never replaces a caller's own IAM policies. For a caller in the same account, API Gateway accepts an
 * allow statement in the resource policy alone, so the only principal of this account in the policy is the account itself,
 * for which IAM policies still decide.
 */
export function apiResourcePolicy(api: RewindConfig['api']): PolicyDocument | undefined {
  const { callerAccounts, callerOrganizationId, cidrs, vpcEndpointIds } = api;
  const statements: PolicyStatement[] = [];
  const add = (statement: PolicyStatementProps) =>
    statements.push(
      new PolicyStatement({ actions: ['execute-api:Invoke'], resources: ['execute-api:/*'], ...statement }),
    );
  const deny = (sid: string, conditions: PolicyStatementProps['conditions']) =>
    add({ sid, effect: Effect.DENY, principals: [new AnyPrincipal()], conditions });
  if (vpcEndpointIds) {
    // A private API rejects all requests without an allow statement.
    add({ sid: 'OwnAccount', principals: [new AccountPrincipal(Aws.ACCOUNT_ID)] });
    deny('OtherVpcEndpoints', { StringNotEquals: { 'aws:SourceVpce': vpcEndpointIds } });
  }
  if (cidrs) deny('OtherAddresses', { NotIpAddress: { 'aws:SourceIp': cidrs } });
  if (callerAccounts) {
    add({ sid: 'CallerAccounts', principals: callerAccounts.map((account) => new AccountPrincipal(account)) });
  }
  if (callerOrganizationId !== undefined) {
    add({
      sid: 'CallerOrganization',
      principals: [new AnyPrincipal()],
      conditions: {
        StringEquals: { 'aws:PrincipalOrgID': callerOrganizationId },
        StringNotEquals: { 'aws:PrincipalAccount': Aws.ACCOUNT_ID },
      },
    });
  }
  return statements.length === 0 ? undefined : new PolicyDocument({ statements });
}
