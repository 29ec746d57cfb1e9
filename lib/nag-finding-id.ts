import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** Id of cdk-nag's finding for a policy statement on this resource, to acknowledge this one and no other. */
export function nagFindingId(scope: Construct, arn: string): string {
  return `AwsSolutions-IAM5[Resource::${inAngleBrackets(Stack.of(scope).resolve(arn))}]`;
}

/** An ARN in CloudFormation's functions as cdk-nag writes it: what is known at deployment only, by its name in "<>". */
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
