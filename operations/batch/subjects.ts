import type { BatchRequest } from '../../api/batch-operations';
import { OperationFailure } from '../../api/failures';
import type { Ledger } from '../ledger/ledger';
import type { NamespaceClient } from '../temporal/namespace-client';
import type { Call } from '../verb';
import type { BatchItem } from './batch';
import { itemOutcomes } from './item-outcomes';
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
export function withoutList({ workflows, ...request }: BatchRequest): BatchRequest {
  return workflows ? { ...request, workflowCount: new Set(workflows).size } : { ...request };
}

/**
 * Stores the list of a batch operation, apart from its record: that is written every second. Doing it again changes nothing.
 */
export async function storeList(ledger: Ledger, operationId: string, workflows: readonly string[]): Promise<void> {
  const ids = [...new Set(workflows)];
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
  const { workflows, workflowCount, retryOf } = request;
  if (workflows) return new Set(workflows).size;
  if (workflowCount !== undefined) return workflowCount;
  return retryOf === undefined ? countMatches(client, request) : countFailed(ledger, client.namespace, retryOf);
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

async function countFailed(ledger: Ledger | undefined, namespace: string, operationId: string): Promise<number> {
  if (!ledger) throw new Error('a retry is counted with the ledger');
  let count = 0;
  let token: string | undefined;
  do {
    const page = await ledger.search(namespace, failedItems(operationId), { size: COUNT_PAGE_SIZE, token });
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
  if (retryOf !== undefined) return failedPage(ledger, (await connect()).namespace, retryOf, size, cursor);
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

/** The next items that failed, however many others are between them. */
async function failedPage(
  ledger: Ledger,
  namespace: string,
  operationId: string,
  size: number,
  cursor: string | undefined,
): Promise<SubjectPage> {
  const page = await ledger.search(namespace, failedItems(operationId), { size, token: cursor });
  return {
    items: page.operations.map(({ workflowId }) => ({ workflowId })),
    ...(page.nextPageToken !== undefined && { nextCursor: page.nextPageToken }),
  };
}

const failedItems = (batchOperationId: string) => ({ batchOperationId, states: itemOutcomes.failed });

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
