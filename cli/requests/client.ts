import type { NoResponseError } from '../../client/attempts';
import type { operations } from '../../client/openapi';
import type { RouteName } from './contract';
import { accessOf } from './credentials';
import { flagNames } from './field-names';
import type { ApiResponse, Send } from './http';
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

/** What a route returns to a change. */
export type ResultOf<Route extends RouteName> = operations[Route]['responses'] extends
  { 201: { content: { 'application/json': infer Body } } } | { 202: { content: { 'application/json': infer Body } } }
  ? Body
  : ResponseOf<Route>;

export interface Change<Route extends RouteName> {
  route: Route;
  request: RequestTo<Route>;
  /** What is changed, for messages. */
  subject: string;
  /** The change as a sentence in the past tense: `the change to … was made` when left out. */
  done?: string;
  /** The words of a command that shows whether it was. */
  seenWith?: string[];
  /** Arguments of `rewind` that send the same request again, without the key. */
  repeat: string[];
  /** The key under which the change is made once. Random when absent. */
  idempotencyKey?: string | undefined;
}

/** The response to a request that changes nothing. So its failure never leaves anything unknown. */
export async function read<Route extends RouteName>(
  session: Session,
  route: Route,
  request: RequestTo<Route>,
): Promise<ResponseOf<Route>> {
  try {
    return (await responseTo(session, route, request)) as ResponseOf<Route>;
  } catch (error) {
    if (!(error instanceof CliError) || error.exit !== 'unknown') throw error;
    throw new CliError('failed', error.message, error.details, { cause: error });
  }
}

/** Prints the idempotency key of a change, and sends the change under it. */
export async function change<Route extends RouteName>(
  session: Session,
  {
    route,
    request,
    subject,
    done = `the change to ${subject} was made`,
    seenWith,
    repeat,
    idempotencyKey: given,
  }: Change<Route>,
): Promise<ResultOf<Route>> {
  const { output, placeFlags } = session;
  const idempotencyKey = given ?? crypto.randomUUID();
  const again = commandLine([...repeat, ...placeFlags, '--idempotency-key', idempotencyKey, '--yes']);
  const safely = [
    ...(seenWith ? [`To see whether it was: ${session.suggestion(seenWith)}`] : []),
    'The same request under the same key does not act twice. To repeat it:',
    `  ${again}`,
  ];
  output.note(output.noteStyle('dim', `Idempotency key for ${subject}: ${idempotencyKey}`));
  const unknown = `Interrupted: it is unknown whether ${done}.`;
  const sent = session.interruptible('unknown', unknown, ...safely);
  try {
    const result = await responseTo(session, route, request, idempotencyKey);
    session.hasChanged = true;
    return result as ResultOf<Route>;
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    const { cause } = error;
    // With a key of an earlier command, that one may have sent it.
    if (given === undefined && isNoResponse(cause) && cause.nothingSent)
      throw new CliError('failed', `${error.message} Nothing was sent.`, error.details, { cause });
    const isUnknown = error.exit === 'unknown' || isNoResponse(cause);
    if (!isUnknown) throw error;
    const hints = [...(error.details.hints ?? []), ...safely];
    const message = `It is unknown whether ${done}. ${error.message}`;
    throw new CliError('unknown', message, { ...error.details, hints }, { cause: error });
  } finally {
    sent();
  }
}

/** @throws {CliError} for a problem response, and if there is no response */
async function responseTo<Route extends RouteName>(
  session: Session,
  route: Route,
  request: RequestTo<Route>,
  idempotencyKey?: string,
): Promise<unknown> {
  const { query, body, ...parameters } = request as { query?: object; body?: object };
  const path = { namespace: session.namespace, ...parameters };
  const send = await loadClient(session);
  try {
    const response = await send({ route, path, query, body, idempotencyKey });
    if (response.ok) return response.body;
    throw problemOf(session, route, response);
  } catch (error) {
    throw isNoResponse(error) ? unanswered(session, route, error) : error;
  }
}

function unanswered(session: Session, route: RouteName, error: NoResponseError<ApiResponse>): CliError {
  const { refusal, cause } = error;
  const later = refusal === undefined ? cause : problemOf(session, route, refusal);
  if (!(later instanceof CliError)) return unreachable(error, session);
  // Without its problem document, which says that nothing was done.
  const { hints = [] } = later.details;
  const message = `An attempt got no response. The next one: ${later.message}`;
  return new CliError('unknown', message, { hints }, { cause: error });
}

const problemOf = ({ context, namespace, terminal }: Session, route: RouteName, response: ApiResponse): CliError =>
  problemError(response, { route, context, namespace, env: terminal.env, names: flagNames });

/** The error to show when the API did not respond. */
export function unreachable(error: NoResponseError, { context, terminal: { env } }: Session): CliError {
  const hints =
    context.credentials === undefined
      ? [
          'Is the network up, and the VPN if the API is private? Is the URL right? It is the output ApiUrl of the stack; rewind context ls',
        ]
      : ['Is npm start still running?'];
  if (env['HTTPS_PROXY'] ?? env['https_proxy'])
    hints.push(`HTTPS_PROXY is used from Node.js 22.21 and 24.5 on. This is ${process.version}.`);
  return new CliError('failed', `No response from ${context.apiUrl}: ${reasonOf(error)}.`, { hints }, { cause: error });
}

/** The innermost cause, which has a code such as ECONNREFUSED. */
function reasonOf(error: unknown): string {
  const { cause, code, message } = error as { cause?: unknown; code?: string; message?: string };
  return cause instanceof Error ? reasonOf(cause) : (code ?? message ?? String(error));
}

export const isNoResponse = (error: unknown): error is NoResponseError<ApiResponse> =>
  error instanceof Error && error.name === 'NoResponseError';

const loaded = new WeakMap<Session, Promise<Send>>();

/** Loads what sends requests at the first call, because it is most of the command's code. */
export function loadClient(session: Session): Promise<Send> {
  const client = loaded.get(session) ?? load(session);
  loaded.set(session, client);
  return client;
}

const REPEATED_NOTE_MS = 30_000;

async function load(session: Session): Promise<Send> {
  const { context, output } = session;
  const { createSend } = await import('./http');
  const said = new Map<string, number>();
  // A command that waits repeats its requests while the API does not respond.
  const say = (line: string) => {
    if (performance.now() - (said.get(line) ?? -Infinity) < REPEATED_NOTE_MS) return;
    said.set(line, performance.now());
    output.note(line);
  };
  return createSend({
    ...accessOf(session),
    onSlow: (seconds) => say(`No response from ${context.apiUrl} for ${seconds} s. Waiting up to 35 s.`),
    onPause: ({ seconds, response }) => {
      const { detail = '' } = (response?.body ?? {}) as { detail?: string };
      const why = response ? `The API answered ${response.status}: ${detail}` : `No response from ${context.apiUrl}`;
      say(`${printable(why).replace(/[.:\s]*$/, '.')} Trying again in ${seconds} s.`);
    },
  });
}
