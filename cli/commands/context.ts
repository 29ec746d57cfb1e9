import { defineCommand, text } from '../command-line/declaration';
import { LOCAL, localContext, ofUrl, readContexts, writeContexts } from '../contexts';
import type { Context } from '../contexts';
import { CliError } from '../exit-codes';
import { stackOutputs } from '../requests/stack-outputs';
import type { Session } from '../session';

const name = [{ name: '<name>', description: 'the context', complete: 'contexts' as const }];

export const contextAdd = defineCommand({
  name: 'context add',
  summary: 'Add an API to the contexts, or change one',
  description: 'Reads the outputs of a deployed stack, or takes the API’s URL.',
  args: [{ name: '<name>', description: 'a name for the context' }],
  offline: true,
  options: {
    stack: text('--stack <name>', 'the CloudFormation stack of the API, usually RewindControl'),
    apiUrl: text('--api-url <url>', 'the stack’s output ApiUrl, instead of reading the stack'),
    region: text('--region <region>', 'AWS region; AWS_REGION when left out'),
    profile: text('--profile <name>', 'profile of the AWS configuration files to use with it'),
    namespace: text('-n, --namespace <name>', 'the default namespace of commands'),
  },
  examples: [
    {
      line: 'rewind context add prod --stack RewindControl --profile prod --region eu-west-1 -n prod.a1b2c',
      does: 'reads the stack’s outputs',
    },
  ],
  async run(session, options, [given = '']) {
    const { env } = session.terminal;
    if (given === LOCAL) throw new CliError('usage', `"${LOCAL}" is the local stack, which is found automatically.`);
    if ((options.stack === undefined) === (options.apiUrl === undefined)) {
      throw new CliError('usage', 'Give either --stack or --api-url.');
    }
    const region = options.region ?? env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'];
    const { namespaces, ...found } =
      options.apiUrl === undefined
        ? await stackOutputs({ stack: options.stack ?? '', region, profile: options.profile, env })
        : { ...ofUrl(options.apiUrl, region, env), namespaces: [] };
    const namespace = options.namespace ?? (namespaces.length === 1 ? namespaces[0] : undefined);
    const context: Context = { ...found, profile: options.profile, namespace };
    const file = readContexts(env);
    writeContexts(env, { current: file.current ?? given, contexts: { ...file.contexts, [given]: context } });
    session.output.note(`Context ${given} is ${context.apiUrl}${namespace ? `, namespace ${namespace}` : ''}.`);
    if (namespace === undefined) {
      const served = namespaces.length > 0 ? ` It serves ${namespaces.join(', ')}.` : '';
      session.output.note(`Commands must name a namespace with -n.${served}`);
    }
  },
});

export const contextLs = defineCommand({
  name: 'context ls',
  summary: 'List the contexts',
  offline: true,
  examples: [{ line: 'rewind context ls', does: 'marks the context in use with a star' }],
  run(session) {
    const { env } = session.terminal;
    const { current, contexts } = readContexts(env);
    const local = localContext(env);
    const used = env['REWIND_CONTEXT'] || (current ?? (local && LOCAL));
    const listed = Object.entries({ ...contexts, ...(local && { [LOCAL]: local }) });
    const rows = listed.map(([contextName, { apiUrl, region, profile, namespace, account }]) => ({
      name: contextName,
      inUse: contextName === used,
      apiUrl,
      region,
      profile,
      namespace,
      account,
    }));
    if (rows.length === 0 && session.output.isText)
      return session.output.note('There is none: rewind context add --help');
    return session.output.rows('contexts', rows, [
      { title: '', value: (row) => (row.inUse ? '*' : '') },
      { title: 'CONTEXT', value: (row) => row.name },
      { title: 'NAMESPACE', value: (row) => row.namespace },
      { title: 'ACCOUNT', value: (row) => row.account, drop: 3 },
      { title: 'REGION', value: (row) => row.region, drop: 2 },
      { title: 'PROFILE', value: (row) => row.profile, drop: 1 },
      { title: 'API', value: (row) => row.apiUrl, drop: 4 },
    ]);
  },
});

export const contextUse = defineCommand({
  name: 'context use',
  summary: 'Choose the context of commands that name none',
  args: name,
  offline: true,
  options: { namespace: text('-n, --namespace <name>', 'also its namespace') },
  examples: [{ line: 'rewind context use staging', does: 'until another is chosen' }],
  run(session, { namespace }, [given = '']) {
    const { env } = session.terminal;
    const file = readContexts(env);
    const found = known(session, given);
    const contexts = found && namespace ? { ...file.contexts, [given]: { ...found, namespace } } : file.contexts;
    writeContexts(env, { current: given, contexts });
    session.output.note(`Context ${given} is in use.`);
  },
});

export const contextRm = defineCommand({
  name: 'context rm',
  summary: 'Remove a context',
  args: name,
  offline: true,
  examples: [{ line: 'rewind context rm staging', does: 'the API itself does not change' }],
  run(session, _options, [given = '']) {
    const { env } = session.terminal;
    if (!known(session, given))
      throw new CliError('usage', 'The local stack is found automatically and cannot be removed: stop its npm start.');
    const { current, contexts } = readContexts(env);
    const { [given]: _removed, ...others } = contexts;
    writeContexts(env, { ...(current !== undefined && current !== given && { current }), contexts: others });
    session.output.note(`Context ${given} was removed.`);
  },
});

/**
 * The added context with this name; undefined for the local stack.
 * @throws {CliError} if there is none
 */
function known({ terminal: { env } }: Session, given: string): Context | undefined {
  const { contexts } = readContexts(env);
  if (Object.hasOwn(contexts, given)) return contexts[given];
  if (given === LOCAL) return undefined;
  throw new CliError('usage', `There is no context ${JSON.stringify(given)}.`, {
    hints: [`There are: ${[...Object.keys(contexts), LOCAL].join(', ')}`],
  });
}
