import type { ApiRequest, ApiResponse, ApiRoute } from '../../console/server';
import { isNoResponse, unreachable } from './client';
import { routes } from './contract';
import type { RouteName } from './contract';
import { accessOf } from './credentials';
import { CliError } from '../exit-codes';
import { plainNames } from './field-names';
import type { Send } from './http';
import { problemError } from './problems';
import type { Session } from '../session';

/** Every route of the OpenAPI document. */
export const apiRoutes: Readonly<Record<string, ApiRoute>> = Object.fromEntries(
  Object.entries(routes).map(([name, { path, changes, fields }]) => [
    name,
    { path, changes: changes ? ('dryRun' in fields ? 'unlessDryRun' : 'always') : 'never' },
  ]),
);

/** Headers of API responses that the page reads. */
const passedOn = ['Retry-After', 'Idempotent-Replayed'] as const;

/**
 * Sends the console's requests with the session's credentials, each once: the page decides which to repeat, under the same
 * key. An error response has the field `explained`, with the message and hints that the command would print.
 */
export function forwarder(session: Session): (request: ApiRequest) => Promise<ApiResponse> {
  const { context, terminal } = session;
  let client: Promise<Send> | undefined;
  const load = async () => {
    const { createSend } = await import('./http');
    return createSend({ ...accessOf(session), attempts: 1 });
  };
  return async ({ route: name, path, query, body, idempotencyKey }) => {
    const route = name as RouteName;
    try {
      const send = await (client ??= load());
      const response = await send({ route, path, query, body, idempotencyKey });
      const headers = passedHeaders(response);
      if (response.ok) return { status: response.status, body: response.body, headers };
      const { namespace = '' } = path;
      const situation = { route, context, namespace, env: terminal.env, names: plainNames };
      const explained = explain(problemError(response, situation));
      const problem = typeof response.body === 'object' ? response.body : { detail: explained.message };
      return { status: response.status, body: { ...problem, explained }, headers };
    } catch (error) {
      return notSent(error, session);
    }
  };
}

function notSent(error: unknown, session: Session): ApiResponse {
  const isLost = isNoResponse(error);
  const failure = isLost ? unreachable(error, session) : error;
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

const passedHeaders = ({ headers }: Awaited<ReturnType<Send>>): Record<string, string> =>
  Object.fromEntries(
    passedOn.flatMap((name) => {
      const value = headers.get(name);
      return value === null ? [] : [[name, value]];
    }),
  );
