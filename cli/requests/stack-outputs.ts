import type { Context } from '../contexts';
import { credentialsOf } from './credentials';
import { CliError } from '../exit-codes';

export interface Stack {
  stack: string;
  region: string | undefined;
  profile: string | undefined;
  env: Record<string, string | undefined>;
}

/** Reads the API's URL, the account and the namespaces from the outputs of a deployed control stack. */
export async function stackOutputs({
  stack,
  region,
  profile,
  env,
}: Stack): Promise<Pick<Context, 'apiUrl' | 'region' | 'account'> & { namespaces: string[] }> {
  if (!region) throw new CliError('usage', 'The region is not known.', { hints: ['Name it: --region eu-west-1'] });
  const { CloudFormationClient, DescribeStacksCommand } = await import('@aws-sdk/client-cloudformation');
  const credentials = credentialsOf({ name: stack, apiUrl: '', region, ...(profile && { profile }) }, env);
  const cloudFormation = new CloudFormationClient({ region, credentials });
  try {
    const { Stacks: [found] = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: stack }));
    const outputs = Object.fromEntries((found?.Outputs ?? []).map((output) => [output.OutputKey, output.OutputValue]));
    const apiUrl = outputs['ApiUrl'];
    if (!apiUrl) {
      throw new CliError(
        'refused',
        `Stack ${stack} in ${region} has no output ApiUrl: it is not Rewind's control stack.`,
      );
    }
    const account = found?.StackId?.split(':')[4];
    const namespaces = (outputs['Namespaces'] ?? '').split(',').filter(Boolean);
    return { apiUrl: apiUrl.replace(/\/+$/, ''), region, ...(account && { account }), namespaces };
  } catch (error) {
    throw error instanceof CliError ? error : stackError(error, stack, region);
  } finally {
    cloudFormation.destroy();
  }
}

function stackError(error: unknown, stack: string, region: string): CliError {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  if (/does not exist/.test(message)) {
    return new CliError('refused', `There is no stack ${stack} in ${region}.`, {
      hints: ['Are region, account and name right? aws cloudformation list-stacks'],
    });
  }
  if (/ExpiredToken|AccessDenied|InvalidClientTokenId|Unrecognized|SignatureDoesNotMatch/.test(name)) {
    return new CliError('notAllowed', `CloudFormation refuses to describe ${stack}: ${message}`, {
      hints: ['cloudformation:DescribeStacks is needed; or name the API: --api-url'],
    });
  }
  return new CliError('failed', `CloudFormation in ${region} did not describe ${stack}: ${message}`, {
    hints: ['Is the network up? Is the region right?'],
  });
}
