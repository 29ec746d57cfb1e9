import type { Logger } from '@aws-lambda-powertools/logger';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import type * as z from 'zod/mini';
import type { Actor } from '../../operations/ledger/attribution';
import { OperationFailure } from '../../api/failures';
import { noopTelemetry } from '../../operations/telemetry';
import type { Telemetry } from '../../operations/telemetry';
import type { Namespace } from '../../operations/temporal/namespaces';
import { withDeadline, DeadlineError } from '../../operations/deadline';
import { validate, parseBody, parseQuery } from '../parse';
import { isServerError, problemResponse } from './problem';

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
  /** When the answer has to be there, in milliseconds since the epoch. */
  until: number;
  event: APIGatewayProxyEvent;
}

export interface HttpResponse {
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
  { namespaces, logger, telemetry = noopTelemetry }: HttpFunctionDependencies<N>,
  schema: Schema,
  perform: (request: HttpRequest<z.output<Schema>, N>) => Promise<HttpResponse>,
): HttpFunction {
  async function answer(event: APIGatewayProxyEvent, answerBy: number): Promise<APIGatewayProxyResult> {
    const { requestId } = event.requestContext;
    try {
      const performing = perform({
        namespace: namespaces.find(pathParameter(event, 'namespace')),
        input: validate(schema, event.httpMethod === 'GET' ? parseQuery(event) : parseBody(event)),
        actor: callerOf(event),
        until: answerBy - RESPONSE_MARGIN_MS,
        event,
      });
      const { status, headers, body } = await withDeadline(answerBy, performing);
      return {
        statusCode: status,
        headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
        body: JSON.stringify(body),
      };
    } catch (thrown) {
      const error = thrown instanceof DeadlineError ? tookTooLong() : thrown;
      if (isServerError(error)) {
        const operatorDetail = error instanceof OperationFailure ? error.details.operatorDetail : undefined;
        logger.error(operatorDetail ?? 'request failed', { requestId, error: error as Error });
      }
      return problemResponse(error, requestId);
    }
  }

  return (event, context) =>
    telemetry.withSpan(`${event.httpMethod} ${event.resource}`, () =>
      answer(event, responseDeadline(event, context.getRemainingTimeInMillis())),
    );
}

/** When API Gateway gives up on an integration, in milliseconds after it got the request. */
const GATEWAY_TIMEOUT_MS = 29_000;

/** The longest that Lambda takes to get a function ready, in milliseconds: its init phase ends after 10 s. */
const MAX_INIT_MS = 10_000;

/** What an answer's way to the gateway takes, in milliseconds. */
const NETWORK_MARGIN_MS = 300;

/** Kept between what an operation may take and the answer, in milliseconds: it may have something to say itself. */
const RESPONSE_MARGIN_MS = 500;

/** A function's own time does not count what it took to start; the gateway's does. */
function responseDeadline({ requestContext: { requestTimeEpoch } }: APIGatewayProxyEvent, remainingMs: number): number {
  const now = Date.now();
  const stopped = now + remainingMs;
  const age = now - requestTimeEpoch;
  // The gateway's clock is believed as far as it can be true.
  const givenUp = age >= 0 && age <= MAX_INIT_MS ? requestTimeEpoch + GATEWAY_TIMEOUT_MS : stopped;
  return Math.min(stopped, givenUp) - NETWORK_MARGIN_MS;
}

function tookTooLong(): OperationFailure {
  return new OperationFailure(
    'temporal-timeout',
    'Temporal or the operation ledger did not answer in time. A change may have been made: ask again with its Idempotency-Key.',
    { retryAfterSeconds: 5, operatorDetail: 'the request took all the time there was' },
  );
}

/**
 * As it was sent. It is not decoded: names and ids need no encoding, and one that was encoded all the same is not what
 * IAM compared with its policies.
 */
export function pathParameter({ pathParameters }: APIGatewayProxyEvent, name: string): string {
  return pathParameters?.[name] ?? '';
}

/** The caller, as API Gateway's IAM authorization vouches for it: never a header, never the body. */
function callerOf({ requestContext: { identity } }: APIGatewayProxyEvent): Actor {
  const id = identity.userArn ?? identity.caller;
  if (!id) throw new Error('the request context names no IAM caller: is the method without IAM authorization?');
  return { id };
}
