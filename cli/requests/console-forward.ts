import type { NodeResponse } from '../../client/node-client';
import type { ApiRequest, ApiResponse, ApiRoute } from '../../console/server';
import { isNoResponse, unreachable } from './client';
import { routes } from './contract';
import type { RouteName } from './contract';
import { apiKeyOf, credentialsOf } from './credentials';
import { CliError } from '../exit-codes';
import { plainNames } from './field-names';
import { problemError } from './problems';
import type { Session } from '../session';

/** Every route of the OpenAPI document. */
export const apiRoutes: Readonly<Record<string, ApiRoute>> = Object.fromEntries(
  Object.entries(routes).map(([name, { method, path, changes, fields }]) => [
    name,
    { method, path, changes: changes ? ('dryRun' in fields ? 'unlessDryRun' : 'always') : 'never' },
  ]),
);

interface Answer {
  data?: unknown;
  error?: unknown;
  response: NodeResponse;
}
/** A method of the typed client, for a route that is known only at run time. */
type Send = (path: string, init: object) => Promise<Answer>;

/** Headers of API responses that the page reads. */
const passedOn = ['Retry-After', 'Idempotent-Replayed'] as const;

/**
 * Sends the console's requests with the session's credentials, each once: the page decides which to repeat, under the same
 * key. An error response has the field `explained`, with the message and hints that the command would print.
 */
export function forwarder(session: Session): (request: ApiRequest) => Promise<ApiResponse> {
  const { context, terminal } = session;
  let client: Promise<Record<'GET' | 'POST', Send>> | undefined;
  const open = async () => {
    const { createNodeClient } = await import('../../client/node-client');
    const { apiUrl: baseUrl, region } = context;
    const credentials = credentialsOf(context, terminal.env);
    const apiKey = apiKeyOf(terminal.env);
    return createNodeClient({ baseUrl, region, credentials, apiKey, attempts: 1 }) as unknown as Record<
      'GET' | 'POST',
      Send
    >;
  };
  return async ({ route: name, path, query, body, idempotencyKey }) => {
    const route = name as RouteName;
    const { method, path: below } = routes[route];
    const header = idempotencyKey === undefined ? {} : { 'Idempotency-Key': idempotencyKey };
    try {
      const send = (await (client ??= open()))[method];
      const { data, error, response } = await send(`/namespaces/{namespace}/${below}`, {
        params: { path, query, header },
        body,
      });
      const headers = passedHeaders(response);
      if (response.ok) return { status: response.status, body: data, headers };
      const { namespace = '' } = path;
      const situation = { route, context, namespace, env: terminal.env, names: plainNames };
      const explained = explain(problemError(error, response, situation));
      const problem = typeof error === 'object' ? error : { detail: explained.message };
      return { status: response.status, body: { ...problem, explained }, headers };
    } catch (error) {
      return notSent(error, session);
    }
  };
}

function notSent(error: unknown, { context }: Session): ApiResponse {
  const isLost = isNoResponse(error);
  const failure = isLost ? unreachable(error, context) : error;
  if (!(failure instanceof CliError)) throw error;
  const kind = isLost ? 'no-response' : 'no-credentials';
  const explained = explain(failure);
  return {
    status: isLost ? 502 : 403,
    body: { type: `urn:rewind:console:${kind}`, detail: explained.message, explained },
  };
}

const explain = ({ message, exit, details: { hints = [] } }: CliError) => ({
  message,
  hints,
  /** Of a change: whether it may have been made. */
  isUnknown: exit === 'unknown',
});

const passedHeaders = ({ headers }: NodeResponse): Record<string, string> =>
  Object.fromEntries(
    passedOn.flatMap((name) => {
      const value = headers.get(name);
      return value === null ? [] : [[name, value]];
    }),
  );
