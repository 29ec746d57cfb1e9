import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { routes } from '../../api';
import { NAMESPACE_PATH } from '../../api/route';
import type { Route } from '../../api/route';
import { apiGatewayEvent, lambdaContext } from './api-gateway-event';
import type { KeyStep, RewindCommand, CommandResult } from './rewind-command';
import { createRouteHandler } from './route-handler';
import { namespace } from './server-address';

/* Runs the command against the handlers of the functions, behind an HTTP server that checks no signature. */

export interface ApiRequest {
  route: Route;
  event: APIGatewayProxyEvent;
}

type Respond = (
  request: ApiRequest,
) => Promise<{ statusCode: number; headers?: Record<string, unknown>; body: string }>;

/** Responds with the handlers of the functions. */
export const respondWithHandlers =
  (dependencies: object): Respond =>
  ({ route, event }) =>
    createRouteHandler(route, dependencies)(event, lambdaContext);

/** Runs the command on an API with these responses. */
export async function runCommand(
  command: RewindCommand,
  words: string[],
  respond: Respond,
  stdin = '',
  environment: Record<string, string> = {},
): Promise<CommandResult> {
  return withApi(respond, (place, env) =>
    command.run([...words, ...place], { env: { ...env, ...environment }, stdin }),
  );
}

/** Runs the command in a terminal, on an API with these responses. */
export async function runInTerminal(
  command: RewindCommand,
  words: string[],
  steps: KeyStep[],
  respond: Respond,
): Promise<{ exitCode: number; screen: string }> {
  return withApi(respond, (place, env) => command.runInTerminal([...words, ...place], steps, { env }));
}

async function withApi<Result>(
  respond: Respond,
  use: (place: string[], env: Record<string, string>) => Promise<Result>,
): Promise<Result> {
  const server = createServer((incoming, response) => {
    const answer = async () => {
      const { statusCode, headers, body } = await respond(await requestOf(incoming));
      response.writeHead(statusCode, { 'content-type': 'application/json', ...(headers as Record<string, string>) });
      response.end(body);
    };
    answer().catch((error: unknown) => response.destroy(error as Error));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const place = ['--api-url', `http://127.0.0.1:${port}`, '--region', 'eu-west-1', '-n', namespace];
  try {
    return await use(place, { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' });
  } finally {
    server.close();
  }
}

async function requestOf(incoming: IncomingMessage): Promise<ApiRequest> {
  const { method = '', url = '' } = incoming;
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  for (const route of Object.values<Route>(routes)) {
    const pattern = `^/${NAMESPACE_PATH}/${route.path}$`.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)');
    const { groups } = (route.method === method && new RegExp(pattern).exec(pathname)) || {};
    if (!groups) continue;
    const body = method === 'POST' ? await text(incoming) : undefined;
    const query = Object.fromEntries(searchParams);
    const headers = incoming.headers as Record<string, string>;
    return { route, event: apiGatewayEvent(route.method, { ...groups, resource: route.path, query, body, headers }) };
  }
  throw new Error(`no route ${method} ${pathname}`);
}
