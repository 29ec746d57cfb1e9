import { setTimeout as pause } from 'node:timers/promises';

/** What the attempts read of a response. */
export interface AnsweredRequest {
  headers: { get(name: string): string | null };
}

export interface Attempts<Answer extends AnsweredRequest> {
  /** How often a request is sent at most, the first time included; 3 when left out. */
  attempts?: number;
  /** A `Retry-After` beyond this, in seconds, is left to the caller. 40 when left out: an operation's lease is 35 s. */
  longestPauseSeconds?: number;
  /** How long to wait after a connection failed, in seconds; 1 when left out. */
  connectionPauseSeconds?: number;
  /** Called before each pause. `response` is the one that asked for it; absent where a connection failed. */
  onPause?: (pause: { seconds: number; response?: Answer }) => void;
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

/** A request that can be sent again. */
export interface RepeatableRequest<Answer> {
  idempotencyKey?: string | undefined;
  signal?: AbortSignal | undefined;
  /** Signs it for one attempt. What this throws ends the attempts. */
  prepare: () => Promise<() => Promise<Answer>>;
  /** Releases a response that is not used. */
  discard: (response: Answer) => Promise<unknown> | undefined;
}

/** Sends a request, and again when a response says `Retry-After` or the connection fails. */
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
