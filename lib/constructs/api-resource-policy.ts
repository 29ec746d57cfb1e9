import { Aws } from 'aws-cdk-lib';
import { AccountPrincipal, AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { RewindConfig } from '../config';

/**
 * Who may reach the API at all; `undefined` where everybody may whom IAM lets. It never allows what a caller's own
 * policies do not: within an account, API Gateway takes an allowing statement that matches the caller for enough, so
 * none here names callers of this account but the account itself, which leaves the decision to its IAM.
 */
export function apiResourcePolicy(api: RewindConfig['api']): PolicyDocument | undefined {
  const { callerAccounts, callerOrganizationId, cidrs, vpcEndpointIds } = api;
  const everyMethod = { actions: ['execute-api:Invoke'], resources: ['execute-api:/*'] };
  const statements = [];
  if (vpcEndpointIds) {
    // A private API without an allowing policy accepts no call.
    statements.push(
      new PolicyStatement({ sid: 'OwnAccount', principals: [new AccountPrincipal(Aws.ACCOUNT_ID)], ...everyMethod }),
      new PolicyStatement({
        sid: 'OtherVpcEndpoints',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        conditions: { StringNotEquals: { 'aws:SourceVpce': vpcEndpointIds } },
        ...everyMethod,
      }),
    );
  }
  if (cidrs) {
    statements.push(
      new PolicyStatement({
        sid: 'OtherAddresses',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        conditions: { NotIpAddress: { 'aws:SourceIp': cidrs } },
        ...everyMethod,
      }),
    );
  }
  if (callerAccounts) {
    const principals = callerAccounts.map((account) => new AccountPrincipal(account));
    statements.push(new PolicyStatement({ sid: 'CallerAccounts', principals, ...everyMethod }));
  }
  if (callerOrganizationId !== undefined) {
    statements.push(
      new PolicyStatement({
        sid: 'CallerOrganization',
        principals: [new AnyPrincipal()],
        conditions: {
          StringEquals: { 'aws:PrincipalOrgID': callerOrganizationId },
          StringNotEquals: { 'aws:PrincipalAccount': Aws.ACCOUNT_ID },
        },
        ...everyMethod,
      }),
    );
  }
  return statements.length === 0 ? undefined : new PolicyDocument({ statements });
}
