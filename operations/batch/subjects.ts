import type { BatchRequest } from '../../api/batch-operations';
import { OperationFailure } from '../../api/failures';
import type { Ledger, OperationRecord } from '../ledger/ledger';
import type { NamespaceClient } from '../temporal/namespace-client';
import type { Call } from '../verb';
import { countLeft } from './batch';
import type { BatchItem } from './batch';
import { itemOperationId } from './item-id';
import { itemsOf } from './item-outcomes';
import { BEFORE_QUERY, effectiveQuery, queryFailure } from './query';

/*
 * The workflows that a batch operation is about: those that a query matches, those of a list, or those that failed in
 * another batch operation.
 */

/** Workflow ids in a page of a stored list: 200 KB at most, of the 400 KB that an item of the ledger's table takes. */
const LIST_PAGE_SIZE = 200;
/** Pages of a list that are stored at the same time. */
const PAGES_AT_A_TIME = 10;
/** Items in a page that is read to count those that failed. */
const COUNT_PAGE_SIZE = 1_000;

export interface SubjectPage {
  items: BatchItem[];
  /** Where the next page begins; absent on the last. */
  nextCursor?: string;
}

/** The request as the ledger and the batch workflow keep it: with the length of a list, which is stored apart from it. */
export function withoutList({ workflows: _, ...request }: BatchRequest): BatchRequest {
  const ids = listedIds({ workflows: _, ...request });
  return ids ? { ...request, workflowCount: ids.length } : { ...request };
}

/** The workflows of a list, each once, without those that are excluded. */
export function listedIds({ workflows, exclude }: BatchRequest): string[] | undefined {
  const excluded = new Set(exclude);
  return workflows && [...new Set(workflows)].filter((id) => !excluded.has(id));
}

/**
 * Stores the list of a batch operation, apart from its record: that is written every second. Doing it again changes nothing.
 */
export async function storeList(ledger: Ledger, operationId: string, ids: readonly string[]): Promise<void> {
  const pages = Array.from({ length: Math.ceil(ids.length / LIST_PAGE_SIZE) }, (_, page) => page);
  const store = (page: number) =>
    ledger.storeListPage(operationId, page, ids.slice(page * LIST_PAGE_SIZE, (page + 1) * LIST_PAGE_SIZE));
  for (let first = 0; first < pages.length; first += PAGES_AT_A_TIME) {
    await Promise.all(pages.slice(first, first + PAGES_AT_A_TIME).map(store));
  }
}

/** @throws {OperationFailure} `invalid-request` for a query that Temporal does not understand */
export async function countSubjects({
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
 * Temporal's batch engine takes a query with a misspelt attribute and matches nothing, and counting takes what listing
 * refuses (GROUP BY): a page of one, of the query as the caller wrote it, finds out first.
 */
async function countMatches(client: NamespaceClient, request: BatchRequest): Promise<number> {
  const { query = '' } = request;
  const effective = effectiveQuery(request);
  const refused = (before: string) => (error: unknown) => {
    throw queryFailure(error, query, before);
  };
  await client.listWorkflows(query, 1).catch(refused(''));
  return client.countWorkflows(effective).catch(refused(BEFORE_QUERY));
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
 * A page of what a batch operation on the worker is about.
 *
 * @param request as {@link withoutList} keeps it
 * @param size of a page; a stored list has pages of its own
 */
export async function listSubjects(
  ledger: Ledger,
  connect: () => Promise<NamespaceClient>,
  { operationId, request }: { operationId: string; request: BatchRequest },
  { size, cursor }: { size: number; cursor: string | undefined },
): Promise<SubjectPage> {
  const { workflowCount, retryOf } = request;
  if (workflowCount !== undefined) return storedPage(ledger, operationId, workflowCount, Number(cursor ?? 0));
  if (retryOf !== undefined) return repeatedPage(ledger, await connect(), request, size, cursor);
  return matchedPage(await connect(), request, size, cursor);
}

/** @throws {OperationFailure} `operation-not-found` once the ledger has dropped the list */
async function storedPage(ledger: Ledger, operationId: string, count: number, page: number): Promise<SubjectPage> {
  const ids = await ledger.findListPage(operationId, page);
  if (!ids) {
    throw new OperationFailure('operation-not-found', `The ledger keeps no list of batch operation ${operationId}.`);
  }
  return {
    items: ids.map((workflowId) => ({ workflowId })),
    ...((page + 1) * LIST_PAGE_SIZE < count && { nextCursor: String(page + 1) }),
  };
}

/** The next items with the outcome, however many others are between them. */
async function repeatedPage(
  ledger: Ledger,
  client: NamespaceClient,
  { retryOf: operationId = '', retryOutcome: outcome = 'failed' }: BatchRequest,
  size: number,
  cursor: string | undefined,
): Promise<SubjectPage> {
  if (outcome === 'notBegun') return notBegunPage(ledger, client, operationId, size, cursor);
  const { search, where } = itemsOf(operationId, outcome);
  const page = await ledger.search(client.namespace, search, { size, token: cursor, where });
  return {
    items: page.operations.map(({ workflowId }) => ({ workflowId })),
    ...(page.nextPageToken !== undefined && { nextCursor: page.nextPageToken }),
  };
}

/** By the counts: which they are, only a look at each shows. */
function countNotBegun(record: OperationRecord | undefined): number {
  return record?.batch ? countLeft(record.batch) : 0;
}

/**
 * The next workflows that a batch operation is about and has no operation on, by its list or by what its query matches now.
 * A page of them may be empty and not be the last.
 */
export async function notBegunPage(
  ledger: Ledger,
  client: NamespaceClient,
  operationId: string,
  size: number,
  cursor: string | undefined,
): Promise<SubjectPage> {
  const record = await ledger.find(operationId);
  if (!record) return { items: [] };
  const request = record.request as BatchRequest;
  const page = await listSubjects(ledger, async () => client, { operationId, request }, { size, cursor });
  const idOf = ({ workflowId }: BatchItem) => itemOperationId(client.namespace, operationId, workflowId);
  const begun = new Set((await ledger.findAll(page.items.map(idOf))).map((item) => item.operationId));
  return { ...page, items: page.items.filter((item) => !begun.has(idOf(item))) };
}

async function matchedPage(
  client: NamespaceClient,
  request: BatchRequest,
  size: number,
  cursor: string | undefined,
): Promise<SubjectPage> {
  const token = cursor === undefined ? undefined : Buffer.from(cursor, 'base64');
  const listing = client.listWorkflows(effectiveQuery(request), size, token);
  const { executions, nextPageToken } = await listing.catch((error: unknown) => {
    throw queryFailure(error, request.query ?? '', BEFORE_QUERY);
  });
  return {
    items: executions,
    ...(nextPageToken && { nextCursor: Buffer.from(nextPageToken).toString('base64') }),
  };
}
