import { signal } from './signal';

/** What the API or the console's server refused, in the words of the command. */
export class Problem extends Error {
  constructor(
    message: string,
    readonly status: number,
    /** URN of the problem. */
    readonly type: string,
    /** What helps, a line each. */
    readonly hints: string[] = [],
    readonly retryAfterSeconds?: number,
  ) {
    super(message);
  }
}

/** The API, or the console's own server, does not answer. Whether a change was made is unknown. */
export class Lost extends Error {}

/** Since when requests have got no response, and from what; undefined while they do. */
export const connection = signal<{ since: number; what: string } | undefined>(undefined);
/** Whether the session's cookie is missing. */
export const signedOut = signal(false);

const HEADERS = { 'Content-Type': 'application/json', 'X-Rewind-Console': '1' };

export type Query = Record<string, string | number | undefined>;

/** @throws {Problem} @throws {Lost} */
export async function get<Data>(namespace: string, path: string, query: Query = {}): Promise<Data> {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  // In the order that every signature accepts.
  const search = new URLSearchParams(given.toSorted(([a], [b]) => ((a ?? '') < (b ?? '') ? -1 : 1))).toString();
  return (await send<Data>(`/api/namespaces/${namespace}/${path}${search && `?${search}`}`, {})).data;
}

export interface Changed<Data> {
  data: Data;
  /** It is the response to an earlier request under the same key. */
  replayed: boolean;
}

/** Sends a change once. The route of a preview takes no key. @throws {Problem} @throws {Lost} */
export function post<Data>(namespace: string, path: string, body: object, key?: string): Promise<Changed<Data>> {
  return send<Data>(`/api/namespaces/${namespace}/${path}`, {
    method: 'POST',
    headers: { ...HEADERS, ...(key !== undefined && { 'Idempotency-Key': key }) },
    body: JSON.stringify(body),
  });
}

/** What a change would do, by its own route. */
export async function preview<Data>(namespace: string, path: string, body: object): Promise<Data> {
  return (await post<Data>(namespace, path, { ...body, dryRun: true }, crypto.randomUUID())).data;
}

/** @returns undefined when this browser is not signed in */
export async function session<Data>(token?: string): Promise<Data | undefined> {
  const init = token === undefined ? {} : { method: 'POST', headers: HEADERS, body: JSON.stringify({ token }) };
  const response = await fetch('/session', init);
  return response.ok ? ((await response.json()) as Data) : undefined;
}

interface ProblemBody {
  type?: string;
  detail?: string;
  explained?: { message: string; hints: string[] };
}

async function send<Data>(url: string, init: RequestInit): Promise<Changed<Data>> {
  const response = await fetch(url, init).catch(() => {
    throw lost('The console’s command has ended, or this machine’s network is down: rewind console');
  });
  const body = (await response.json().catch(() => ({}))) as Data & ProblemBody;
  const { type = '', detail = `The answer was ${response.status}.`, explained } = body;
  if (type === 'urn:rewind:console:no-response') throw lost(explained?.message ?? detail);
  connection.value = undefined;
  if (response.ok) return { data: body, replayed: response.headers.has('Idempotent-Replayed') };
  if (type === 'urn:rewind:console:signed-out') signedOut.value = true;
  const retryAfter = response.headers.get('Retry-After');
  throw new Problem(
    explained?.message ?? detail,
    response.status,
    type,
    explained?.hints,
    retryAfter === null ? undefined : Number(retryAfter),
  );
}

function lost(what: string): Lost {
  connection.value = { since: connection.value?.since ?? Date.now(), what };
  return new Lost(what);
}
