import type { NoResponseError } from '../../client/attempts';
import type { Answered, NodeClient, NodeResponse } from '../../client/node-client';
import type { operations } from '../../client/openapi';
import type { NamedContext } from '../contexts';
import { routes } from './contract';
import type { RouteName } from './contract';
import { apiKeyOf, credentialsOf } from './credentials';
import { flagNames } from './field-names';
import { CliError } from '../exit-codes';
import { problemError } from './problems';
import { commandLine, printable } from '../output/quote';
import type { Session } from '../session';

/** What a route takes: the parameters in its path except the namespace, its query, and its body. */
export type RequestTo<Route extends RouteName> = Omit<operations[Route]['parameters']['path'], 'namespace'> &
  Pick<operations[Route]['parameters'], 'query'> &
  (operations[Route] extends { requestBody: { content: { 'application/json': infer Body } } }
    ? { body: Body }
    : object);

/** What a route returns to a request that changes nothing: data, or the preview of a change. */
export type ResponseOf<Route extends RouteName> = operations[Route]['responses'] extends {
  200: { content: { 'application/json': infer Body } };
}
  ? Body
  : never;

/** What a method of the typed client returns. */
export type Answer<Data> = Promise<{ data?: Data; error?: unknown; response: NodeResponse }>;

/** Headers of a change: the key under which it is made once. */
export interface Header {
  'Idempotency-Key': string;
}

export interface Change {
  route: RouteName;
  /** What is changed, for messages. */
  subject: string;
  /** Arguments of `rewind` that send the same request again, without the key. */
  repeat: string[];
  /** Random when absent. */
  idempotencyKey?: string | undefined;
}

/** Calls the API, and throws its problem responses as {@link CliError}. */
export class Api {
  constructor(
    readonly client: NodeClient,
    private readonly session: Session,
  ) {}

  /** The parameters in the path of most routes. */
  get path(): { namespace: string } {
    return { namespace: this.session.namespace };
  }

  /** The response to a request that changes nothing. So its failure never leaves anything unknown. */
  async read<Data>(route: RouteName, answer: Answer<Data>): Promise<Data> {
    try {
      return await this.dataOf(route, answer);
    } catch (error) {
      if (!(error instanceof CliError) || error.exit !== 'unknown') throw error;
      throw new CliError('failed', error.message, error.details, { cause: error });
    }
  }

  private async dataOf<Data>(route: RouteName, answer: Answer<Data>): Promise<Data> {
    try {
      const { data, error, response } = await answer;
      if (data !== undefined && response.ok) return data;
      throw this.problem(error, response, route);
    } catch (error) {
      throw isNoResponse(error) ? await this.unanswered(error, route) : error;
    }
  }

  private async unanswered(error: NoResponseError<Answered>, route: RouteName): Promise<CliError> {
    const { refusal, cause } = error;
    const later = refusal === undefined ? cause : this.problem(await bodyOf(refusal), refusal, route);
    if (!(later instanceof CliError)) return unreachable(error, this.session.context);
    // Without its problem document, which says that nothing was done.
    const { hints = [] } = later.details;
    const message = `An attempt got no response. The next one: ${later.message}`;
    return new CliError('unknown', message, { hints }, { cause: error });
  }

  /** Prints the idempotency key of a change, and sends the change under it. */
  async change<Data>(change: Change, send: (headers: Header) => Answer<Data>): Promise<Data> {
    const { output } = this.session;
    const { idempotencyKey = crypto.randomUUID(), subject } = change;
    const repeat = commandLine([
      ...change.repeat,
      ...this.session.placeFlags,
      '--idempotency-key',
      idempotencyKey,
      '--yes',
    ]);
    const safely = ['The same request under the same key does not act twice. To repeat it:', `  ${repeat}`];
    output.note(output.noteStyle('dim', `Idempotency key for ${subject}: ${idempotencyKey}`));
    const sent = this.session.interruptible(
      'unknown',
      `Interrupted: it is unknown what happened to ${subject}.`,
      ...safely,
    );
    try {
      const data = await this.dataOf(change.route, send({ 'Idempotency-Key': idempotencyKey }));
      this.session.hasChanged = true;
      return data;
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      const isUnknown = error.exit === 'unknown' || isNoResponse(error.cause);
      if (!isUnknown) throw error;
      const hints = [...(error.details.hints ?? []), ...safely];
      const message = `It is unknown whether the change to ${subject} was made. ${error.message}`;
      throw new CliError('unknown', message, { ...error.details, hints }, { cause: error });
    } finally {
      sent();
    }
  }

  private problem(body: unknown, response: NodeResponse, route: RouteName): CliError {
    const { context, namespace, terminal } = this.session;
    return problemError(body, response, { route, context, namespace, env: terminal.env, names: flagNames });
  }
}

const bodyOf = async (response: Answered): Promise<unknown> =>
  (await import('../../client/node-client')).parsed(response);

/** The error to show when the API did not respond. */
export function unreachable(error: NoResponseError, context: NamedContext): CliError {
  const hints =
    context.credentials === undefined
      ? ['Is the network up, and the VPN if the API is private? Is the context right? rewind context ls']
      : ['Is npm start still running?'];
  return new CliError('failed', `No response from ${context.apiUrl}: ${reasonOf(error)}.`, { hints }, { cause: error });
}

/** The innermost cause, which has a code such as ECONNREFUSED. */
function reasonOf(error: unknown): string {
  const { cause, code, message } = error as { cause?: unknown; code?: string; message?: string };
  return cause instanceof Error ? reasonOf(cause) : (code ?? message ?? String(error));
}

export const isNoResponse = (error: unknown): error is NoResponseError<Answered> =>
  error instanceof Error && error.name === 'NoResponseError';

/** The response to a request that changes nothing. */
export async function read<Route extends RouteName>(
  session: Session,
  route: Route,
  request: RequestTo<Route>,
): Promise<ResponseOf<Route>> {
  const api = await openApi(session);
  const { method, path: below } = routes[route];
  const { query, body, ...path } = request as { query?: object; body?: object };
  const send = api.client[method] as unknown as (path: string, init: object) => Answer<ResponseOf<Route>>;
  const params = { path: { ...api.path, ...path }, query };
  return api.read(route, send(`/namespaces/{namespace}/${below}`, { params, body }));
}

const opened = new WeakMap<Session, Promise<Api>>();

/** The API of a session. Loads the client at the first call, because it is most of the command's code. */
export function openApi(session: Session): Promise<Api> {
  const api = opened.get(session) ?? open(session);
  opened.set(session, api);
  return api;
}

const REPEATED_NOTE_MS = 30_000;

async function open(session: Session): Promise<Api> {
  const { context, output, terminal } = session;
  const { createNodeClient, parsed } = await import('../../client/node-client');
  let said = { line: '', at: 0 };
  const client = createNodeClient({
    baseUrl: context.apiUrl,
    region: context.region,
    credentials: credentialsOf(context, terminal.env),
    apiKey: apiKeyOf(terminal.env),
    onPause: ({ seconds, response }) => {
      const { detail = '' } = response ? (parsed(response) as { detail?: string }) : {};
      const why = response ? `The API answered ${response.status}: ${detail}` : `No response from ${context.apiUrl}`;
      const line = `${printable(why).replace(/[.:\s]*$/, '.')} Trying again in ${seconds} s.`;
      // A command that waits repeats its requests while the API does not respond.
      if (line === said.line && performance.now() - said.at < REPEATED_NOTE_MS) return;
      said = { line, at: performance.now() };
      output.note(line);
    },
  });
  return new Api(client, session);
}
