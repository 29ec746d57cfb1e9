import { Stack } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { NamespaceConfig } from './config';

/** ARNs in a statement: the CDK divides long policies between statements, not within. */
const ARNS_PER_STATEMENT = 30;

/**
 * The secrets of namespaces. Their grant is written out, because an imported secret's own one leaves the key's part to a
 * key policy that is not ours.
 */
export class NamespaceSecrets {
  /** How many grantees may read them. */
  readers = 0;

  constructor(
    private readonly scope: Construct,
    private readonly namespaces: NamespaceConfig[],
  ) {}

  /** Lets the grantee read the secrets, and decrypt those that have a key of their own. */
  grantRead(grantee: IGrantable): void {
    this.readers += 1;
    const secretArns = this.namespaces.map(({ secretArn }) => secretArn);
    const keyArns = this.namespaces.flatMap(({ secretKmsKeyArn }) => secretKmsKeyArn ?? []);
    const { region, urlSuffix } = Stack.of(this.scope);
    for (const resourceArns of chunksOf(secretArns)) {
      Grant.addToPrincipal({ grantee, actions: ['secretsmanager:GetSecretValue'], resourceArns });
    }
    for (const resourceArns of chunksOf(keyArns)) {
      Grant.addToPrincipal({
        grantee,
        actions: ['kms:Decrypt'],
        resourceArns,
        conditions: { StringEquals: { 'kms:ViaService': `secretsmanager.${region}.${urlSuffix}` } },
      });
    }
  }
}

function chunksOf(arns: string[]): string[][] {
  const distinct = [...new Set(arns)];
  return Array.from({ length: Math.ceil(distinct.length / ARNS_PER_STATEMENT) }, (_, index) =>
    distinct.slice(index * ARNS_PER_STATEMENT, (index + 1) * ARNS_PER_STATEMENT),
  );
}
