import { toNumber } from './to-number';
import { epochMilliseconds } from './time';
import type {
  HistoryEvent,
  HistoryPage,
  NamespaceClient,
  WorkflowDescription,
  WorkflowExecution,
} from './namespace-client';

export interface NumberedEvent {
  event: HistoryEvent;
  eventId: number;
  /** What the server wants to hear to send the page again that this event is on; absent for the first page. */
  pageToken?: Uint8Array;
}

/** The most stored batches fetched at a time: their first page takes the server hardly longer than one of ten. */
const LARGEST_PAGE = 100;
const SMALLEST_PAGE = 5;

/** What a page may weigh on average, in bytes: a gRPC client takes 4 MiB by default, and a function's memory has bounds. */
const PAGE_BYTES = 3 * 1024 * 1024;

/** Events that a batch is taken to hold: one to three do mostly. */
const EVENTS_PER_BATCH = 2;

/** How many stored batches of this history to fetch at a time: fewer, where its events are large. */
export function searchPageSize({ workflowExecutionInfo: info }: WorkflowDescription): number {
  const bytesPerEvent = toNumber(info?.historySizeBytes) / Math.max(1, toNumber(info?.historyLength));
  const fitting = Math.floor(PAGE_BYTES / Math.max(1, bytesPerEvent * EVENTS_PER_BATCH));
  return Math.min(LARGEST_PAGE, Math.max(SMALLEST_PAGE, fitting));
}

/**
 * Events of one run from the newest to the oldest, a page in memory at a time. Stop iterating and no further page is
 * read.
 *
 * @param pageSize in stored batches (one or more events each), as the server counts it
 * @param from the page to begin with, by the `pageToken` of an event on it
 */
export function eventsNewestFirst(
  client: NamespaceClient,
  execution: Required<WorkflowExecution>,
  pageSize: number,
  from?: Uint8Array,
): AsyncGenerator<NumberedEvent, void, void> {
  return events((pageToken) => client.historyReverse(execution, pageSize, pageToken), from);
}

/** As `eventsNewestFirst`, from the oldest to the newest. */
export function eventsOldestFirst(
  client: NamespaceClient,
  execution: Required<WorkflowExecution>,
  pageSize: number,
): AsyncGenerator<NumberedEvent, void, void> {
  return events((pageToken) => client.history(execution, pageSize, pageToken));
}

async function* events(
  read: (pageToken?: Uint8Array) => Promise<HistoryPage>,
  from?: Uint8Array,
): AsyncGenerator<NumberedEvent, void, void> {
  let pageToken = from;
  do {
    const page = await read(pageToken);
    for (const event of page.events) {
      yield { event, eventId: toNumber(event.eventId), ...(pageToken && { pageToken }) };
    }
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
