import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { CloudFormationClientConfig } from '@aws-sdk/client-cloudformation';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { RewindConfig } from '../config';
import { checkAccount } from './account';
import type { Check } from './check';
import { checkConfiguration } from './configuration';
import type { ConfigurationSource } from './configuration';
import { checkNamespace } from './namespace';
import { checkStacks } from './stack';

export type { Check } from './check';

export interface DeployCheckOptions extends ConfigurationSource {
  /** AWS region. The region of the environment or profile when absent. */
  region?: string | undefined;
  profile?: string | undefined;
  credentials: NonNullable<CloudFormationClientConfig['credentials']>;
  /** Name of the bootstrap stack, like `cdk --toolkit-stack-name`. */
  toolkitStack?: string | undefined;
}

/**
 * Checks what `cdk deploy` and the deployed functions require: the configuration, the account, and each namespace with its
 * secret. Changes nothing. A check whose own requirement is missing is skipped.
 */
export async function deployCheck(options: DeployCheckOptions): Promise<Check[]> {
  const { config, checks } = checkConfiguration(options);
  const region = await regionOf(options);
  if (region === undefined) {
    const action = 'name it: --region, AWS_REGION, or `region` of the profile';
    return [...checks, { check: 'region', result: 'failed', found: 'none', action }];
  }
  checks.push({ check: 'region', result: 'ok', found: region });
  const client = { region, credentials: options.credentials };
  const {
    account,
    accepted,
    checks: ofAccount,
  } = await checkAccount(new CloudFormationClient(client), {
    bootstrapCommand: bootstrapCommand(options),
    toolkitStack: options.toolkitStack,
  });
  checks.push(...ofAccount);
  if (config === undefined) return checks;
  checks.push(...checkStacks(config, { account: account ?? accountOf(config), region }));
  if (!accepted) return checks;
  return [...checks, ...(await checkNamespaces(config, new SecretsManagerClient(client)))];
}

/** The CDK starts the app, which needs the same configuration. */
function bootstrapCommand({ file, stage, toolkitStack }: DeployCheckOptions): string {
  return [
    'npx cdk bootstrap',
    ...(file === undefined ? [] : [`-c config=${file}`]),
    ...(stage === undefined ? [] : [`-c stage=${stage}`]),
    ...(toolkitStack === undefined ? [] : [`--toolkit-stack-name ${toolkitStack}`]),
  ].join(' ');
}

async function checkNamespaces(
  { namespaces, functions }: RewindConfig,
  secrets: SecretsManagerClient,
): Promise<Check[]> {
  const found = Object.entries(namespaces).map(([name, namespace]) =>
    checkNamespace(name, namespace, { secrets, vpcId: functions.vpcId }),
  );
  return (await Promise.all(found)).flat();
}

/** Returns the region, from the same sources as the AWS SDK if it is not given. */
async function regionOf({ region, profile }: DeployCheckOptions): Promise<string | undefined> {
  if (region !== undefined) return region;
  const { config } = new CloudFormationClient(profile === undefined ? {} : { profile });
  return config.region().catch(() => undefined);
}

/** Returns the account of the first namespace's secret. */
const accountOf = ({ namespaces }: RewindConfig): string | undefined =>
  Object.values(namespaces)[0]?.secretArn.split(':')[4];
