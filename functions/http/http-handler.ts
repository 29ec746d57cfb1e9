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
import { parseBody, parseQuery, refuseQuery } from './parse-request';
import { isServerError, problemResponse } from './problem';

/** Dependencies of every HTTP function. `N` is its view of a namespace. */
export interface HttpDependencies<N = Namespace> {
  /** `find` throws an `OperationFailure` `namespace-not-configured` for an unknown name. */
  namespaces: { find(name: string): N };
  logger: Pick<Logger, 'error'>;
  telemetry?: Telemetry;
  /** Maximum size of a response, in bytes. Lambda's limit when absent. */
  maxResponseBytes?: number;
}

/** A validated request, with its caller and deadline. */
export interface HttpRequest<Input, N = Namespace> {
  namespace: N;
  input: Input;
  /** Path parameter `operationId`. Empty for a route without it. */
  operationId: string;
  actor: Actor;
  /** When the operation has to end, in epoch milliseconds. */
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
 * Creates the Lambda handler of a route. It parses and validates the request, finds the namespace, calls `respond`, and
 * converts the result or error to a response before API Gateway's timeout.
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
        input: validate(route.request, fieldsOf(event)) as RequestOf<Of>,
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

/** Creates the Lambda handler of a read-only route. `read` returns the body of the response. */
export function readHandler<Of extends Pick<Route, 'request' | 'responses'>, N>(
  dependencies: HttpDependencies<N>,
  route: Of,
  read: (request: HttpRequest<RequestOf<Of>, N>) => Promise<ResponseOf<Of>>,
): HttpFunction {
  return httpHandler(dependencies, route, async (request) => ({ status: 200, body: (await read(request)) as object }));
}

/** Lambda's limit for a response, in bytes. For a larger one, the invocation fails and API Gateway responds with 502. */
const MAX_RESPONSE_BYTES = 6 * 1024 * 1024;

/** Maximum number of bytes per UTF-16 code unit when a JSON text is a string within another JSON text. */
const MAX_BYTES_PER_UNIT = 3;

/** @throws {OperationFailure} `response-too-large` */
function checkSize(response: APIGatewayProxyResult, maxBytes: number): void {
  // The exact size is only computed for responses that may exceed the limit.
  if (response.body.length * MAX_BYTES_PER_UNIT < maxBytes) return;
  const bytes = Buffer.byteLength(JSON.stringify(response));
  if (bytes <= maxBytes) return;
  throw new OperationFailure(
    'response-too-large',
    `The response has ${bytes} bytes, and Lambda allows ${maxBytes} at most. Request a smaller page with pageSize.`,
  );
}

/** API Gateway's integration timeout, in milliseconds after it received the request. */
const GATEWAY_TIMEOUT_MS = 29_000;

/** Lambda's limit for the init phase, in milliseconds. */
const MAX_INIT_MS = 10_000;

/** Time for the response to reach API Gateway, in milliseconds. */
const NETWORK_MARGIN_MS = 300;

/** Time between an operation's deadline and that of the response, in milliseconds, to report an operation that times out. */
const RESPONSE_MARGIN_MS = 500;

/** Returns when to respond, in epoch milliseconds. API Gateway's 29 s include Lambda's init phase; Lambda's remaining time does not. */
function responseDeadline({ requestContext: { requestTimeEpoch } }: APIGatewayProxyEvent, remainingMs: number): number {
  const now = Date.now();
  const functionTimeout = now + remainingMs;
  const age = now - requestTimeEpoch;
  // An age outside this range means that the clocks of API Gateway and Lambda differ. Its time is then ignored.
  const gatewayTimeout = age >= 0 && age <= MAX_INIT_MS ? requestTimeEpoch + GATEWAY_TIMEOUT_MS : functionTimeout;
  return Math.min(functionTimeout, gatewayTimeout) - NETWORK_MARGIN_MS;
}

function noResponseInTime(): OperationFailure {
  return new OperationFailure(
    'temporal-timeout',
    'Temporal or the operation ledger did not respond in time. A change may have been made: repeat the request with its Idempotency-Key.',
    { retryAfterSeconds: 5, operatorDetail: 'the request reached its deadline' },
  );
}

/** Returns the query parameters of a GET request, and the body of a POST request. */
function fieldsOf(event: APIGatewayProxyEvent): unknown {
  if (event.httpMethod === 'GET') return parseQuery(event);
  refuseQuery(event);
  return parseBody(event);
}

/**
 * Returns a path parameter without decoding it: namespaces and operation ids need no encoding, and IAM has evaluated its
 * policies on the encoded path.
 */
function pathParameter({ pathParameters }: APIGatewayProxyEvent, name: string): string {
  return pathParameters?.[name] ?? '';
}

/** Returns the caller that API Gateway's IAM authorization has authenticated. Headers and body are not trusted. */
function callerOf({ requestContext: { identity } }: APIGatewayProxyEvent): Actor {
  const id = identity.userArn ?? identity.caller;
  if (!id) throw new Error('the request context has no IAM caller: does the method lack IAM authorization?');
  return { id };
}
