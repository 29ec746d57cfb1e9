import type { AwsKeys, Credentials } from '../../client/sign';
import type { NamedContext } from '../contexts';
import { CliError } from '../exit-codes';
import type { Session } from '../session';

type Environment = Record<string, string | undefined>;

/**
 * The credentials that sign requests: those of the context, of the environment, or of the AWS SDK's default chain.
 * The chain is loaded only when needed, because that takes longer than the rest of the start.
 */
export function credentialsOf(context: NamedContext, env: Environment): Credentials {
  if (context.credentials) return context.credentials;
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env;
  // As in the default chain, a profile comes before the environment.
  const profile = context.profile ?? (env['AWS_PROFILE'] || undefined);
  if (profile === undefined && accessKeyId && secretAccessKey) {
    const sessionToken = env['AWS_SESSION_TOKEN'];
    return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
  }
  let provider: Promise<() => Promise<AwsKeys>> | undefined;
  return async () => {
    provider ??= import('@aws-sdk/credential-provider-node').then(({ defaultProvider }) =>
      defaultProvider(profile === undefined ? {} : { profile }),
    );
    try {
      return await (
        await provider
      )();
    } catch (error) {
      throw noCredentials(error, profile);
    }
  };
}

/** The error for a failure of the chain, with the command that fixes it. */
function noCredentials(error: unknown, profile: string | undefined): CliError {
  const message = error instanceof Error ? error.message : String(error);
  const withProfile = profile === undefined ? '' : ` --profile ${profile}`;
  const login = /\bsso\b/i.test(message) ? 'aws sso login' : 'aws login';
  const isExpired = /expired|refresh|invalid|login|not valid/i.test(message);
  const hint = isExpired
    ? `Renew the session:  ${login}${withProfile}`
    : `Sign in:  aws login${withProfile}   (or aws sso login, AWS_PROFILE, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY)`;
  return new CliError('notAllowed', `No AWS credentials: ${message}`, { hints: [hint] }, { cause: error });
}

/** A hint how to renew expired credentials. */
export function renewal({ profile, credentials }: NamedContext, env: Environment): string {
  if (credentials) return 'The local stack has been started again: repeat the command.';
  const name = profile ?? env['AWS_PROFILE'];
  if (name) return `Renew them:  aws sso login --profile ${name}   (or aws login --profile ${name})`;
  return env['AWS_SESSION_TOKEN']
    ? 'AWS_SESSION_TOKEN of this shell has expired: sign in again where it came from.'
    : 'Renew them:  aws login   (or aws sso login)';
}

/** The API key of a usage plan. From the environment, because the file of contexts has no secrets. */
export const apiKeyOf = (env: Record<string, string | undefined>): string | undefined =>
  env['REWIND_API_KEY'] || undefined;

/** How a session reaches its API. */
export const accessOf = ({ context, terminal: { env } }: Session) => ({
  baseUrl: context.apiUrl,
  region: context.region,
  credentials: credentialsOf(context, env),
  apiKey: apiKeyOf(env),
  proxyEnv: env,
});
