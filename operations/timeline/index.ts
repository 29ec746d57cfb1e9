import type { HistoryEntry, HistoryPage } from '../../api/history';
import { encodedPage, listFromHistory } from '../history-list';
import type { HistoryListBuilder, HistoryPosition } from '../history-list';
import type { PageRequest } from '../page-token';
import { failureMessage } from '../temporal/event-labels';
import { taskEnd } from '../temporal/workflow-task';
import { isOpen } from '../temporal/enums';
import type { DescribedExecution } from '../temporal/executions';
import type { NumberedEvent } from '../temporal/history';
import type { NamespaceClient, WorkflowExecution } from '../temporal/namespace-client';
import { rfc3339 } from '../temporal/time';
import { entryStartOf } from './entry-start';
import type { EntryStart } from './entry-start';
import { laterEventOf, merge } from './later-events';
import type { LaterEvent, Progress } from './later-events';

type RunStatus = DescribedExecution['status'];

/** Where the next page starts, and what newer events determine about its entries. */
interface Position extends HistoryPosition {
  /** By the ID of the entry's first event. */
  progress: [firstEventId: number, Progress][];
}

/** Maximum size of `progress` in a page token, in bytes of JSON. API Gateway limits a URL to about 8 KB. */
const MAX_PROGRESS_BYTES = 3_000;

/**
 * Lists what happened in a run, newest first. All events of an activity, timer, child workflow or the like form a single
 * entry, at the position of the first event. Reads the history newest first, so that the outcome of an entry is known when
 * its first event is read; the page token carries outcomes of entries on later pages.
 *
 * @throws {OperationFailure} `workflow-not-found`, `run-not-found`, or `invalid-request` for a page token of another list
 */
export async function listHistory(
  client: NamespaceClient,
  execution: WorkflowExecution,
  { size, token }: PageRequest,
): Promise<HistoryPage> {
  const { run, items, nextPageToken } = await listFromHistory(
    client,
    'history',
    execution,
    token,
    (described, position: Position | undefined) => new Timeline(described, size, position),
  );
  return { ...run, entries: items, nextPageToken };
}

/** Builds entries from events. */
class Timeline implements HistoryListBuilder<HistoryEntry, Position> {
  private readonly entries: HistoryEntry[] = [];
  private next?: Position;
  /** What newer events determine about entries, by the ID of the entry's first event. */
  private readonly progress: Map<number, Progress>;
  /** The page with the newest event of each entry in `progress`; absent for those from the page token. */
  private readonly pages = new Map<number, string | undefined>();
  /** Accepted updates, whose events name no workflow task. Their reset point is the end of the task that accepted them. */
  private awaitingTask: HistoryEntry[] = [];
  private newestTask = true;

  constructor(
    private readonly run: DescribedExecution,
    private readonly size: number,
    private readonly position: Position | undefined,
  ) {
    this.progress = new Map(position?.progress);
  }

  add({ event, eventId, pageToken }: NumberedEvent): boolean {
    const later = laterEventOf(event);
    const before = this.position?.before ?? Infinity;
    if (later && later.firstEventId < before) this.addProgress(later, eventId, pageToken);
    if (eventId >= before) return true;
    if (taskEnd(event) === 'completed') this.passTask(eventId);
    const start = later ? undefined : entryStartOf(event);
    if (start) this.addEntry({ event, eventId, pageToken }, start);
    return this.next === undefined || this.awaitingTask.length > 0;
  }

  finish(): { items: HistoryEntry[]; next?: Position } {
    return { items: this.entries, next: this.next };
  }

  private addProgress(later: LaterEvent, eventId: number, pageToken: Uint8Array | undefined): void {
    const { firstEventId } = later;
    const known = this.progress.get(firstEventId);
    this.progress.set(firstEventId, merge(known, eventId, later));
    if (!known) this.pages.set(firstEventId, encodedPage(pageToken));
  }

  private addEntry({ event, eventId, pageToken }: NumberedEvent, start: EntryStart): void {
    if (this.entries.length >= this.size) {
      this.next ??= this.positionAt(eventId + 1, encodedPage(pageToken));
      return;
    }
    const entry = this.entry({ event, eventId }, start);
    this.entries.push(entry);
    this.progress.delete(eventId);
    if (event.workflowExecutionUpdateAcceptedEventAttributes) this.awaitingTask.push(entry);
  }

  private passTask(eventId: number): void {
    this.newestTask = false;
    for (const entry of this.awaitingTask) entry.resetPoint = eventId;
    this.awaitingTask = [];
  }

  private entry({ event, eventId }: Pick<NumberedEvent, 'event' | 'eventId'>, start: EntryStart): HistoryEntry {
    const { eventIds: later, endTime, ...progress }: Progress = this.progress.get(eventId) ?? { eventIds: [] };
    const { eventIds: earlier = [], ...fields } = start;
    const entry: HistoryEntry = {
      ...fields,
      ...this.pending(start, progress.state === undefined),
      ...progress,
      eventId,
      eventIds: [...earlier, eventId, ...later.toReversed()],
      startTime: rfc3339(event.eventTime),
      ...(endTime !== undefined && { endTime: new Date(endTime).toISOString() }),
    };
    const isEnded = entry.state !== 'pending' && entry.state !== 'started';
    if (!isEnded && !isOpen(this.run.status)) entry.state = 'notCompleted';
    entry.label = withOutcome(entry, this.run.status);
    return entry;
  }

  /** Returns attempts and failures of pending tasks and activities, which only the run's description has. */
  private pending({ kind, activityId }: EntryStart, isPending: boolean): Partial<HistoryEntry> {
    const { pendingActivities, pendingWorkflowTask } = this.run.description;
    if (kind === 'workflowTaskFailure') {
      const attempts = this.newestTask && !this.position ? (pendingWorkflowTask?.attempt ?? 1) : 1;
      this.newestTask = false;
      return attempts > 1 ? { attempts } : {};
    }
    if (kind !== 'activity' || !isPending) return {};
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
   * Returns the position for the page token. If not all progress fits, the token carries that with the newest events, and the
   * next request reads again from the page with the newest event that it does not carry.
   */
  private positionAt(before: number, currentPage: string | undefined): Position {
    const { runId } = this.run;
    const newestFirst = [...this.progress].toSorted(([, a], [, b]) => (b.eventIds[0] ?? 0) - (a.eventIds[0] ?? 0));
    let bytes = 0;
    const tooMany = newestFirst.findIndex((item) => {
      bytes += Buffer.byteLength(JSON.stringify(item));
      // Progress from the page token stays in it: it is the newest, and its events are on pages that this request did not read.
      return bytes > MAX_PROGRESS_BYTES && this.pages.has(item[0]);
    });
    const carried = tooMany === -1 ? newestFirst : newestFirst.slice(0, tooMany);
    const page = tooMany === -1 ? currentPage : this.pages.get(newestFirst[tooMany]?.[0] ?? 0);
    return { runId, before, ...(page !== undefined && { page }), progress: carried };
  }
}

/** Adds the outcome to the label, as in "chargeCard (activity, attempt 3 failed: card declined)". */
function withOutcome({ kind, label, state, attempts = 1, failure }: HistoryEntry, runStatus: RunStatus): string {
  if (kind === 'workflowTaskFailure') return attempts > 1 ? `${label}, now on attempt ${attempts}` : label;
  if (state === undefined || kind === 'workflowClosed') return label;
  const attempt = attempts > 1 ? `attempt ${attempts} ` : '';
  const of = state === 'failed' || state === 'timedOut' ? ': ' : ' after: ';
  const unfinished = state === 'notCompleted' ? ` when the run ${closings[runStatus] ?? 'closed'}` : '';
  const outcome = `${attempt}${stateLabels[state]}${unfinished}${failure === undefined ? '' : `${of}${failure}`}`;
  return label.endsWith(')') ? `${label.slice(0, -1)}, ${outcome})` : `${label} (${outcome})`;
}

const stateLabels: Record<NonNullable<HistoryEntry['state']>, string> = {
  pending: 'pending',
  started: 'started',
  completed: 'completed',
  failed: 'failed',
  timedOut: 'timed out',
  canceled: 'canceled',
  terminated: 'terminated',
  continuedAsNew: 'continued as new',
  fired: 'fired',
  notCompleted: 'not completed',
};

const closings: Partial<Record<RunStatus, string>> = {
  Completed: 'completed',
  Failed: 'failed',
  Canceled: 'ended as canceled',
  Terminated: 'was terminated',
  ContinuedAsNew: 'continued as new',
  TimedOut: 'timed out',
};
