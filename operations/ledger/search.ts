import { readPageToken, writePageToken } from '../page-token';
import { withoutUndefined } from '../without-undefined';
import { actorName } from './attribution';
import type { OperationPage, OperationRecord, OperationSearch, SearchPageRequest } from './ledger';

/** Times between which operations are wanted, both included. */
export interface TimeRange {
  since?: string;
  until?: string;
}

/** Where the next page begins. */
interface Position {
  since?: string;
  /** Time of the last item of the page before, and the items of that time that were on it. */
  before: string;
  seen: string[];
}

/** A list by time, newest first, which is read page by page. */
export interface TimeList<Item> {
  /** What makes two requests the same list. */
  name: readonly unknown[];
  range: TimeRange;
  idOf: (item: Item) => string;
  timeOf: (item: Item) => string;
  /** Items of a time range, newest first: all that belong to the list, and others. */
  candidates: (range: TimeRange) => AsyncIterable<Item>;
  belongs: (item: Item) => boolean;
}

/** A page of a list by time. Empty only when it is the last. */
export async function pageByTime<Item>(
  { name, range: wanted, idOf, timeOf, candidates, belongs }: TimeList<Item>,
  { size, token, defaultSince }: Pick<SearchPageRequest, 'size' | 'token' | 'defaultSince'>,
): Promise<{ items: Item[]; nextPageToken?: string }> {
  const position = readPageToken(token, name) as Position | undefined;
  const range: TimeRange = withoutUndefined({
    since: wanted.since ?? position?.since ?? defaultSince,
    until: position?.before ?? wanted.until,
  });
  const seen = new Set(position?.seen);
  const items: Item[] = [];
  for await (const item of candidates(range)) {
    if (seen.has(idOf(item)) || !belongs(item)) continue;
    if (items.length === size) {
      const last = items.at(-1);
      const before = last === undefined ? '' : timeOf(last);
      const ofThatTime = items.filter((each) => timeOf(each) === before);
      const earlierSeen = position?.before === before ? position.seen : [];
      const next: Position = {
        ...(range.since !== undefined && { since: range.since }),
        before,
        seen: [...earlierSeen, ...ofThatTime.map(idOf)],
      };
      return { items, nextPageToken: writePageToken(name, next) };
    }
    items.push(item);
  }
  return { items };
}

/**
 * A page of a search, newest first. Empty only when it is the last.
 * @param candidates operations of that time range, newest first: all that match, and others
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
  return withoutUndefined({ operations, nextPageToken });
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
