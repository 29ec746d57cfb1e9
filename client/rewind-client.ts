import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import createClient from 'openapi-fetch';
import type { Client } from 'openapi-fetch';
import type { paths } from './openapi';
import { signed } from './sign';
import type { AwsKeys, Credentials } from './sign';

export interface RewindClientOptions {
  /** The stack's output `ApiUrl`. */
  baseUrl: string;
  /** Region that the API is in: part of the signature. */
  region: string;
  /** AWS keys or a provider of them; what the AWS SDKs find by themselves (environment, profile, role) when left out. */
  credentials?: Credentials;
  /** How often a request is sent at most, the first time included; 3 when left out. */
  attempts?: number;
  /** A `Retry-After` beyond this, in seconds, is left to the caller. 40 when left out: an operation's lease is 35 s. */
  longestPauseSeconds?: number;
  /** How long to wait after a connection failed, in seconds; 1 when left out. */
  connectionPauseSeconds?: number;
  /** Called before each pause. `response` is the one that asked for it; absent where a connection failed. */
  onPause?: (pause: { seconds: number; response?: Response }) => void;
  fetch?: (request: Request) => Promise<Response>;
}

/** No response came, after all attempts. It is unknown whether a change was made. `cause` is the last connection's error. */
export class NoResponseError extends Error {
  override readonly name = 'NoResponseError';

  constructor(
    /** The key that the request was sent under. Absent for a GET, which changes nothing. */
    readonly idempotencyKey: string | undefined,
    options: ErrorOptions,
  ) {
    const repeat = idempotencyKey === undefined ? '' : ` Repeat it with the Idempotency-Key ${idempotencyKey}.`;
    super(`The request got no response.${repeat}`, options);
  }
}

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
  attempts = 3,
  longestPauseSeconds = 40,
  connectionPauseSeconds = 1,
  onPause = () => {},
  fetch: send = (request) => fetch(request),
}: RewindClientOptions): RewindClient {
  return createClient<paths>({
    baseUrl,
    async fetch(request: Request) {
      if (request.method === 'POST' && !request.headers.has('Idempotency-Key')) {
        request.headers.set('Idempotency-Key', randomUUID());
      }
      for (let attempt = 1; ; attempt += 1) {
        const toSend = await signed(request, { region, credentials });
        const response = await send(toSend).catch((cause: unknown) => {
          if (request.signal.aborted) throw cause;
          if (attempt < attempts) return undefined;
          throw new NoResponseError(request.headers.get('Idempotency-Key') ?? undefined, { cause });
        });
        const seconds = response ? secondsToPause(response) : connectionPauseSeconds;
        if (response && (seconds === undefined || seconds > longestPauseSeconds || attempt >= attempts))
          return response;
        await response?.body?.cancel();
        onPause({ seconds: seconds ?? 0, ...(response && { response }) });
        await pause((seconds ?? 0) * 1000, undefined, { signal: request.signal });
      }
    },
  });
}

function secondsToPause({ headers }: Response): number | undefined {
  const retryAfter = headers.get('retry-after');
  return retryAfter !== null && /^\d+$/.test(retryAfter) ? Number(retryAfter) : undefined;
}

/** The AWS SDK's default chain. It is loaded at the first request: it is larger than the rest of the client. */
function defaultCredentials(): () => Promise<AwsKeys> {
  let chain: Promise<() => Promise<AwsKeys>> | undefined;
  return async () => {
    chain ??= import('@aws-sdk/credential-provider-node').then(({ defaultProvider }) => defaultProvider());
    return (await chain)();
  };
}
