import type { APIGatewayProxyEvent } from 'aws-lambda';

/** An event of API Gateway's REST API, with the fields that Rewind reads. */
export function apiGatewayEvent(
  method: 'GET' | 'POST',
  {
    namespace = 'orders',
    operationId,
    resource = '',
    query = {},
    body,
    headers = {},
    userArn = 'arn:aws:iam::111122223333:user/ann',
  }: {
    namespace?: string;
    operationId?: string;
    /** Path of the route, with its parameters. */
    resource?: string;
    query?: Record<string, string | string[]>;
    /** A string is sent unchanged, any other value as JSON. */
    body?: unknown;
    headers?: Record<string, string>;
    userArn?: string | null;
  } = {},
): APIGatewayProxyEvent {
  const many = (values: Record<string, string | string[]>) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value].flat()]));
  return {
    httpMethod: method,
    resource,
    pathParameters: { namespace, ...(operationId !== undefined && { operationId }) },
    multiValueQueryStringParameters: many(query),
    multiValueHeaders: many(headers),
    body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
    isBase64Encoded: false,
    requestContext: { requestId: 'request-1', identity: { userArn } },
  } as unknown as APIGatewayProxyEvent;
}

/** The Lambda context, with the fields that Rewind reads. */
export const lambdaContext = { getRemainingTimeInMillis: () => 29_000 };
