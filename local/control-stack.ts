import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { LocalDetails } from './details';
import type { MiniStack } from './ministack/ministack';
import { runProcess } from './processes/processes';
import { inProject, projectFolder } from './project';

const STACK = 'RewindControl';

export interface ControlStackOptions {
  ministack: MiniStack;
  /** The configuration, as under `rewind` in cdk.json. */
  config: object;
  /** Folder for the files of the CDK CLI. */
  folder: string;
  signal?: AbortSignal | undefined;
}

/** Creates the bucket and roles that `cdk deploy` needs. */
export async function bootstrapAccount(options: ControlStackOptions): Promise<void> {
  const { accountId, region } = options.ministack;
  // Not in the checkout, where the CLI would synthesize the app that cdk.json names.
  await cdk(['bootstrap', `aws://${accountId}/${region}`], options, options.folder);
}

/**
 * Deploys the control stack (`local/app.ts`) with the CDK CLI.
 * @returns `apiUrl` is an address that needs no name resolution, without a trailing slash
 */
export async function deployControlStack(
  options: ControlStackOptions,
): Promise<Pick<LocalDetails, 'apiUrl' | 'eventBusName' | 'ledgerTableName' | 'accessPolicyArns'>> {
  const outputsFile = path.join(options.folder, 'cdk-outputs.json');
  const context = `rewind=${JSON.stringify(options.config)}`;
  await cdk(
    [
      'deploy',
      STACK,
      `--app=${process.execPath} --import tsx ${inProject('local/app.ts')}`,
      `--context=${context}`,
      `--output=${path.join(options.folder, 'cdk.out')}`,
      `--outputs-file=${outputsFile}`,
      '--require-approval=never',
      '--progress=events',
      '--method=direct',
    ],
    options,
    projectFolder,
  );

  const outputs: Record<string, Record<string, string> | undefined> = JSON.parse(await readFile(outputsFile, 'utf8'));
  const stack = outputs[STACK] ?? {};
  const { ApiUrl: awsUrl, EventBusName: eventBusName, LedgerTableName: ledgerTableName } = stack;
  if (!awsUrl || !eventBusName || !ledgerTableName) throw new Error(`${STACK} lacks an output`);
  const accessPolicyArns = Object.fromEntries(
    Object.entries(stack).filter(([output]) => output.startsWith('AccessPolicy')),
  );
  return { apiUrl: pathForm(awsUrl, options.ministack), eventBusName, ledgerTableName, accessPolicyArns };
}

/** Converts `https://API.execute-api.REGION.amazonaws.com/STAGE/` to the URL below MiniStack's own address. */
function pathForm(awsUrl: string, { endpointUrl }: MiniStack): string {
  const { hostname, pathname } = new URL(awsUrl);
  const [apiId] = hostname.split('.');
  return `${endpointUrl}/_aws/execute-api/${apiId}/${pathname.split('/')[1]}`;
}

async function cdk(args: string[], { ministack, folder, signal }: ControlStackOptions, cwd: string) {
  // Removes settings of a real AWS account.
  const own = Object.entries(process.env).filter(([name]) => !/^(AWS|CDK)_/.test(name));
  await runProcess(
    process.execPath,
    [inProject('node_modules/aws-cdk/bin/cdk'), ...args, '--no-notices', '--no-color', '--ci'],
    {
      name: `cdk ${args[0]}`,
      logFile: path.join(folder, 'cdk.log'),
      cwd,
      signal,
      env: {
        ...Object.fromEntries(own),
        AWS_ENDPOINT_URL: ministack.endpointUrl,
        AWS_REGION: ministack.region,
        // The root user, because the policy of the bootstrap bucket denies requests of other principals without TLS.
        AWS_ACCESS_KEY_ID: ministack.rootKeys.accessKeyId,
        AWS_SECRET_ACCESS_KEY: ministack.rootKeys.secretAccessKey,
        AWS_CONFIG_FILE: path.join(folder, 'no-aws-config'),
        AWS_SHARED_CREDENTIALS_FILE: path.join(folder, 'no-aws-credentials'),
        // The CLI caches account ids by access key; keep that cache out of the user's home.
        CDK_HOME: path.join(folder, 'cdk-home'),
        CDK_DISABLE_CLI_TELEMETRY: 'true',
        // No validation against CloudFormation's schemas, which takes longer than the rest of the synthesis. test/lib/rules.test.ts validates.
        CDK_VALIDATION: 'false',
      },
    },
  );
}
