import { Validations } from 'aws-cdk-lib';
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { accessNamespaces } from '../config';
import type { RewindConfig } from '../config';
import { nagFindingId } from '../nag-finding-id';
import type { RewindApi } from './rewind-api';

export interface AccessPoliciesProps {
  api: RewindApi;
  access: RewindConfig['access'];
  namespaces: RewindConfig['namespaces'];
}

/** The managed policies of the configuration's `access`, which allow roles on namespaces. */
export class AccessPolicies extends Construct {
  /** By name in the configuration. */
  readonly policies: ReadonlyMap<string, ManagedPolicy>;

  constructor(scope: Construct, id: string, { api, access, namespaces }: AccessPoliciesProps) {
    super(scope, id);
    this.policies = new Map(
      Object.entries(access).map(([name, config]) => {
        const { roles, policyName } = config;
        const chosen = accessNamespaces(config, namespaces);
        const policy = new ManagedPolicy(this, name, {
          // Independent of roles and namespaces: CloudFormation replaces a policy whose description changes, and cannot delete the
          // former one, which roles outside the stack still have.
          description: `Rewind: access "${name}" of the configuration`,
          managedPolicyName: policyName,
        });
        const { principalStatement } = api.grantInvoke(policy, { roles, namespaces: chosen });
        Validations.of(policy).acknowledge(
          ...(principalStatement?.resources ?? []).map((resource) => ({
            id: nagFindingId(this, resource),
            reason: 'The wildcards stand for operation ids, and for all reads of one namespace (lib/api-methods.ts)',
          })),
        );
        return [name, policy];
      }),
    );
  }
}
