import { Stack } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { NamespaceConfig } from './config';

/**
 * Lets somebody read a namespace's secret, and decrypt it where it has a key of its own. Written out, because an imported
 * secret's own grant leaves the key's part to a key policy that is not ours.
 */
export function grantSecret(
  scope: Construct,
  { secretArn, secretKmsKeyArn }: NamespaceConfig,
  grantee: IGrantable,
): void {
  Grant.addToPrincipal({ grantee, actions: ['secretsmanager:GetSecretValue'], resourceArns: [secretArn] });
  if (secretKmsKeyArn === undefined) return;
  const { region, urlSuffix } = Stack.of(scope);
  Grant.addToPrincipal({
    grantee,
    actions: ['kms:Decrypt'],
    resourceArns: [secretKmsKeyArn],
    conditions: { StringEquals: { 'kms:ViaService': `secretsmanager.${region}.${urlSuffix}` } },
  });
}
