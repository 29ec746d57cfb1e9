import { Stack } from 'aws-cdk-lib';
import { OidcProviderNative, PolicyStatement, Role, WebIdentityPrincipal } from 'aws-cdk-lib/aws-iam';
import type { IOidcProvider } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { RewindControl } from 'rewind';

export interface PipelineRolesProps {
  rewind: RewindControl;
  /** Namespace of the workers that the pipeline deploys. */
  namespace: string;
  /**
   * The `sub` claim of the jobs that deploy: repository and environment. For repositories created or renamed since
   * 15 July 2026 it contains ids: `repo:acme@123456/orders@456789:environment:production`.
   */
  subject: string;
  /** GitHub's OIDC provider, if the account already has it: IAM allows one per address. */
  provider?: IOidcProvider;
}

const ISSUER = 'token.actions.githubusercontent.com';

/** Roles for a pipeline in GitHub Actions: one deploys Rewind, the other rolls back builds. Neither needs a stored key. */
export class PipelineRoles extends Construct {
  readonly deploy: Role;
  readonly rollBack: Role;

  constructor(scope: Construct, id: string, { rewind, namespace, subject, provider }: PipelineRolesProps) {
    super(scope, id);
    const { oidcProviderArn } =
      provider ??
      new OidcProviderNative(this, 'GitHub', { url: `https://${ISSUER}`, clientIds: ['sts.amazonaws.com'] });
    const job = new WebIdentityPrincipal(oidcProviderArn, {
      StringEquals: { [`${ISSUER}:aud`]: 'sts.amazonaws.com', [`${ISSUER}:sub`]: subject },
    });

    this.deploy = new Role(this, 'Deploy', { assumedBy: job, description: 'Deploys Rewind with the CDK' });
    const { account, partition } = Stack.of(this);
    // The roles of `cdk bootstrap` have the permissions to deploy.
    this.deploy.addToPolicy(
      new PolicyStatement({
        actions: ['sts:AssumeRole'],
        resources: ['deploy', 'file-publishing', 'image-publishing', 'lookup'].map(
          (name) => `arn:${partition}:iam::${account}:role/cdk-*-${name}-role-${account}-*`,
        ),
      }),
    );

    this.rollBack = new Role(this, 'RollBack', { assumedBy: job, description: 'Rolls back what a bad build did' });
    const { restApi } = rewind.api;
    const { stageName } = restApi.deploymentStage;
    // Fewer permissions than the API role `batchOperator`: it can neither cancel nor terminate.
    this.rollBack.addToPolicy(
      new PolicyStatement({
        actions: ['execute-api:Invoke'],
        resources: [
          restApi.arnForExecuteApi('POST', `/namespaces/${namespace}/rollbacks`, stageName),
          restApi.arnForExecuteApi('GET', `/namespaces/${namespace}/batch-operations/*`, stageName),
        ],
      }),
    );
  }
}
