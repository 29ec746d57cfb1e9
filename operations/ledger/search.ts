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
  /** Time of the last operation of the page before, and the operations of that time that were on it. */
  before: string;
  seen: string[];
}

/**
 * A page of a search, newest first. Empty only when it is the last.
 * @param candidates operations of that time range, newest first: all that match, and others
 */
export async function searchPage(
  namespace: string,
  search: OperationSearch,
  { size, token, defaultSince, where }: SearchPageRequest,
  candidates: (range: TimeRange) => AsyncIterable<OperationRecord>,
): Promise<OperationPage> {
  const list = ['operations', namespace, search, where?.name ?? null];
  const position = readPageToken(token, list) as Position | undefined;
  const range: TimeRange = withoutUndefined({
    since: search.since ?? position?.since ?? defaultSince,
    until: position?.before ?? search.until,
  });
  const seen = new Set(position?.seen);
  const operations: OperationRecord[] = [];
  for await (const record of candidates(range)) {
    if (seen.has(record.operationId) || !matches(record, namespace, search) || where?.test(record) === false) continue;
    if (operations.length === size) {
      const before = operations.at(-1)?.requestedAt ?? '';
      const ofThatTime = operations.filter(({ requestedAt }) => requestedAt === before);
      const earlierSeen = position?.before === before ? position.seen : [];
      const next: Position = {
        ...(range.since !== undefined && { since: range.since }),
        before,
        seen: [...earlierSeen, ...ofThatTime.map(({ operationId }) => operationId)],
      };
      return { operations, nextPageToken: writePageToken(list, next) };
    }
    operations.push(record);
  }
  return { operations };
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
