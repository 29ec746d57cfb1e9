import { Stack } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { NamespaceConfig } from './config';

/**
 * The secret of a namespace. Its grant is written out, because an imported secret's own one leaves the key's part to a
 * key policy that is not ours.
 */
export class NamespaceSecret {
  constructor(
    private readonly scope: Construct,
    private readonly namespace: NamespaceConfig,
  ) {}

  /** Lets somebody read the secret, and decrypt it where it has a key of its own. */
  grantRead(grantee: IGrantable): void {
    const { secretArn, secretKmsKeyArn } = this.namespace;
    Grant.addToPrincipal({ grantee, actions: ['secretsmanager:GetSecretValue'], resourceArns: [secretArn] });
    if (secretKmsKeyArn === undefined) return;
    const { region, urlSuffix } = Stack.of(this.scope);
    Grant.addToPrincipal({
      grantee,
      actions: ['kms:Decrypt'],
      resourceArns: [secretKmsKeyArn],
      conditions: { StringEquals: { 'kms:ViaService': `secretsmanager.${region}.${urlSuffix}` } },
    });
  }
}
