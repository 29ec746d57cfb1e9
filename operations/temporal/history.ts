import { explainNotFound } from './executions';
import type { DescribedExecution } from './executions';
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
  /** Token of the page with this event; absent for the first page. */
  pageToken?: Uint8Array;
}

/** Bounds for event batches per page. The server is hardly slower with 100 than with 10. */
const MAX_PAGE_SIZE = 100;
const MIN_PAGE_SIZE = 5;

/** Target size of a page, in bytes. The default limit of a gRPC client is 4 MiB, and a function's memory is limited. */
const PAGE_BYTES = 3 * 1024 * 1024;

/** Assumed events per stored batch; most batches have one to three. */
const EVENTS_PER_BATCH = 2;

/** Returns how many event batches of this history to read per page: fewer when its events are large. */
function searchPageSize({ workflowExecutionInfo: info }: WorkflowDescription): number {
  const bytesPerEvent = toNumber(info?.historySizeBytes) / Math.max(1, toNumber(info?.historyLength));
  const fitting = Math.floor(PAGE_BYTES / Math.max(1, bytesPerEvent * EVENTS_PER_BATCH));
  return Math.min(MAX_PAGE_SIZE, Math.max(MIN_PAGE_SIZE, fitting));
}

/** Page size of a search for an event that is among the newest, in event batches. */
const RECENT_PAGE_SIZE = 20;

/**
 * Iterates over the events of a run, newest first. Reads pages on demand and keeps one in memory.
 *
 * @param pageSize in stored event batches of one or more events, as the server counts; by default, for a recent event
 * @param from the `pageToken` of an event, to start with that event's page
 */
export function eventsNewestFirst(
  client: NamespaceClient,
  execution: Required<WorkflowExecution>,
  pageSize = RECENT_PAGE_SIZE,
  from?: Uint8Array,
): AsyncGenerator<NumberedEvent, void, void> {
  return events(client, execution, (pageToken) => client.historyReverse(execution, pageSize, pageToken), from);
}

/** Like `eventsNewestFirst`, but oldest first. */
export function eventsOldestFirst(
  client: NamespaceClient,
  execution: Required<WorkflowExecution>,
  pageSize: number,
): AsyncGenerator<NumberedEvent, void, void> {
  return events(client, execution, (pageToken) => client.history(execution, pageSize, pageToken));
}

/** Like `eventsNewestFirst`, for a search of the whole history: with pages as large as its events allow. */
export const searchNewestFirst = (client: NamespaceClient, run: DescribedExecution, from?: Uint8Array) =>
  eventsNewestFirst(client, run, searchPageSize(run.description), from);

/** Like `searchNewestFirst`, but oldest first. */
export const searchOldestFirst = (client: NamespaceClient, run: DescribedExecution) =>
  eventsOldestFirst(client, run, searchPageSize(run.description));

/** Returns a run's first event, WorkflowExecutionStarted. */
export async function firstEvent(
  client: NamespaceClient,
  execution: Required<WorkflowExecution>,
): Promise<HistoryEvent | undefined> {
  for await (const { event } of eventsOldestFirst(client, execution, 1)) return event;
  return undefined;
}

/** Returns a run's newest event, with which a closed run closed. */
export async function newestEvent(
  client: NamespaceClient,
  execution: Required<WorkflowExecution>,
): Promise<HistoryEvent | undefined> {
  for await (const { event } of eventsNewestFirst(client, execution, 1)) return event;
  return undefined;
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
 * Tolerated difference between the clocks of the process that recorded an operation and of the Temporal server, in
 * milliseconds: 5 minutes for each, and a margin. Limits how far back a search reads, where a tag is the proof.
 */
export const MAX_CLOCK_SKEW_MS = 15 * 60_000;

/** The same where only the time is the proof, so that a larger value would mistake an earlier event for a later one. */
export const USUAL_CLOCK_SKEW_MS = 60_000;

/** Finds the newest matching event that is not older than `since`, clock skew included. */
export async function findRecentEvent(
  client: NamespaceClient,
  execution: Required<WorkflowExecution>,
  since: Date,
  matches: (event: HistoryEvent) => boolean,
): Promise<HistoryEvent | undefined> {
  for await (const { event } of eventsNewestFirst(client, execution)) {
    if ((epochMilliseconds(event.eventTime) ?? 0) < since.getTime() - MAX_CLOCK_SKEW_MS) return undefined;
    if (matches(event)) return event;
  }
  return undefined;
}
