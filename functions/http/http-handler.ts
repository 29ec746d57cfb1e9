import type { Logger } from '@aws-lambda-powertools/logger';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import type { RequestOf, ResponseOf, Route } from '../../api/route';
import type { Actor } from '../../operations/ledger/attribution';
import { OperationFailure } from '../../api/failures';
import { noopTelemetry } from '../../operations/telemetry';
import type { Telemetry } from '../../operations/telemetry';
import type { Namespace } from '../../operations/temporal/namespaces';
import { withDeadline, DeadlineError } from '../../operations/deadline';
import { validate } from '../validation';
import { parseBody, parseQuery } from './parse-request';
import { isServerError, problemResponse } from './problem';

/** What every HTTP function is given. `N` is what it needs of a namespace. */
export interface HttpDependencies<N = Namespace> {
  /** `find` throws an `OperationFailure` for a namespace that is not served. */
  namespaces: { find(name: string): N };
  logger: Pick<Logger, 'error'>;
  telemetry?: Telemetry;
  /** Largest response, in bytes; Lambda's when absent. */
  maxResponseBytes?: number;
}

/** A request that its route's schema has checked, and who sent it. */
export interface HttpRequest<Input, N = Namespace> {
  namespace: N;
  input: Input;
  /** `{operationId}` of the path; empty for a route without one. */
  operationId: string;
  actor: Actor;
  /** When the response has to be there, in milliseconds since the epoch. */
  deadline: number;
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
 * Everything that HTTP functions have in common: reads the request, checks it against the route's schema, finds the
 * namespace, and turns the result or what was thrown into a response.
 */
export function httpHandler<Of extends Pick<Route, 'request'>, N>(
  { namespaces, logger, telemetry = noopTelemetry, maxResponseBytes = MAX_RESPONSE_BYTES }: HttpDependencies<N>,
  route: Of,
  respond: (request: HttpRequest<RequestOf<Of>, N>) => Promise<HttpResponse>,
): HttpFunction {
  async function handle(event: APIGatewayProxyEvent, respondBy: number): Promise<APIGatewayProxyResult> {
    const { requestId } = event.requestContext;
    try {
      const responding = respond({
        namespace: namespaces.find(pathParameter(event, 'namespace')),
        input: validate(
          route.request,
          event.httpMethod === 'GET' ? parseQuery(event) : parseBody(event),
        ) as RequestOf<Of>,
        operationId: pathParameter(event, 'operationId'),
        actor: callerOf(event),
        deadline: respondBy - RESPONSE_MARGIN_MS,
        event,
      });
      const { status, headers, body } = await withDeadline(respondBy, responding);
      const response = {
        statusCode: status,
        headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
        body: JSON.stringify(body),
      };
      checkSize(response, maxResponseBytes);
      return response;
    } catch (thrown) {
      const error = thrown instanceof DeadlineError ? noResponseInTime() : thrown;
      if (isServerError(error)) {
        const operatorDetail = error instanceof OperationFailure ? error.details.operatorDetail : undefined;
        logger.error(operatorDetail ?? 'request failed', { requestId, error: error as Error });
      }
      return problemResponse(error, requestId);
    }
  }

  return (event, context) =>
    telemetry.withSpan(`${event.httpMethod} ${event.resource}`, () =>
      handle(event, responseDeadline(event, context.getRemainingTimeInMillis())),
    );
}

/** A handler of a route that changes nothing. `read` returns the body of the response. */
export function readHandler<Of extends Pick<Route, 'request' | 'responses'>, N>(
  dependencies: HttpDependencies<N>,
  route: Of,
  read: (request: HttpRequest<RequestOf<Of>, N>) => Promise<ResponseOf<Of>>,
): HttpFunction {
  return httpHandler(dependencies, route, async (request) => ({ status: 200, body: (await read(request)) as object }));
}

/** Lambda's limit for the whole of a response, in bytes. It fails the request of a larger one, and API Gateway responds 502. */
const MAX_RESPONSE_BYTES = 6 * 1024 * 1024;

/** Most bytes that a UTF-16 code unit of a JSON text takes as part of another JSON text. */
const MAX_BYTES_PER_UNIT = 3;

/** @throws {OperationFailure} `response-too-large` */
function checkSize(response: APIGatewayProxyResult, most: number): void {
  if (response.body.length * MAX_BYTES_PER_UNIT < most) return;
  const bytes = Buffer.byteLength(JSON.stringify(response));
  if (bytes <= most) return;
  throw new OperationFailure(
    'response-too-large',
    `The response has ${bytes} bytes, and Lambda passes on at most ${most}. Ask for a smaller page with pageSize.`,
  );
}

/** When API Gateway gives up on an integration, in milliseconds after it got the request. */
const GATEWAY_TIMEOUT_MS = 29_000;

/** Lambda's init phase ends after 10 s. */
const MAX_INIT_MS = 10_000;

/** For the response's way to API Gateway, in milliseconds. */
const NETWORK_MARGIN_MS = 300;

/** Kept between an operation's deadline and the response's, in milliseconds: for an operation that fails at its deadline. */
const RESPONSE_MARGIN_MS = 500;

/** Lambda's remaining time excludes its init; API Gateway's 29 s include it. */
function responseDeadline({ requestContext: { requestTimeEpoch } }: APIGatewayProxyEvent, remainingMs: number): number {
  const now = Date.now();
  const stopped = now + remainingMs;
  const age = now - requestTimeEpoch;
  // Where the clocks of API Gateway and Lambda differ by more than an init takes, its time is of no use.
  const givenUp = age >= 0 && age <= MAX_INIT_MS ? requestTimeEpoch + GATEWAY_TIMEOUT_MS : stopped;
  return Math.min(stopped, givenUp) - NETWORK_MARGIN_MS;
}

function noResponseInTime(): OperationFailure {
  return new OperationFailure(
    'temporal-timeout',
    'Temporal or the operation ledger did not respond in time. A change may have been made: repeat the request with its Idempotency-Key.',
    { retryAfterSeconds: 5, operatorDetail: 'the request reached its deadline' },
  );
}

/**
 * As it was sent, not decoded: names and ids need no encoding, and IAM has compared the encoded text with its policies.
 */
function pathParameter({ pathParameters }: APIGatewayProxyEvent, name: string): string {
  return pathParameters?.[name] ?? '';
}

/** The caller, as API Gateway's IAM authorization vouches for it: never a header, never the body. */
function callerOf({ requestContext: { identity } }: APIGatewayProxyEvent): Actor {
  const id = identity.userArn ?? identity.caller;
  if (!id) throw new Error('the request context names no IAM caller: is the method without IAM authorization?');
  return { id };
}
