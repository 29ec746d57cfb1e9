import { epochMilliseconds } from './time';
import type { HistoryEvent, NamespaceClient, WorkflowExecution } from './namespace-client';

export interface NumberedEvent {
  event: HistoryEvent;
  eventId: number;
}

/**
 * Events of one run from the newest to the oldest, a page in memory at a time. Stop iterating and no further page is
 * read.
 *
 * @param pageSize in stored batches (one or more events each), as the server counts it
 */
export async function* eventsNewestFirst(
  client: NamespaceClient,
  execution: Required<WorkflowExecution>,
  pageSize: number,
): AsyncGenerator<NumberedEvent, void, void> {
  let pageToken: Uint8Array | undefined;
  do {
    const page = await client.historyReverse(execution, pageSize, pageToken);
    for (const event of page.events) yield { event, eventId: Number(event.eventId) };
    pageToken = page.nextPageToken;
  } while (pageToken);
}

/** Clocks of AWS and of the Temporal server may be this far apart, in milliseconds. */
const CLOCK_SKEW_MS = 5 * 60_000;

/** How many stored batches to read at a time when looking for something that just happened. */
const RECENT_PAGE_SIZE = 20;

/** The newest event that matches, among those not older than `since`. */
export async function findRecentEvent(
  client: NamespaceClient,
  execution: Required<WorkflowExecution>,
  since: Date,
  matches: (event: HistoryEvent) => boolean,
): Promise<HistoryEvent | undefined> {
  for await (const { event } of eventsNewestFirst(client, execution, RECENT_PAGE_SIZE)) {
    if ((epochMilliseconds(event.eventTime) ?? 0) < since.getTime() - CLOCK_SKEW_MS) return undefined;
    if (matches(event)) return event;
  }
  return undefined;
}
