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

export type Query = Record<string, string | number | undefined>;

/** @throws {Problem} @throws {Lost} */
export async function get<Data>(namespace: string, path: string, query: Query = {}): Promise<Data> {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  // Sorted by name, because some clients sign a query correctly only in this order.
  const search = new URLSearchParams(given.toSorted(([a], [b]) => ((a ?? '') < (b ?? '') ? -1 : 1))).toString();
  return (await send<Data>(`/api/namespaces/${namespace}/${path}${search && `?${search}`}`, {})).data;
}

export interface Changed<Data> {
  data: Data;
  /** Whether this is the response to an earlier request under the same key. */
  replayed: boolean;
}

/**
 * Sends a change once.
 * @param key the idempotency key; absent for the routes of previews
 * @throws {Problem} @throws {Lost}
 */
export function post<Data>(namespace: string, path: string, body: object, key?: string): Promise<Changed<Data>> {
  return send<Data>(`/api/namespaces/${namespace}/${path}`, {
    method: 'POST',
    headers: { ...HEADERS, ...(key !== undefined && { 'Idempotency-Key': key }) },
    body: JSON.stringify(body),
  });
}

/** Returns what a change would do, from its own route with `dryRun`. */
export async function preview<Data>(namespace: string, path: string, body: object): Promise<Data> {
  return (await post<Data>(namespace, path, { ...body, dryRun: true }, crypto.randomUUID())).data;
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

async function send<Data>(
  url: string,
  { headers, ...init }: Omit<RequestInit, 'headers'> & { headers?: Record<string, string> },
): Promise<Changed<Data>> {
  const all = { ...headers, 'X-Rewind-Place': placeId };
  const response = await fetch(url, { ...init, headers: all }).catch(() => {
    throw lost('The command rewind console has ended, or this machine’s network is down.');
  });
  const body = (await response.json().catch(() => ({}))) as Data & ProblemBody;
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
  connection.value = { since: connection.value?.since ?? Date.now(), what };
  return new Lost(what);
}
