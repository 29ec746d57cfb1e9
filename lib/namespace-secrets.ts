import { Stack } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { NamespaceConfig } from './config';

/** With more namespaces, the roles share managed policies, because a copy in each role would exceed the template's size limit. */
const MAX_INLINE_NAMESPACES = 20;
/** Limit for the ARNs in a managed policy, which has 6,144 characters at most. */
const ARN_CHARACTERS_PER_POLICY = 5500;

/**
 * Grants read access to the secrets of namespaces. It does not use the CDK's `grantRead`, which for an imported secret does
 * not grant decryption with the secret's key.
 */
export class NamespaceSecrets {
  private readonly statements: PolicyStatement[];
  private readonly sharedPolicies: ManagedPolicy[];

  constructor(scope: Construct, namespaces: NamespaceConfig[]) {
    const { region, urlSuffix } = Stack.of(scope);
    const secretArns = namespaces.map(({ secretArn }) => secretArn);
    const keyArns = namespaces.flatMap(({ secretKmsKeyArn }) => secretKmsKeyArn ?? []);
    const viaService = { 'kms:ViaService': `secretsmanager.${region}.${urlSuffix}` };
    this.statements = [
      ...chunksOf(secretArns).map(
        (resources) => new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources }),
      ),
      ...chunksOf(keyArns).map(
        (resources) =>
          new PolicyStatement({ actions: ['kms:Decrypt'], resources, conditions: { StringEquals: viaService } }),
      ),
    ];
    this.sharedPolicies =
      namespaces.length <= MAX_INLINE_NAMESPACES
        ? []
        : this.statements.map(
            (statement, index) => new ManagedPolicy(scope, `NamespaceSecrets${index + 1}`, { statements: [statement] }),
          );
  }

  /** Allows the role to read the secrets and to decrypt those with a customer managed key. */
  grantRead(role: IRole): void {
    for (const policy of this.sharedPolicies) role.addManagedPolicy(policy);
    if (this.sharedPolicies.length > 0) return;
    for (const statement of this.statements) role.addToPrincipalPolicy(statement.copy());
  }
}

function chunksOf(arns: string[]): string[][] {
  const chunks: string[][] = [];
  let room = 0;
  for (const arn of new Set(arns)) {
    const characters = arn.length + 3;
    if (characters > room) {
      chunks.push([]);
      room = ARN_CHARACTERS_PER_POLICY;
    }
    chunks.at(-1)?.push(arn);
    room -= characters;
  }
  return chunks;
}
