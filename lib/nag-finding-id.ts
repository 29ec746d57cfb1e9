import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** Returns the id of cdk-nag's finding for a policy statement on this resource, so that only this finding is acknowledged. */
export function nagFindingId(scope: Construct, arn: string): string {
  return `AwsSolutions-IAM5[Resource::${inAngleBrackets(Stack.of(scope).resolve(arn))}]`;
}

/** Converts an ARN with CloudFormation functions to cdk-nag's format, which has the names of unresolved values in "<>". */
function inAngleBrackets(resolved: unknown): string {
  if (typeof resolved === 'string') return resolved;
  const { Ref: name, 'Fn::GetAtt': attribute, 'Fn::Join': join } = resolved as CloudFormationText;
  if (join) return join[1].map(inAngleBrackets).join(join[0]);
  return `<${name ?? attribute?.join('.')}>`;
}

interface CloudFormationText {
  Ref?: string;
  'Fn::GetAtt'?: string[];
  'Fn::Join'?: [delimiter: string, parts: unknown[]];
}
