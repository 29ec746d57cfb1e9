import { setTimeout as pause } from 'node:timers/promises';

/** The part of a response that retries need. */
export interface AnsweredRequest {
  headers: { get(name: string): string | null };
}

export interface Attempts<Answer extends AnsweredRequest> {
  /** Maximum number of attempts, including the first. 3 when left out. */
  attempts?: number;
  /** Maximum `Retry-After` that is obeyed, in seconds; a response with a longer one is returned. 40 when left out, because an operation's lease is 35 s. */
  longestPauseSeconds?: number;
  /** Pause after a failed connection, in seconds. 1 when left out. */
  connectionPauseSeconds?: number;
  /** Called before each pause. `response` has the `Retry-After`; it is absent after a failed connection. */
  onPause?: (pause: { seconds: number; response?: Answer }) => void;
}

/** No attempt got a response. It is unknown whether a change was made. `cause` is the error of the last connection. */
export class NoResponseError extends Error {
  override readonly name = 'NoResponseError';

  constructor(
    /** The idempotency key of the request. Absent for a GET, which changes nothing. */
    readonly idempotencyKey: string | undefined,
    options: ErrorOptions,
  ) {
    const repeat = idempotencyKey === undefined ? '' : ` Repeat it with the Idempotency-Key ${idempotencyKey}.`;
    super(`The request got no response.${repeat}`, options);
  }
}

/** A request that can be sent several times. */
export interface RepeatableRequest<Answer> {
  idempotencyKey?: string | undefined;
  signal?: AbortSignal | undefined;
  /** Signs the request for one attempt, and returns the function that sends it. An error ends the attempts. */
  prepare: () => Promise<() => Promise<Answer>>;
  /** Discards the body of a response that is not returned. */
  discard: (response: Answer) => Promise<unknown> | undefined;
}

/** Sends a request, and retries it when the response has a `Retry-After` header or the connection fails. */
export async function sendRepeatedly<Answer extends AnsweredRequest>(
  { idempotencyKey, signal, prepare, discard }: RepeatableRequest<Answer>,
  { attempts = 3, longestPauseSeconds = 40, connectionPauseSeconds = 1, onPause = () => {} }: Attempts<Answer>,
): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    const send = await prepare();
    const response = await send().catch((cause: unknown) => {
      if (signal?.aborted) throw cause;
      if (attempt < attempts) return undefined;
      throw new NoResponseError(idempotencyKey, { cause });
    });
    const seconds = response ? secondsToPause(response) : connectionPauseSeconds;
    if (response && (seconds === undefined || seconds > longestPauseSeconds || attempt >= attempts)) return response;
    if (response) await discard(response);
    onPause({ seconds: seconds ?? 0, ...(response && { response }) });
    await pause((seconds ?? 0) * 1000, undefined, { signal });
  }
}

function secondsToPause({ headers }: AnsweredRequest): number | undefined {
  const retryAfter = headers.get('retry-after');
  return retryAfter !== null && /^\d+$/.test(retryAfter) ? Number(retryAfter) : undefined;
}
