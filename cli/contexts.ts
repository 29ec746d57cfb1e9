import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { CliError } from './exit-codes';

/** A Rewind API, and how to call it. */
export interface Context {
  /** Base URL of the API, without a trailing slash. */
  apiUrl: string;
  region: string;
  /** Profile of the AWS configuration files; the default chain when absent. */
  profile?: string;
  /** Namespace of commands that name none. */
  namespace?: string;
  /** The AWS account, if known. */
  account?: string;
  /** Access keys of the local stack. Contexts in the file have none. */
  credentials?: { accessKeyId: string; secretAccessKey: string };
}

export type NamedContext = Context & { name: string };

/** Content of the context file: the contexts that the user added, and the default context. */
export interface ContextFile {
  current?: string;
  contexts: Record<string, Context>;
}

/** Name of the local stack's context, which is found automatically. */
export const LOCAL = 'local';

type Environment = Record<string, string | undefined>;

const contextFilePath = (env: Environment): string =>
  path.join(env['XDG_CONFIG_HOME'] || path.join(os.homedir(), '.config'), 'rewind', 'contexts.json');

export function readContexts(env: Environment): ContextFile {
  const file = contextFilePath(env);
  if (!existsSync(file)) return { contexts: {} };
  try {
    const { current, contexts } = (JSON.parse(readFileSync(file, 'utf8')) ?? {}) as Partial<ContextFile>;
    const usable = Object.entries(contexts ?? {}).filter(
      ([, context]) => typeof context === 'object' && context !== null,
    );
    return { ...(current !== undefined && { current }), contexts: Object.fromEntries(usable) };
  } catch (error) {
    throw new CliError('failed', `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

export function writeContexts(env: Environment, contexts: ContextFile): void {
  const file = contextFilePath(env);
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.draft`, `${JSON.stringify(contexts, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.draft`, file);
}

/**
 * The context of a running local stack: that of `REWIND_LOCAL_JSON`, of the working directory or a folder above it, or of the
 * checkout in which this command was built.
 */
export function localContext(env: Environment): NamedContext | undefined {
  const file = localFiles(env).find((candidate) => existsSync(candidate));
  if (file === undefined) return undefined;
  const { apiUrl, region, accountId, namespace, credentials } = localDetails(file);
  return { name: LOCAL, apiUrl, region, account: accountId, namespace, credentials };
}

type LocalDetails = { [Field in 'apiUrl' | 'region' | 'accountId' | 'namespace']: string } & Required<
  Pick<Context, 'credentials'>
>;

/** @throws {CliError} for a file of another program or another release: without it, a command could use another context */
function localDetails(file: string): LocalDetails {
  try {
    const details = JSON.parse(readFileSync(file, 'utf8')) as Partial<LocalDetails> | null;
    if (details?.apiUrl && details.region && details.namespace && details.credentials) return details as LocalDetails;
  } catch {
    // Handled like a file without the fields.
  }
  throw new CliError('failed', `${file} does not describe a local stack.`, {
    hints: ['npm start, in its checkout, writes it again; or remove it.'],
  });
}

function localFiles(env: Environment): string[] {
  const named = env['REWIND_LOCAL_JSON'];
  if (named) return [named];
  const files: string[] = [];
  for (let folder = process.cwd(); ; folder = path.dirname(folder)) {
    files.push(path.join(folder, '.rewind', 'local.json'));
    if (path.dirname(folder) === folder) break;
  }
  return [...files, path.resolve(__dirname, '..', '.rewind', 'local.json')];
}

export interface ContextOptions {
  context?: string | undefined;
  apiUrl?: string | undefined;
  region?: string | undefined;
}

/**
 * The context of a command. The first of these that exists: `--api-url`, `--context`, `REWIND_CONTEXT`, the context in use,
 * the local stack, the only context.
 * @throws {CliError} if there is none
 */
export function chooseContext({ context: named, apiUrl, region }: ContextOptions, env: Environment): NamedContext {
  if (apiUrl !== undefined) {
    const context = ofUrl(apiUrl, region, env);
    return { name: new URL(context.apiUrl).host, ...context };
  }
  const { current, contexts } = readContexts(env);
  const names = Object.keys(contexts);
  const chosen = named ?? (env['REWIND_CONTEXT'] || undefined) ?? current;
  const isAdded = chosen !== undefined && Object.hasOwn(contexts, chosen);
  const local = isAdded ? undefined : localContext(env);
  const onlyOne = names.length === 1 ? names[0] : undefined;
  const name = chosen ?? (local ? LOCAL : onlyOne);
  if (name === undefined) {
    throw new CliError(
      'usage',
      names.length === 0 ? 'There is no context.' : 'There are several contexts, and none is in use.',
      {
        hints:
          names.length === 0
            ? [
                'Add one:            rewind context add prod --stack RewindControl --profile prod --region eu-west-1',
                'Or start one here:  npm start, in a checkout of Rewind',
              ]
            : [`Use one: rewind context use ${names[0]}`, `There are: ${names.join(', ')}`],
      },
    );
  }
  const found = Object.hasOwn(contexts, name) ? contexts[name] : undefined;
  if (found) return { name, ...found, apiUrl: baseUrl(found.apiUrl), ...(region !== undefined && { region }) };
  if (name === LOCAL && local) return local;
  const known = [...names, ...(local ? [LOCAL] : [])];
  throw new CliError('usage', `There is no context ${JSON.stringify(name)}.`, {
    hints: [
      known.length === 0 ? 'No context has been added: rewind context add --help' : `There are: ${known.join(', ')}`,
      ...(name === LOCAL ? ['No local stack runs here: npm start, in a checkout of Rewind, starts one.'] : []),
    ],
  });
}

/** The context for the URL `https://ID.execute-api.REGION.amazonaws.com/STAGE/`; other URLs need the region. */
export function ofUrl(given: string, region: string | undefined, env: Environment): Context {
  const apiUrl = baseUrl(given);
  const { hostname } = new URL(apiUrl);
  const inHost = /\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?$/.exec(hostname)?.[1];
  const found = region ?? inHost ?? env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'];
  if (!found) {
    throw new CliError('usage', `The region of ${given} is not known.`, { hints: ['Name it: --region eu-west-1'] });
  }
  return { apiUrl, region: found };
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** The base of an API, without a slash at its end. The file of contexts, which people edit, may have anything. */
function baseUrl(given: unknown): string {
  if (typeof given !== 'string' || !URL.canParse(given)) {
    throw new CliError('usage', `${JSON.stringify(given)} is no URL.`);
  }
  const { protocol, hostname } = new URL(given);
  if (protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname))) return given.replace(/\/+$/, '');
  throw new CliError('usage', `${given} is not https: a session token and the request would be sent in clear text.`);
}
