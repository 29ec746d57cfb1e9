import type { CfnResource } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** A finding of checkov that is accepted, and why. */
export interface CheckovFinding {
  /** For example `CKV_AWS_158`. */
  id: string;
  reason: string;
}

/** Accepts findings on the construct's resource: checkov reads them from the template's metadata. */
export function acknowledgeCheckov(construct: IConstruct, ...findings: CheckovFinding[]): void {
  const resource = construct.node.defaultChild as CfnResource;
  resource.addMetadata('checkov', { skip: findings.map(({ id, reason: comment }) => ({ id, comment })) });
}

/** On a log group. */
export const encryptedByCloudWatch: CheckovFinding = {
  id: 'CKV_AWS_158',
  reason: 'CloudWatch encrypts logs with a key of its own, and they hold no secrets',
};
