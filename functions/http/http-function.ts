import type { Logger } from '@aws-lambda-powertools/logger';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import type * as z from 'zod/mini';
import type { Actor } from '../../operations/attribution';
import { OperationFailure } from '../../operations/failures';
import { silent } from '../../operations/telemetry';
import type { Telemetry } from '../../operations/telemetry';
import type { Namespace } from '../../operations/temporal/namespaces';
import { checked, parseBody, parseQuery } from '../parse';
import { isOperatorsConcern, problemAnswer } from './problem';

/** What every HTTP function is given. `N` is what it knows of a namespace. */
export interface HttpFunctionDependencies<N = Namespace> {
  /** `find` throws an `OperationFailure` for a namespace that is not served. */
  namespaces: { find(name: string): N };
  logger: Pick<Logger, 'error'>;
  telemetry?: Telemetry;
}

/** The request, checked, and who sent it. */
export interface HttpRequest<Input, N> {
  namespace: N;
  input: Input;
  actor: Actor;
  /** Milliseconds until the function is stopped. */
  remainingMs: number;
  event: APIGatewayProxyEvent;
}

export interface HttpAnswer {
  status: number;
  headers?: Record<string, string>;
  body: object;
}

export type HttpFunction = (
  event: APIGatewayProxyEvent,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
) => Promise<APIGatewayProxyResult>;

/**
 * The envelope around everything asked for over HTTP: reads the request, checks it against `schema`, finds the
 * namespace, and turns the answer or whatever was thrown into a response.
 */
export function httpFunction<Schema extends z.ZodMiniType, N>(
  { namespaces, logger, telemetry = silent }: HttpFunctionDependencies<N>,
  schema: Schema,
  perform: (request: HttpRequest<z.output<Schema>, N>) => Promise<HttpAnswer>,
): HttpFunction {
  async function answer(event: APIGatewayProxyEvent, remainingMs: number): Promise<APIGatewayProxyResult> {
    const { requestId } = event.requestContext;
    try {
      const { status, headers, body } = await perform({
        namespace: namespaces.find(pathParameter(event, 'namespace')),
        input: checked(schema, event.httpMethod === 'GET' ? parseQuery(event) : parseBody(event)),
        actor: callerOf(event),
        remainingMs,
        event,
      });
      return {
        statusCode: status,
        headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
        body: JSON.stringify(body),
      };
    } catch (error) {
      if (isOperatorsConcern(error)) {
        const operatorDetail = error instanceof OperationFailure ? error.details.operatorDetail : undefined;
        logger.error(operatorDetail ?? 'request failed', { requestId, error: error as Error });
      }
      return problemAnswer(error, requestId);
    }
  }

  return (event, context) =>
    telemetry.within(`${event.httpMethod} ${event.resource}`, () => answer(event, context.getRemainingTimeInMillis()));
}

/** A REST API hands path parameters over as they were sent, still percent-encoded. */
export function pathParameter({ pathParameters }: APIGatewayProxyEvent, name: string): string {
  const sent = pathParameters?.[name] ?? '';
  try {
    return decodeURIComponent(sent);
  } catch {
    return sent;
  }
}

/** The caller, as API Gateway's IAM authorization vouches for it: never a header, never the body. */
function callerOf({ requestContext: { identity } }: APIGatewayProxyEvent): Actor {
  const id = identity.userArn ?? identity.caller;
  if (!id) throw new Error('the request context names no IAM caller: is the method without IAM authorization?');
  return { id };
}
