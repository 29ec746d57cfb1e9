import { explainNotFound } from './executions';
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
  /** Requests the page that holds this event; absent for the first page. */
  pageToken?: Uint8Array;
}

/** Stored batches per page. The server takes hardly longer for 100 than for 10. */
const MAX_PAGE_SIZE = 100;
const MIN_PAGE_SIZE = 5;

/** Average size of a page, in bytes. A gRPC client takes 4 MiB by default, and a function's memory is limited. */
const PAGE_BYTES = 3 * 1024 * 1024;

/** Assumed events per stored batch; most hold one to three. */
const EVENTS_PER_BATCH = 2;

/** How many stored batches of this history to read per page: fewer where its events are large. */
export function searchPageSize({ workflowExecutionInfo: info }: WorkflowDescription): number {
  const bytesPerEvent = toNumber(info?.historySizeBytes) / Math.max(1, toNumber(info?.historyLength));
  const fitting = Math.floor(PAGE_BYTES / Math.max(1, bytesPerEvent * EVENTS_PER_BATCH));
  return Math.min(MAX_PAGE_SIZE, Math.max(MIN_PAGE_SIZE, fitting));
}

/**
 * Events of one run from the newest to the oldest. Reads pages on demand and keeps one in memory.
 *
 * @param pageSize in stored batches (one or more events each), as the server counts it
 * @param from the `pageToken` of an event, to start with its page
 */
export function eventsNewestFirst(
  client: NamespaceClient,
  execution: Required<WorkflowExecution>,
  pageSize: number,
  from?: Uint8Array,
): AsyncGenerator<NumberedEvent, void, void> {
  return events(client, execution, (pageToken) => client.historyReverse(execution, pageSize, pageToken), from);
}

/** As `eventsNewestFirst`, from the oldest to the newest. */
export function eventsOldestFirst(
  client: NamespaceClient,
  execution: Required<WorkflowExecution>,
  pageSize: number,
): AsyncGenerator<NumberedEvent, void, void> {
  return events(client, execution, (pageToken) => client.history(execution, pageSize, pageToken));
}

async function* events(
  client: NamespaceClient,
  execution: Required<WorkflowExecution>,
  read: (pageToken?: Uint8Array) => Promise<HistoryPage>,
  from?: Uint8Array,
): AsyncGenerator<NumberedEvent, void, void> {
  let pageToken = from;
  do {
    const page = await read(pageToken).catch((error: unknown) => explainNotFound(client, execution, error));
    for (const event of page.events) {
      yield { event, eventId: toNumber(event.eventId), pageToken };
    }
    pageToken = page.nextPageToken;
  } while (pageToken);
}

/**
 * Tolerated difference between the clock of the process that recorded an operation and the Temporal server's, in
 * milliseconds: 5 minutes for each, and some time between.
 */
export const CLOCK_SKEW_MS = 15 * 60_000;

/** Stored batches per page when searching for a recent event. */
export const RECENT_PAGE_SIZE = 20;

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
