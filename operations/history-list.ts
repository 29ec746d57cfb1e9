import { invalidPageToken, readPageToken, writePageToken } from './page-token';
import { TemporalRejection } from './temporal/errors';
import { describeExecution } from './temporal/executions';
import type { DescribedExecution } from './temporal/executions';
import { searchNewestFirst } from './temporal/history';
import type { NumberedEvent } from './temporal/history';
import type { NamespaceClient, WorkflowExecution } from './temporal/namespace-client';

/** Where the next page of a list starts. */
export interface HistoryPosition {
  runId: string;
  /** ID of an event: the next page lists what is older. */
  before: number;
  /** The server's page token to read from, in base64url; absent for the server's first page. */
  page?: string;
}

/** Builds a page of a list from events, which are added newest first. */
export interface HistoryListBuilder<Item, Position extends HistoryPosition> {
  /** @returns whether more events are needed */
  add(event: NumberedEvent): boolean;
  finish(): { items: Item[]; next?: Position };
}

/**
 * Lists what a run's history contains, newest first. Reads only as much of the history as the page needs, and keeps one page
 * of it in memory.
 *
 * @param name identifies the list in its page tokens
 * @throws {OperationFailure} `workflow-not-found`, `run-not-found`, or `invalid-request` for a page token of another list
 */
export async function listFromHistory<Item, Position extends HistoryPosition>(
  client: NamespaceClient,
  name: string,
  { workflowId, runId }: WorkflowExecution,
  token: string | undefined,
  builderOf: (run: DescribedExecution, position: Position | undefined) => HistoryListBuilder<Item, Position>,
) {
  const list = [name, client.namespace, workflowId];
  const position = readPageToken(token, list) as Position | undefined;
  if (token !== undefined && runId !== undefined && runId !== position?.runId) throw invalidPageToken(token);
  const page = position?.page === undefined ? undefined : Buffer.from(position.page, 'base64url');
  const run = await describeExecution(client, { workflowId, runId: position?.runId ?? runId });
  const builder = builderOf(run, position);
  try {
    for await (const event of searchNewestFirst(client, run, page)) {
      if (!builder.add(event)) break;
    }
  } catch (error) {
    // The server's page token is the only argument of this call that comes from the caller.
    if (page && error instanceof TemporalRejection && error.invalid) throw invalidPageToken(token ?? '');
    throw error;
  }
  const { items, next } = builder.finish();
  const nextPageToken = next && writePageToken(list, next);
  return { run: { namespace: client.namespace, workflowId, runId: run.runId }, items, nextPageToken };
}

/** Encodes the server's page token for a position. */
export const encodedPage = (pageToken: Uint8Array | undefined): string | undefined =>
  pageToken && Buffer.from(pageToken).toString('base64url');
