import createClient from 'openapi-fetch';
import type { Client } from 'openapi-fetch';
import { sendRepeatedly } from './attempts';
import type { Attempts } from './attempts';
import type { paths } from './openapi';
import { API_KEY_HEADER, signed } from './sign';
import type { AwsKeys, Credentials } from './sign';

export interface RewindClientOptions extends Attempts<Response> {
  /** The output `ApiUrl` of the stack. */
  baseUrl: string;
  /** Region of the API, which is part of the signature. */
  region: string;
  /** AWS credentials or a provider of them. The AWS SDK's default provider chain when left out. */
  credentials?: Credentials;
  /** The API key of a usage plan, which the API requires if `api.usagePlans` is configured. */
  apiKey?: string | undefined;
  fetch?: (request: Request) => Promise<Response>;
}

export { NoResponseError } from './attempts';

/** The typed client, with a method for each HTTP method: `client.POST('/namespaces/{namespace}/workflows/cancel', …)`. */
export type RewindClient = Client<paths>;

/**
 * Creates a typed client of the HTTP API. It signs each request, adds an `Idempotency-Key` to each POST without one, and
 * retries a request with the same key when the response has a `Retry-After` header or the connection fails.
 *
 * An error response is not thrown: it is in `error`, typed by status. If an attempt gets no response, and no later one
 * shows its result, the client throws a {@link NoResponseError} with the key. The same request with this key can be sent again
 * later without a second execution.
 *
 * @example
 * const rewind = createRewindClient({ baseUrl: apiUrl, region: 'eu-west-1' });
 * const { data, error } = await rewind.POST('/namespaces/{namespace}/workflows/cancel', {
 *   params: { path: { namespace: 'prod.a1b2c' } },
 *   body: { workflowId: 'order-1234', reason: 'withdrawn', waitSeconds: 10 },
 * });
 */
export function createRewindClient({
  baseUrl,
  region,
  credentials = defaultCredentials(),
  apiKey,
  fetch: send = (request) => fetch(request),
  ...attempts
}: RewindClientOptions): RewindClient {
  return createClient<paths>({
    baseUrl,
    async fetch(request: Request) {
      if (apiKey !== undefined) request.headers.set(API_KEY_HEADER, apiKey);
      if (request.method === 'POST' && !request.headers.has('Idempotency-Key')) {
        request.headers.set('Idempotency-Key', crypto.randomUUID());
      }
      return sendRepeatedly(
        {
          idempotencyKey: request.headers.get('Idempotency-Key') ?? undefined,
          signal: request.signal,
          prepare: async (signal) => {
            const toSend = await signed(request, { region, credentials }, signal);
            return () => send(toSend);
          },
          discard: (response) => response.body?.cancel(),
        },
        attempts,
      );
    },
  });
}

/** Returns the AWS SDK's default provider chain. It is loaded at the first request, because it is larger than the client. */
function defaultCredentials(): () => Promise<AwsKeys> {
  let chain: Promise<() => Promise<AwsKeys>> | undefined;
  return async () => {
    chain ??= import('@aws-sdk/credential-provider-node').then(({ defaultProvider }) => defaultProvider());
    return (await chain)();
  };
}
