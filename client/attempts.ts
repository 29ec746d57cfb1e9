import { setTimeout as pause } from 'node:timers/promises';

/** The part of a response that retries need. */
export interface AnsweredRequest {
  status: number;
  headers: { get(name: string): string | null };
}

export interface Attempts<Answer extends AnsweredRequest> {
  /** Maximum number of attempts, including the first. 3 when left out. */
  attempts?: number;
  /** Maximum `Retry-After` that is obeyed, in seconds; a response with a longer one is returned. 40 when left out, because an operation's lease is 35 s. */
  longestPauseSeconds?: number;
  /** Pause after a failed connection, in seconds. 1 when left out. */
  connectionPauseSeconds?: number;
  /** Maximum duration of an attempt, in seconds. 35 when left out, because API Gateway responds within 29 s. */
  attemptTimeoutSeconds?: number;
  /** Called before each pause. `response` has the `Retry-After`; it is absent after a failed connection. */
  onPause?: (pause: { seconds: number; response?: Answer }) => void;
}

/**
 * An attempt got no response, and no later attempt shows its result. It is unknown whether a change was made, except with
 * `nothingSent`. `cause` is the error of the last attempt.
 */
export class NoResponseError<Answer = unknown> extends Error {
  override readonly name = 'NoResponseError';

  constructor(
    /** The idempotency key of the request. Absent for a GET, which changes nothing. */
    readonly idempotencyKey: string | undefined,
    options: ErrorOptions & {
      /** The response to a later attempt, which was refused before Rewind could look the operation up, such as 403. */
      refusal?: Answer;
      nothingSent?: boolean;
    },
  ) {
    const repeat = idempotencyKey === undefined ? '' : ` Repeat it with the Idempotency-Key ${idempotencyKey}.`;
    super(`The request got no response.${repeat}`, options);
    this.refusal = options.refusal;
    this.nothingSent = options.nothingSent === true;
  }

  readonly refusal: Answer | undefined;
  /** Whether no attempt had a connection, such as without a VPN: nothing was changed. */
  readonly nothingSent: boolean;
}

/** A request that can be sent several times. */
export interface RepeatableRequest<Answer> {
  idempotencyKey?: string | undefined;
  signal?: AbortSignal | undefined;
  /** Signs the request for one attempt, and returns the function that sends it. An error ends the attempts. */
  prepare: (signal: AbortSignal) => Promise<() => Promise<Answer>>;
  /** Discards the body of a response that is not returned. */
  discard: (response: Answer) => Promise<unknown> | undefined;
}

/**
 * Sends a request, and retries it when the response has a `Retry-After` header or the connection fails.
 * @throws {NoResponseError}
 */
export async function sendRepeatedly<Answer extends AnsweredRequest>(
  request: RepeatableRequest<Answer>,
  { attempts = 3, longestPauseSeconds = 40, connectionPauseSeconds = 1, onPause = () => {}, ...more }: Attempts<Answer>,
): Promise<Answer> {
  const { idempotencyKey, signal, discard } = request;
  let lost: unknown;
  for (let attempt = 1; ; attempt += 1) {
    const { response, error } = await attemptOnce(request, lost, more);
    if (error !== undefined) {
      if (!wasUnconnected(error)) lost = error;
      if (attempt >= attempts)
        throw new NoResponseError(idempotencyKey, { cause: error, nothingSent: lost === undefined });
    }
    const seconds = response ? secondsToPause(response) : connectionPauseSeconds;
    if (response && (seconds === undefined || seconds > longestPauseSeconds || attempt >= attempts)) {
      if (lost === undefined || idempotencyKey === undefined || showsResult(response)) return response;
      throw new NoResponseError(idempotencyKey, { cause: lost, refusal: response });
    }
    if (response) await discard(response);
    onPause({ seconds: seconds ?? 0, ...(response && { response }) });
    await pause((seconds ?? 0) * 1000, undefined, { signal });
  }
}

/**
 * Sends a request once.
 * @param lost the error of an earlier attempt that got no response
 * @returns the response, or the error of the connection
 */
async function attemptOnce<Answer>(
  { idempotencyKey, signal, prepare }: RepeatableRequest<Answer>,
  lost: unknown,
  { attemptTimeoutSeconds = 35 }: { attemptTimeoutSeconds?: number },
): Promise<{ response?: Answer; error?: unknown }> {
  const timeout = new AbortController();
  let send;
  try {
    send = await prepare(signal ? AbortSignal.any([signal, timeout.signal]) : timeout.signal);
  } catch (cause) {
    // Without credentials for another attempt, the result of the earlier one stays unknown.
    throw lost === undefined || idempotencyKey === undefined ? cause : new NoResponseError(idempotencyKey, { cause });
  }
  // A connection that was cut silently gets no error for a quarter of an hour. Signing may take longer: some profiles ask for a code.
  const inTime = new Error(`none within ${attemptTimeoutSeconds} s`);
  setTimeout(() => timeout.abort(inTime), attemptTimeoutSeconds * 1000).unref();
  try {
    return { response: await send() };
  } catch (error) {
    if (signal?.aborted) throw error;
    return { error: error ?? new Error('no response') };
  }
}

const UNCONNECTED = new Set(['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED']);

/** Whether an attempt failed before it had a connection. The error of `fetch` has the cause. */
function wasUnconnected(error: unknown): boolean {
  const { code = '', cause } = error as { code?: string; cause?: { code?: string } };
  return UNCONNECTED.has(cause?.code ?? code);
}

/**
 * Whether the response to a change shows what an earlier attempt did. API Gateway refuses a request (403, 429) before Rewind
 * looks it up in the ledger; so does a function that cannot reach the ledger, or that would have to wait for the earlier attempt.
 */
const showsResult = (response: AnsweredRequest): boolean =>
  response.status !== 403 && response.status !== 429 && response.status < 500 && secondsToPause(response) === undefined;

function secondsToPause({ headers }: AnsweredRequest): number | undefined {
  const retryAfter = headers.get('retry-after');
  return retryAfter !== null && /^\d+$/.test(retryAfter) ? Number(retryAfter) : undefined;
}
