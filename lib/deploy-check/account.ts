import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { isDenied, named } from './check';
import type { Check } from './check';

/** Default name of the stack that `cdk bootstrap` creates. */
const TOOLKIT_STACK = 'CDKToolkit';

/** The first version with the roles and the bucket of the CDK's default synthesizer. */
const MIN_BOOTSTRAP_VERSION = 6;

export interface AccountChecks {
  checks: Check[];
  /** Whether AWS accepts the credentials. */
  accepted: boolean;
  /** Account id. Absent if it could not be found out. */
  account?: string | undefined;
}

export interface AccountCheckOptions {
  /** What to run if the account is not bootstrapped in this region. */
  bootstrapCommand: string;
  /** Name of the bootstrap stack; that of the CDK when absent. */
  toolkitStack?: string | undefined;
}

/** Checks whether AWS accepts the credentials, and whether `cdk bootstrap` was run in the account and region. */
export async function checkAccount(
  cloudFormation: CloudFormationClient,
  { bootstrapCommand: action, toolkitStack = TOOLKIT_STACK }: AccountCheckOptions,
): Promise<AccountChecks> {
  try {
    const { Stacks: [stack] = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: toolkitStack }));
    const account = stack?.StackId?.split(':')[4];
    const output = stack?.Outputs?.find(({ OutputKey: key }) => key === 'BootstrapVersion');
    const version = Number(output?.OutputValue);
    const found = `stack ${toolkitStack}, version ${version}`;
    const bootstrap: Check =
      version >= MIN_BOOTSTRAP_VERSION
        ? { check: 'bootstrap', result: 'ok', found }
        : {
            check: 'bootstrap',
            result: 'failed',
            found: `${found}; version ${MIN_BOOTSTRAP_VERSION} is required`,
            action,
          };
    return { checks: [acceptedFor(account), bootstrap], accepted: true, account };
  } catch (error) {
    const { message } = named(error);
    if (/does not exist/.test(message)) {
      const bootstrap: Check = { check: 'bootstrap', result: 'failed', found: `no stack ${toolkitStack}`, action };
      return { checks: [acceptedFor(undefined), bootstrap], accepted: true };
    }
    if (!isDenied(error))
      return { checks: [isNoResponse(error) ? noResponse(message) : notAccepted(message)], accepted: false };
    // "User: arn:aws:sts::111122223333:assumed-role/… is not authorized to perform: …"
    const [, account] = /arn:[\w-]+:\w+::(\d{12}):/.exec(message) ?? [];
    const allow = 'allow cloudformation:DescribeStacks';
    const bootstrap: Check = { check: 'bootstrap', result: 'unknown', found: message, action: allow };
    return { checks: [acceptedFor(account), bootstrap], accepted: true, account };
  }
}

const acceptedFor = (account: string | undefined): Check => ({
  check: 'credentials',
  result: 'ok',
  found: account === undefined ? 'AWS accepts them' : `of account ${account}`,
});

/** Returns whether the connection failed: Node.js gives such errors a `code`, the SDK's time-out has a name. */
const isNoResponse = (error: unknown): boolean =>
  (error as NodeJS.ErrnoException).code !== undefined || named(error).name === 'TimeoutError';

const noResponse = (found: string): Check => ({
  check: 'account',
  result: 'failed',
  found: `no response from AWS: ${found}`,
  action: 'correct the name of the region, or the network and proxy of this machine',
});

const notAccepted = (found: string): Check => ({
  check: 'credentials',
  result: 'failed',
  found,
  action: 'sign in: `aws sso login`, `aws login`, AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
});
