import type { RequestTo, ResponseOf } from '../../cli/requests/client';
import type { RouteName } from '../../cli/requests/contract';
import { signal } from './signal';

/** An error response of the API or the console's server, with the message and hints of the command. */
export class Problem extends Error {
  /** Whether it is unknown if the change was made. */
  isUnknown = false;

  constructor(
    message: string,
    readonly status: number,
    /** URN of the problem. */
    readonly type: string,
    /** Suggestions, a line each. */
    readonly hints: string[] = [],
    readonly retryAfterSeconds?: number,
  ) {
    super(message);
  }
}

/** The API or the console's server did not respond. It is unknown whether a change was made. */
export class Lost extends Error {}

/** Since when requests have had no response, and why; undefined while there are responses. */
export const connection = signal<{ since: number; what: string } | undefined>(undefined);
/** Whether this browser lacks the session's cookie. */
export const signedOut = signal(false);

/** Whether the console's server now uses another API or namespace than this page shows. */
export const moved = signal(false);
/** The place that this page shows, sent with each request. */
let placeId = '';
export const placeOfPage = (): string => placeId;

const HEADERS = { 'Content-Type': 'application/json', 'X-Rewind-Console': '1' };

/** Sends a request that changes nothing: for data, or with `dryRun` for the preview of a change. @throws {Problem} @throws {Lost} */
export const read = async <Route extends RouteName>(
  namespace: string,
  route: Route,
  request: RequestTo<Route>,
): Promise<ResponseOf<Route>> => (await send(namespace, route, request)).data as ResponseOf<Route>;

export interface Changed<Data = unknown> {
  data: Data;
  /** Whether this is the response to an earlier request under the same key. */
  replayed: boolean;
}

/**
 * Reads the session, or signs in with a token.
 * @returns undefined if this browser is not signed in
 */
export async function session<Data extends { placeId: string }>(token?: string): Promise<Data | undefined> {
  const init = token === undefined ? {} : { method: 'POST', headers: HEADERS, body: JSON.stringify({ token }) };
  const response = await fetch('/session', init);
  if (!response.ok) return undefined;
  const data = (await response.json()) as Data;
  ({ placeId } = data);
  return data;
}

interface ProblemBody {
  type?: string;
  detail?: string;
  explained?: { message: string; hints: string[]; isUnknown?: boolean };
}

/** After this time without a response, the page says so. */
const SLOW_MS = 5000;

/**
 * Sends a request once.
 * @param key the idempotency key of a change
 * @throws {Problem} @throws {Lost}
 */
export async function send(namespace: string, route: RouteName, request: object, key?: string): Promise<Changed> {
  const { query = {}, body: given, ...ids } = request as { query?: object; body?: object };
  const slow = setTimeout(() => unanswered('The API may need up to 35 s.'), SLOW_MS);
  const response = await fetch(`/api/${route}`, {
    method: 'POST',
    headers: { ...HEADERS, 'X-Rewind-Place': placeId, ...(key !== undefined && { 'Idempotency-Key': key }) },
    body: JSON.stringify({ path: { namespace, ...ids }, query, body: given }),
  })
    .catch(() => {
      throw lost('The command rewind console has ended, or this machine’s network is down.');
    })
    .finally(() => clearTimeout(slow));
  const body = (await response.json().catch(() => ({}))) as ProblemBody;
  const { type = '', detail = `The status of the response was ${response.status}.`, explained } = body;
  if (type === 'urn:rewind:console:no-response') throw lost(explained?.message ?? detail);
  connection.value = undefined;
  if (response.ok) return { data: body, replayed: response.headers.has('Idempotent-Replayed') };
  if (type === 'urn:rewind:console:signed-out') signedOut.value = true;
  if (type === 'urn:rewind:console:other-place') moved.value = true;
  const retryAfter = response.headers.get('Retry-After');
  const problem = new Problem(
    explained?.message ?? detail,
    response.status,
    type,
    explained?.hints,
    retryAfter === null ? undefined : Number(retryAfter),
  );
  problem.isUnknown = explained?.isUnknown === true;
  throw problem;
}

function lost(what: string): Lost {
  unanswered(`${what} The page tries again every 2 s.`);
  return new Lost(what);
}

function unanswered(what: string): void {
  connection.value = { since: connection.value?.since ?? Date.now(), what };
}
