import { readPageToken, writePageToken } from '../page-token';
import { actorName } from './attribution';
import type { OperationPage, OperationRecord, OperationSearch, SearchPageRequest } from './ledger';

/** A time range, RFC 3339, both ends inclusive. */
export interface TimeRange {
  since?: string;
  until?: string;
}

/** Where the next page starts. */
interface Position {
  since?: string;
  /** Time of the last item returned so far; `seen` has the IDs of the returned items with this time. */
  before: string;
  seen: string[];
}

/** A paginated list in order of time, newest first. */
export interface TimeList<Item> {
  /** Identifies the list. A page token is valid only for the list it came from. */
  name: readonly unknown[];
  range: TimeRange;
  idOf: (item: Item) => string;
  timeOf: (item: Item) => string;
  /** Returns a superset of the list's items in a time range, newest first. */
  candidates: (range: TimeRange) => AsyncIterable<Item>;
  belongs: (item: Item) => boolean;
}

/** Reads a page of a list. Only the last page can be empty. */
export async function pageByTime<Item>(
  { name, range: wanted, idOf, timeOf, candidates, belongs }: TimeList<Item>,
  { size, token, defaultSince }: Pick<SearchPageRequest, 'size' | 'token' | 'defaultSince'>,
): Promise<{ items: Item[]; nextPageToken?: string }> {
  const position = readPageToken(token, name) as Position | undefined;
  const range: TimeRange = {
    since: wanted.since ?? position?.since ?? defaultSince,
    until: position?.before ?? wanted.until,
  };
  const seen = new Set(position?.seen);
  const items: Item[] = [];
  for await (const item of candidates(range)) {
    if (seen.has(idOf(item)) || !belongs(item)) continue;
    if (items.length === size) {
      const last = items.at(-1);
      const before = last === undefined ? '' : timeOf(last);
      const ofThatTime = items.filter((each) => timeOf(each) === before);
      const earlierSeen = position?.before === before ? position.seen : [];
      const next: Position = { since: range.since, before, seen: [...earlierSeen, ...ofThatTime.map(idOf)] };
      return { items, nextPageToken: writePageToken(name, next) };
    }
    items.push(item);
  }
  return { items };
}

/**
 * Reads a page of a search, newest first. Only the last page can be empty.
 * @param candidates returns a superset of the matching operations in a time range, newest first
 */
export async function searchPage(
  namespace: string,
  search: OperationSearch,
  { where, ...page }: SearchPageRequest,
  candidates: (range: TimeRange) => AsyncIterable<OperationRecord>,
): Promise<OperationPage> {
  const list: TimeList<OperationRecord> = {
    name: ['operations', namespace, search, where?.name ?? null],
    range: search,
    idOf: ({ operationId }) => operationId,
    timeOf: ({ requestedAt }) => requestedAt,
    candidates,
    belongs: (record) => matches(record, namespace, search) && where?.test(record) !== false,
  };
  const { items: operations, nextPageToken } = await pageByTime(list, page);
  return { operations, nextPageToken };
}

function matches(record: OperationRecord, namespace: string, search: OperationSearch): boolean {
  const { workflowId, actor, verb, states, since, until, batchOperationId } = search;
  return (
    record.namespace === namespace &&
    (workflowId === undefined || record.workflowId === workflowId) &&
    (actor === undefined || record.actor.id === actor || actorName(record.actor.id) === actor) &&
    (verb === undefined || record.verb === verb) &&
    (states === undefined || states.includes(record.state)) &&
    (since === undefined || record.requestedAt >= since) &&
    (until === undefined || record.requestedAt <= until) &&
    (batchOperationId === undefined || record.batchOperationId === batchOperationId)
  );
}
