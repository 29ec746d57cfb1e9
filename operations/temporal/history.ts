import type { HistoryEvent, NamespaceClient, WorkflowExecution } from './namespace-client';

/** Where reading stopped, to go on from: the page an event was on, and the event to go on below. */
export interface HistoryPosition {
  /** The server's token of the page; absent on the first. */
  pageToken?: Uint8Array;
  /** Only events with an id below this one are still to be read. */
  belowEventId: number;
}

export interface PositionedEvent {
  event: HistoryEvent;
  eventId: number;
  /** The server's token of the page that holds the event; absent on the first. */
  pageToken?: Uint8Array;
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
  from?: HistoryPosition,
): AsyncGenerator<PositionedEvent, void, void> {
  let pageToken = from?.pageToken;
  const below = from?.belowEventId ?? Number.POSITIVE_INFINITY;
  do {
    const page = await client.historyReverse(execution, pageSize, pageToken);
    for (const event of page.events) {
      const eventId = Number(event.eventId);
      if (eventId < below) yield { event, eventId, pageToken };
    }
    pageToken = page.nextPageToken;
  } while (pageToken);
}
