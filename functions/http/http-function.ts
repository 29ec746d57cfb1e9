import { randomUUID } from 'node:crypto';
import type { Logger } from '@aws-lambda-powertools/logger';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type * as z from 'zod/mini';
import type { Actor } from '../../operations/attribution';
import { OperationFailure } from '../../operations/failures';
import type { Namespaces, OpenNamespace } from '../../operations/temporal/namespaces';
import { checked, parseBody, parseQuery } from './parse';
import { isOperatorsConcern, problemAnswer } from './problem';

/** What every HTTP function is given. */
export interface HttpFunctionDependencies {
  namespaces: Namespaces;
  logger: Logger;
}

/** The request, checked, and who sent it. */
export interface HttpRequest<Input> extends OpenNamespace {
  input: Input;
  actor: Actor;
  /** Under this id a change is known, in its answer and in Temporal's history. */
  operationId: string;
}

export interface HttpAnswer {
  status: number;
  headers?: Record<string, string>;
  body: object;
}

export type HttpFunction = (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult>;

/**
 * The envelope around every operation asked for over HTTP: reads the request, checks it against `schema`, opens the
 * namespace, and turns the answer or whatever was thrown into a response.
 */
export function httpFunction<Schema extends z.ZodMiniType>(
  { namespaces, logger }: HttpFunctionDependencies,
  schema: Schema,
  perform: (request: HttpRequest<z.output<Schema>>) => Promise<HttpAnswer>,
): HttpFunction {
  return async (event) => {
    const { requestId } = event.requestContext;
    try {
      const input = checked(
        schema,
        event.httpMethod === 'GET'
          ? parseQuery(event.multiValueQueryStringParameters as Record<string, string[]> | null)
          : parseBody(event.body, event.isBase64Encoded),
      );
      const open = await namespaces.open(decodeURIComponent(event.pathParameters?.['namespace'] ?? ''));
      const { status, headers, body } = await perform({
        ...open,
        input,
        actor: callerOf(event),
        operationId: `op-${randomUUID()}`,
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
  };
}

/** The caller, as API Gateway's IAM authorization vouches for it: never a header, never the body. */
function callerOf({ requestContext: { identity } }: APIGatewayProxyEvent): Actor {
  const id = identity.userArn ?? identity.caller;
  if (!id) throw new Error('the request context names no IAM caller: is the method without IAM authorization?');
  return { id };
}
