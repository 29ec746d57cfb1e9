import { Aws } from 'aws-cdk-lib';
import { AccountPrincipal, AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { RewindConfig } from '../config';

/**
 * Returns the resource policy of the API, or `undefined` if the configuration does not restrict callers or allow other
 * accounts. The policy never replaces a caller's own IAM policies. For a caller in the same account, API Gateway accepts an
 * allow statement in the resource policy alone, so the only principal of this account in the policy is the account itself,
 * for which IAM policies still decide.
 */
export function apiResourcePolicy(api: RewindConfig['api']): PolicyDocument | undefined {
  const { callerAccounts, callerOrganizationId, cidrs, vpcEndpointIds } = api;
  const everyMethod = { actions: ['execute-api:Invoke'], resources: ['execute-api:/*'] };
  const statements = [];
  if (vpcEndpointIds) {
    // A private API rejects all requests without an allow statement.
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
