import type { BatchRequest } from '../../api/batch-operations';
import { OperationFailure } from '../../api/failures';
import type { Ledger, OperationRecord } from '../ledger/ledger';
import { chunksOf } from '../chunks';
import { mapWithConcurrency } from '../map-with-concurrency';
import type { NamespaceClient } from '../temporal/namespace-client';
import type { Call } from '../verb';
import { countLeft } from './batch';
import type { BatchItem } from './batch';
import { itemOperationId } from './item-id';
import { itemsOf } from './item-outcomes';
import { recordedProgress } from './recorded-progress';
import { BEFORE_QUERY, effectiveQuery, queryFailure } from './query';

/*
 * The workflows that a batch operation selects: the matches of a query, a list of workflow IDs, or the items of another batch
 * operation with an outcome, such as `failed`.
 */

/** Workflow IDs per page of a stored list: at most 200 KB, of DynamoDB's limit of 400 KB per item. */
const LIST_PAGE_SIZE = 200;
/** Page size for counting the items of a batch operation. */
const COUNT_PAGE_SIZE = 1_000;

/** A page of selected workflows. */
export interface SelectionPage {
  items: BatchItem[];
  /** With a query: when it matched these runs, RFC 3339. */
  matchedAt?: string;
  /** Where the next page starts; absent on the last page. */
  nextCursor?: string;
}

/** Returns the request as the ledger and the batch workflow store it: a list, which is stored separately, becomes its length. */
export function withoutList(request: BatchRequest): BatchRequest {
  const { workflows: _, ...others } = request;
  const ids = listedIds(request);
  return ids ? { ...others, workflowCount: ids.length } : others;
}

/** Returns the workflow IDs of a list, without duplicates and excluded workflows. */
export function listedIds({ workflows, exclude }: BatchRequest): string[] | undefined {
  const excluded = new Set(exclude);
  return workflows && [...new Set(workflows)].filter((id) => !excluded.has(id));
}

/**
 * Stores the list of a batch operation. It is not part of the record, because the record is written every second. Idempotent.
 */
export async function storeList(ledger: Ledger, operationId: string, ids: readonly string[]): Promise<void> {
  const pages = [...chunksOf(ids, LIST_PAGE_SIZE).entries()];
  await mapWithConcurrency(pages, ([page, workflowIds]) => ledger.storeListPage(operationId, page, workflowIds));
}

/**
 * Counts the workflows that a batch operation selects.
 * @throws {OperationFailure} `invalid-request` for an invalid query
 */
export async function countSelected({
  client,
  request,
  ledger,
}: Pick<Call<BatchRequest>, 'client' | 'request' | 'ledger'>): Promise<number> {
  const { workflowCount, retryOf } = request;
  const ids = listedIds(request);
  if (ids) return ids.length;
  if (workflowCount !== undefined) return workflowCount;
  return retryOf === undefined ? countMatches(client, request) : countRepeated(ledger, client.namespace, request);
}

/**
 * Lists a single match of the caller's query first, to validate it: Temporal's batch engine accepts a query with an unknown
 * search attribute and matches nothing, and a count accepts GROUP BY, which a list rejects.
 */
async function countMatches(client: NamespaceClient, request: BatchRequest): Promise<number> {
  const { query = '' } = request;
  const effective = effectiveQuery(request);
  const throwFailure = (before: string) => (error: unknown) => {
    throw queryFailure(error, query, before);
  };
  await client.listWorkflows(query, 1).catch(throwFailure(''));
  return client.countWorkflows(effective).catch(throwFailure(BEFORE_QUERY));
}

async function countRepeated(
  ledger: Ledger | undefined,
  namespace: string,
  { retryOf: operationId = '', retryOutcome: outcome = 'failed' }: BatchRequest,
): Promise<number> {
  if (!ledger) throw new Error('a retry is counted with the ledger');
  if (outcome === 'notBegun') return countNotBegun(await ledger.find(operationId));
  const { search, where } = itemsOf(operationId, outcome);
  let count = 0;
  let token: string | undefined;
  do {
    const page = await ledger.search(namespace, search, { size: COUNT_PAGE_SIZE, token, where });
    count += page.operations.length;
    token = page.nextPageToken;
  } while (token !== undefined);
  return count;
}

/**
 * Lists a page of the workflows that a batch operation on the worker selects.
 *
 * @param request as returned by {@link withoutList}
 * @param size page size; pages of a stored list have a fixed size instead
 */
export async function listSelected(
  ledger: Ledger,
  connect: () => Promise<NamespaceClient>,
  { operationId, request }: { operationId: string; request: BatchRequest },
  { size, cursor }: { size: number; cursor: string | undefined },
): Promise<SelectionPage> {
  const { workflowCount, retryOf } = request;
  if (workflowCount !== undefined) return storedPage(ledger, operationId, workflowCount, Number(cursor ?? 0));
  if (retryOf !== undefined) return repeatedPage(ledger, await connect(), request, size, cursor);
  return matchedPage(await connect(), request, size, cursor);
}

/** @throws {OperationFailure} `operation-not-found` when the list has expired */
async function storedPage(ledger: Ledger, operationId: string, count: number, page: number): Promise<SelectionPage> {
  const ids = await ledger.findListPage(operationId, page);
  if (!ids) {
    throw new OperationFailure(
      'operation-not-found',
      `The ledger no longer has the list of batch operation ${operationId}.`,
    );
  }
  return {
    items: ids.map((workflowId) => ({ workflowId })),
    ...((page + 1) * LIST_PAGE_SIZE < count && { nextCursor: String(page + 1) }),
  };
}

/** Lists a page of another batch operation's items with the requested outcome. */
async function repeatedPage(
  ledger: Ledger,
  client: NamespaceClient,
  { retryOf: operationId = '', retryOutcome: outcome = 'failed' }: BatchRequest,
  size: number,
  cursor: string | undefined,
): Promise<SelectionPage> {
  if (outcome === 'notBegun') return notBegunPage(ledger, client, operationId, { size, cursor });
  const { search, where } = itemsOf(operationId, outcome);
  const page = await ledger.search(client.namespace, search, { size, token: cursor, where });
  return {
    // The workflows of the first attempt: a retry must not change those that have taken their IDs since.
    items: page.operations.map(({ workflowId, requestedAt, askedAt = requestedAt }) => ({ workflowId, askedAt })),
    nextCursor: page.nextPageToken,
  };
}

/** Counts from the recorded progress, because finding the workflows themselves would need a lookup of each. */
export function countNotBegun(record: OperationRecord | undefined): number {
  if (!record) return 0;
  const progress = recordedProgress(record);
  // A completed batch operation has listed all: the workflows that it has not changed had left the query.
  return progress.state === 'completed' ? 0 : countLeft(progress);
}

/**
 * Lists the workflows of a page of the selection on which the batch operation has no operation. For a query, the selection is
 * what it matches now. A page can be empty without being the last.
 *
 * @param after a workflow of the page after which to start. The batch operation may have begun it since
 */
export async function notBegunPage(
  ledger: Ledger,
  client: NamespaceClient,
  operationId: string,
  { size, cursor, after }: { size: number; cursor?: string | undefined; after?: string | undefined },
): Promise<SelectionPage> {
  const record = await ledger.find(operationId);
  if (!record) return { items: [] };
  const request = record.request as BatchRequest;
  const { requestedAt, askedAt = requestedAt } = record;
  const page = await listSelected(ledger, async () => client, { operationId, request }, { size, cursor });
  const selected = page.items.slice(page.items.findLastIndex(({ workflowId }) => workflowId === after) + 1);
  const idOf = ({ workflowId }: BatchItem) => itemOperationId(client.namespace, operationId, workflowId);
  const begun = new Set((await ledger.findAll(selected.map(idOf))).map((item) => item.operationId));
  const items = selected.filter((item) => !begun.has(idOf(item)));
  // A run that the query matches now is meant as it is.
  return { ...page, items: items.map((item) => (item.runId === undefined ? { askedAt, ...item } : item)) };
}

async function matchedPage(
  client: NamespaceClient,
  request: BatchRequest,
  size: number,
  cursor: string | undefined,
): Promise<SelectionPage> {
  const token = cursor === undefined ? undefined : Buffer.from(cursor, 'base64');
  const matchedAt = new Date().toISOString();
  const listing = client.listWorkflows(effectiveQuery(request), size, token);
  const { executions, nextPageToken } = await listing.catch((error: unknown) => {
    throw queryFailure(error, request.query ?? '', BEFORE_QUERY);
  });
  return {
    items: executions,
    matchedAt,
    ...(nextPageToken && { nextCursor: Buffer.from(nextPageToken).toString('base64') }),
  };
}
