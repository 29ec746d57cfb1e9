import type { HistoryEntry, HistoryPage } from '../../api/history';
import { invalidPageToken, readPageToken, writePageToken } from '../page-token';
import { failureMessage } from '../reset/event-labels';
import { taskEnd } from '../reset/workflow-task';
import { TemporalRejection } from '../temporal/errors';
import { describeExecution } from '../temporal/executions';
import type { DescribedExecution } from '../temporal/executions';
import { eventsNewestFirst, searchPageSize } from '../temporal/history';
import type { NumberedEvent } from '../temporal/history';
import type { NamespaceClient, WorkflowExecution } from '../temporal/namespace-client';
import { rfc3339 } from '../temporal/time';
import { beginningOf } from './beginnings';
import type { Beginning } from './beginnings';
import { merge, partOf } from './parts';
import type { Part, Progress } from './parts';

/** Where the next page begins, and what newer events said of what its entries are about. */
interface Position {
  runId: string;
  /** Only entries that began before this event are still to be listed. */
  before: number;
  /** The server's token for the page to read from, in base64url; absent for its first page. */
  page?: string;
  /** By the id of the event that began it. */
  progress: [begunBy: number, Progress][];
}

/** Longest part of a page token that is about progress, in bytes of JSON: API Gateway takes a URL of some 8 KB. */
const MAX_PROGRESS_BYTES = 3_000;

/**
 * What happened in a run, newest first: one entry for all events of an activity, timer, child or the like, at the place of the
 * event that began it. The history is read newest first, so that the end of each is known when its beginning is reached; the
 * page token carries ends whose beginnings are still to come. Reads no more of the history than the page needs and what shows
 * whether there is another page, and keeps one page of it in memory.
 *
 * @throws {OperationFailure} `workflow-not-found`, `run-not-found`, or `invalid-request` for a token of another list
 */
export async function listHistory(
  client: NamespaceClient,
  execution: WorkflowExecution,
  { size, token }: { size: number; token?: string },
): Promise<HistoryPage> {
  const { workflowId } = execution;
  const identity = ['history', client.namespace, workflowId];
  const position = readPageToken(token, identity) as Position | undefined;
  if (token !== undefined && execution.runId !== undefined && execution.runId !== position?.runId) {
    throw invalidPageToken(token);
  }
  const page = position?.page === undefined ? undefined : Buffer.from(position.page, 'base64url');
  const run = await describeExecution(client, { workflowId, runId: position?.runId ?? execution.runId });
  const timeline = new Timeline(run, size, position);
  try {
    for await (const numbered of eventsNewestFirst(client, run, searchPageSize(run.description), page)) {
      if (!timeline.add(numbered)) break;
    }
  } catch (error) {
    // Of this call's arguments, only the server's own token comes from the caller.
    if (page && error instanceof TemporalRejection && error.invalid) throw invalidPageToken(token ?? '');
    throw error;
  }
  const { entries, next } = timeline;
  return {
    namespace: client.namespace,
    workflowId,
    runId: run.runId,
    entries,
    nextPageToken: next && writePageToken(identity, next),
  };
}

/** Builds entries from events, read newest first. */
class Timeline {
  readonly entries: HistoryEntry[] = [];
  next?: Position;
  /** What newer events said of what an older one began. */
  private readonly progress: Map<number, Progress>;
  /** The page that the newest event of each is on; absent for those that came with the token. */
  private readonly pages = new Map<number, string | undefined>();
  /** Accepted updates. They name no workflow task: their reset point is the end of the one that accepted them. */
  private awaitingTask: HistoryEntry[] = [];
  private newestTask = true;

  constructor(
    private readonly run: DescribedExecution,
    private readonly size: number,
    private readonly position: Position | undefined,
  ) {
    this.progress = new Map(position?.progress);
  }

  /** @returns whether events are still wanted */
  add({ event, eventId, pageToken }: NumberedEvent): boolean {
    const part = partOf(event);
    const before = this.position?.before ?? Infinity;
    if (part && part.begunBy < before) this.remember(part, eventId, pageToken);
    if (eventId >= before) return true;
    if (taskEnd(event) === 'completed') this.passTask(eventId);
    const beginning = part ? undefined : beginningOf(event);
    if (beginning) this.begin({ event, eventId, pageToken }, beginning);
    return this.next === undefined || this.awaitingTask.length > 0;
  }

  private remember(part: Part, eventId: number, pageToken: Uint8Array | undefined): void {
    const known = this.progress.get(part.begunBy);
    this.progress.set(part.begunBy, merge(known, eventId, part));
    if (!known) this.pages.set(part.begunBy, encoded(pageToken));
  }

  private begin({ event, eventId, pageToken }: NumberedEvent, beginning: Beginning): void {
    if (this.entries.length >= this.size) {
      this.next ??= this.positionAt(eventId + 1, encoded(pageToken));
      return;
    }
    const entry = this.entry({ event, eventId }, beginning);
    this.entries.push(entry);
    this.progress.delete(eventId);
    if (event.workflowExecutionUpdateAcceptedEventAttributes) this.awaitingTask.push(entry);
  }

  private passTask(eventId: number): void {
    this.newestTask = false;
    for (const entry of this.awaitingTask) entry.resetPoint = eventId;
    this.awaitingTask = [];
  }

  private entry({ event, eventId }: Pick<NumberedEvent, 'event' | 'eventId'>, beginning: Beginning): HistoryEntry {
    const { eventIds: later, endTime, ...progress }: Progress = this.progress.get(eventId) ?? { eventIds: [] };
    const { eventIds: earlier = [], ...begun } = beginning;
    const entry: HistoryEntry = {
      ...begun,
      ...this.pending(beginning, progress.state === undefined),
      ...progress,
      eventId,
      eventIds: [...earlier, eventId, ...later.toReversed()],
      startTime: rfc3339(event.eventTime),
      ...(endTime !== undefined && { endTime: new Date(endTime).toISOString() }),
    };
    entry.label = withOutcome(entry);
    return entry;
  }

  /** Attempts and failures of what has not ended are not in the history, but in the description. */
  private pending({ kind, activityId }: Beginning, unended: boolean): Partial<HistoryEntry> {
    const { pendingActivities, pendingWorkflowTask } = this.run.description;
    if (kind === 'workflowTaskFailure') {
      const attempts = this.newestTask && !this.position ? (pendingWorkflowTask?.attempt ?? 1) : 1;
      this.newestTask = false;
      return attempts > 1 ? { attempts } : {};
    }
    if (kind !== 'activity' || !unended) return {};
    const activity = pendingActivities.find((each) => each.activityId === activityId);
    if (!activity) return {};
    const { attempt, lastFailure, lastStartedTime } = activity;
    return {
      state: lastStartedTime ? 'started' : 'pending',
      attempts: attempt ?? 1,
      ...(lastFailure && { failure: failureMessage(lastFailure) }),
    };
  }

  /**
   * The token carries the newest ends; what does not fit is read again. So the next page starts with the page of the newest
   * end that is not carried.
   */
  private positionAt(before: number, currentPage: string | undefined): Position {
    const { runId } = this.run;
    const ends = [...this.progress].toSorted(([, a], [, b]) => (b.eventIds[0] ?? 0) - (a.eventIds[0] ?? 0));
    let bytes = 0;
    const tooMany = ends.findIndex((end) => {
      bytes += Buffer.byteLength(JSON.stringify(end));
      // Those that came with a token are on pages that this request has not read: they are the newest, and stay in it.
      return bytes > MAX_PROGRESS_BYTES && this.pages.has(end[0]);
    });
    const carried = tooMany === -1 ? ends : ends.slice(0, tooMany);
    const page = tooMany === -1 ? currentPage : this.pages.get(ends[tooMany]?.[0] ?? 0);
    return { runId, before, ...(page !== undefined && { page }), progress: carried };
  }
}

const encoded = (pageToken: Uint8Array | undefined) => pageToken && Buffer.from(pageToken).toString('base64url');

/** The label with how it went on: "chargeCard (activity, attempt 3 failed: card declined)". */
function withOutcome({ kind, label, state, attempts = 1, failure }: HistoryEntry): string {
  if (kind === 'workflowTaskFailure') return attempts > 1 ? `${label}, now on attempt ${attempts}` : label;
  if (state === undefined || kind === 'workflowClosed') return label;
  const attempt = attempts > 1 ? `attempt ${attempts} ` : '';
  const of = state === 'failed' || state === 'timedOut' ? ': ' : ' after: ';
  const outcome = `${attempt}${words[state]}${failure === undefined ? '' : `${of}${failure}`}`;
  return label.endsWith(')') ? `${label.slice(0, -1)}, ${outcome})` : `${label} (${outcome})`;
}

const words: Record<NonNullable<HistoryEntry['state']>, string> = {
  pending: 'pending',
  started: 'started',
  completed: 'completed',
  failed: 'failed',
  timedOut: 'timed out',
  canceled: 'canceled',
  terminated: 'terminated',
  continuedAsNew: 'continued as new',
  fired: 'fired',
};
