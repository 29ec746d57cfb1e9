import type { APIGatewayProxyEvent } from 'aws-lambda';
import { NAMESPACE } from './floor/temporal';

/** A request as API Gateway passes it to a function, with the fields that Rewind reads. */
export function gatewayRequest(sent: { query: Record<string, string> } | { body: object }): APIGatewayProxyEvent {
  const query = 'query' in sent ? Object.entries(sent.query).map(([name, value]) => [name, [value]]) : [];
  return {
    httpMethod: 'query' in sent ? 'GET' : 'POST',
    pathParameters: { namespace: NAMESPACE },
    multiValueQueryStringParameters: Object.fromEntries(query) as Record<string, string[]>,
    multiValueHeaders: {},
    body: 'body' in sent ? JSON.stringify(sent.body) : null,
    isBase64Encoded: false,
    requestContext: { requestId: 'bench', identity: { userArn: 'arn:aws:iam::111122223333:user/bench' } },
  } as unknown as APIGatewayProxyEvent;
}

/** The Lambda context, with the fields that Rewind reads. */
export const lambdaContext = { getRemainingTimeInMillis: () => 29_000 };
