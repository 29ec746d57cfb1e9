import { Stack } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { NamespaceConfig } from './config';

/** More namespaces than this have policies that the roles share: a copy in each role would fill the template. */
const MAX_INLINE_NAMESPACES = 20;
/** Of a managed policy's 6,144, without what is around the ARNs. */
const ARN_CHARACTERS_PER_POLICY = 5500;

/**
 * The secrets of namespaces. The grant is explicit, because `grantRead` of an imported secret leaves decryption to the key's
 * own policy, which this stack does not manage.
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

  /** Lets the role read the secrets, and decrypt those that have a key of their own. */
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
