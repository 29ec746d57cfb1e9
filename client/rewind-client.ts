import createClient from 'openapi-fetch';
import type { Client } from 'openapi-fetch';
import { sendRepeatedly } from './attempts';
import type { Attempts } from './attempts';
import type { paths } from './openapi';
import { signed } from './sign';
import type { AwsKeys, Credentials } from './sign';

export interface RewindClientOptions extends Attempts<Response> {
  /** The stack's output `ApiUrl`. */
  baseUrl: string;
  /** Region that the API is in: part of the signature. */
  region: string;
  /** AWS keys or a provider of them; what the AWS SDKs find by themselves (environment, profile, role) when left out. */
  credentials?: Credentials;
  fetch?: (request: Request) => Promise<Response>;
}

export { NoResponseError } from './attempts';

/** A method for each HTTP method, typed by route: `client.POST('/namespaces/{namespace}/workflows/cancel', …)`. */
export type RewindClient = Client<paths>;

/**
 * A typed client of the HTTP API. It signs every request, gives each POST an `Idempotency-Key` of its own unless one is
 * given, and repeats a request under the same key when a response says `Retry-After` or the connection fails.
 *
 * A response that is not a success is not thrown: it is in `error`, typed by its status. A connection that keeps failing is
 * a {@link NoResponseError} with the key, under which the same request can be sent again later without acting twice.
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
  fetch: send = (request) => fetch(request),
  ...attempts
}: RewindClientOptions): RewindClient {
  return createClient<paths>({
    baseUrl,
    async fetch(request: Request) {
      if (request.method === 'POST' && !request.headers.has('Idempotency-Key')) {
        request.headers.set('Idempotency-Key', crypto.randomUUID());
      }
      return sendRepeatedly(
        {
          idempotencyKey: request.headers.get('Idempotency-Key') ?? undefined,
          signal: request.signal,
          prepare: async () => {
            const toSend = await signed(request, { region, credentials });
            return () => send(toSend);
          },
          discard: (response) => response.body?.cancel(),
        },
        attempts,
      );
    },
  });
}

/** The AWS SDK's default chain. It is loaded at the first request: it is larger than the rest of the client. */
function defaultCredentials(): () => Promise<AwsKeys> {
  let chain: Promise<() => Promise<AwsKeys>> | undefined;
  return async () => {
    chain ??= import('@aws-sdk/credential-provider-node').then(({ defaultProvider }) => defaultProvider());
    return (await chain)();
  };
}
