import type { CfnResource } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** An accepted finding of Checkov, with the reason. */
export interface CheckovFinding {
  /** Id of the Checkov rule, for example `CKV_AWS_158`. */
  id: string;
  reason: string;
}

/** Accepts findings on the construct's resource, in the template metadata that Checkov reads. */
export function acknowledgeCheckov(construct: IConstruct, ...findings: CheckovFinding[]): void {
  const resource = construct.node.defaultChild as CfnResource;
  resource.addMetadata('checkov', { skip: findings.map(({ id, reason: comment }) => ({ id, comment })) });
}

/** The finding on a log group without a KMS key. */
export const encryptedByCloudWatch: CheckovFinding = {
  id: 'CKV_AWS_158',
  reason: 'CloudWatch encrypts logs with its own key, and they contain no secrets',
};
