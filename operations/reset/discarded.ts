import type { Discarded, Fate, ReapplyType } from '../../api/reset';
import type { DescribedExecution } from '../temporal/executions';
import { searchNewestFirst } from '../temporal/history';
import { durationSeconds, epochMilliseconds } from '../temporal/time';
import { toNumber } from '../temporal/to-number';
import type { HistoryEvent, NamespaceClient } from '../temporal/namespace-client';
import { activityStartedBy } from './before-activity';
import { endingOf, nexusOperationName } from '../temporal/event-labels';
import type { Ending } from '../temporal/event-labels';

/** The total number of items, and the newest items, newest first. */
interface Counted<Item> {
  total: number;
  newest: Item[];
}

/** The state of what is in one of the lists. */
type StateIn<List extends 'activities' | 'timers'> = Discarded[List]['newest'][number]['state'];

/** Maximum items to list of each kind. */
const MAX_LISTED = 50;

/** Maximum events to read before the reset point, to find the names of activities that were scheduled before it and ended after. */
const MAX_EVENTS_FOR_NAMES = 1000;

/**
 * Summarizes what a reset discards: the events at and after the reset point. Reads them newest first, and keeps only the
 * items to list, so that long histories need little memory. Counts the signals and updates of later runs as well: the server
 * reapplies them.
 */
export async function discardedBy(
  client: NamespaceClient,
  { run, eventId, later }: { run: DescribedExecution; eventId: number; later: DescribedExecution[] },
  excludeReapply: readonly ReapplyType[] = [],
): Promise<Discarded> {
  const counter = new DiscardedCounter(excludeReapply);
  for (const each of later.toReversed()) {
    for await (const { event, eventId: id } of searchNewestFirst(client, each)) {
      counter.addMessage(event, id, each.runId);
    }
  }
  let eventsBeyond = 0;
  for await (const { event, eventId: id } of searchNewestFirst(client, run)) {
    if (id >= eventId) counter.discard(event, id);
    else {
      eventsBeyond += 1;
      if (!counter.needsEvents(eventsBeyond)) break;
      counter.addBefore(event, id);
    }
  }
  return counter.result();
}

class DiscardedCounter {
  private readonly found: Discarded = {
    events: 0,
    activities: { total: 0, newest: [] },
    timers: { total: 0, newest: [] },
    children: { total: 0, newest: [] },
    signals: { total: 0, newest: [] },
    updates: { total: 0, newest: [] },
    nexusOperations: { total: 0, newest: [] },
    signalsToWorkflows: { total: 0, newest: [] },
    cancelsToWorkflows: { total: 0, newest: [] },
    cancelRequests: 0,
  };
  /** Ends of what was started, by the ID of the start event, which has not been read yet. */
  private readonly endings = new Map<number, Ended>();
  /** Nexus operations of `endings` that had started before the reset point. */
  private readonly startedBefore = new Set<number>();

  constructor(private readonly excluded: readonly ReapplyType[]) {}

  discard(event: HistoryEvent, eventId: number): void {
    this.found.events += 1;
    const ended = endingOf(event) ?? timerEnd(event) ?? nexusOperationStart(event);
    if (ended && !this.endings.has(ended.initiatedBy)) this.endings.set(ended.initiatedBy, ended);
    this.addStarted(event, eventId);
    this.addMessage(event, eventId);
    if (event.workflowExecutionCancelRequestedEventAttributes) this.found.cancelRequests += 1;
  }

  /** @param runId the event's run, if that is not the one that is reset */
  addMessage(event: HistoryEvent, eventId: number, runId?: string): void {
    const place = { eventId, runId };
    const signal = event.workflowExecutionSignaledEventAttributes;
    if (signal) add(this.found.signals, { name: signal.signalName ?? '', ...place, fate: this.fate('signals') });
    const admitted = event.workflowExecutionUpdateAdmittedEventAttributes;
    // Only one of the two events has the request: the server reapplies the admission if there is one, else the acceptance.
    const accepted = event.workflowExecutionUpdateAcceptedEventAttributes;
    const update = admitted?.request ?? accepted?.acceptedRequest;
    if (update) add(this.found.updates, { name: update.input?.name ?? '', ...place, fate: this.fate('updates') });
  }

  private addStarted(event: HistoryEvent, eventId: number): void {
    const ended = this.endings.get(eventId)?.state ?? 'pending';
    // An event that starts a timer has the end of one, and the others have theirs.
    const state = ended as StateIn<'activities'>;
    const activity = activityStartedBy(event);
    if (activity) {
      const marker = event.markerRecordedEventAttributes;
      const recorded = marker?.failure ? 'failed' : 'completed';
      add(this.found.activities, {
        ...activity,
        eventId,
        ...(marker && { local: true as const }),
        state: marker ? recorded : state,
      });
    }
    const timer = event.timerStartedEventAttributes;
    if (timer) add(this.found.timers, { timerId: timer.timerId ?? '', eventId, state: ended as StateIn<'timers'> });
    const child = event.startChildWorkflowExecutionInitiatedEventAttributes;
    if (child) {
      add(this.found.children, {
        workflowId: child.workflowId ?? '',
        workflowType: child.workflowType?.name ?? '',
        eventId,
        state,
        fate: 'reexecuted',
      });
    }
    const nexus = nexusOperationName(event);
    if (nexus !== undefined) add(this.found.nexusOperations, { name: nexus, eventId, state, fate: 'reexecuted' });
    this.addSent(event, eventId);
    this.endings.delete(eventId);
  }

  /** Adds what the workflow sent to other workflows. */
  private addSent(event: HistoryEvent, eventId: number): void {
    const signal = event.signalExternalWorkflowExecutionInitiatedEventAttributes;
    if (signal) {
      const workflowId = signal.workflowExecution?.workflowId ?? '';
      add(this.found.signalsToWorkflows, { name: signal.signalName ?? '', workflowId, eventId });
    }
    const cancel = event.requestCancelExternalWorkflowExecutionInitiatedEventAttributes;
    if (cancel) add(this.found.cancelsToWorkflows, { workflowId: cancel.workflowExecution?.workflowId ?? '', eventId });
  }

  /**
   * Whether events before the reset point are needed, after this many of them: for the name of what was started there and
   * ended after it. The fate of a Nexus operation depends on them, so that they are read up to its start.
   */
  needsEvents(read: number): boolean {
    const ended = [...this.endings.values()];
    return ended.some(
      ({ kind }) => read <= MAX_EVENTS_FOR_NAMES || (kind === 'nexusOperation' && this.excluded.includes('nexus')),
    );
  }

  /** Adds what the event before the reset point started, if it ended after the point. */
  addBefore(event: HistoryEvent, eventId: number): void {
    const started = nexusOperationStart(event);
    if (started) this.startedBefore.add(started.initiatedBy);
    const ending = this.endings.get(eventId);
    if (!ending) return;
    this.endings.delete(eventId);
    this.addEnded(eventId, ending, event);
  }

  result(): Discarded {
    for (const [eventId, ending] of this.endings) this.addEnded(eventId, ending);
    return this.found;
  }

  /** @param start the event that started it; undefined if that is too far back to be read */
  private addEnded(eventId: number, ended: Ended, start?: HistoryEvent): void {
    if (ended.kind === 'timer') {
      add(this.found.timers, { timerId: ended.timerId, eventId, state: ended.state });
      return;
    }
    const { kind, state } = ended;
    if (kind === 'activity') add(this.found.activities, { ...(start && activityStartedBy(start)), eventId, state });
    if (kind === 'childWorkflow') {
      const workflowId = start?.startChildWorkflowExecutionInitiatedEventAttributes?.workflowId ?? undefined;
      add(this.found.children, { workflowId, workflowType: ended.childType, eventId, state, fate: 'reapplied' });
    }
    if (kind === 'nexusOperation') {
      const name = start && nexusOperationName(start);
      add(this.found.nexusOperations, { name, eventId, state, fate: this.nexusFate(eventId, start) });
    }
  }

  /**
   * Without the events that followed, the server calls an operation again. It does not if the history before the point says
   * that the operation has started, or if its timeout has passed: then it ends in the new run by its timeout.
   */
  private nexusFate(scheduledEventId: number, start?: HistoryEvent): Fate {
    if (!this.excluded.includes('nexus')) return 'reapplied';
    return this.startedBefore.has(scheduledEventId) || hasTimedOut(start) ? 'dropped' : 'reexecuted';
  }

  private fate(kind: ReapplyType): Fate {
    return this.excluded.includes(kind) ? 'dropped' : 'reapplied';
  }
}

/** The end of what an event started. A Nexus operation that has started but not ended is `pending`. */
type Ended = (Omit<Ending, 'state' | 'label'> & { state: Ending['state'] | 'pending' }) | TimerEnd;

interface TimerEnd {
  kind: 'timer';
  /** ID of its TimerStarted event. */
  initiatedBy: number;
  state: 'fired' | 'canceled';
  timerId: string;
}

function timerEnd(event: HistoryEvent): TimerEnd | undefined {
  const fired = event.timerFiredEventAttributes;
  const ended = fired ?? event.timerCanceledEventAttributes;
  if (!ended) return undefined;
  const state = fired ? 'fired' : 'canceled';
  return { kind: 'timer', initiatedBy: toNumber(ended.startedEventId), state, timerId: ended.timerId ?? '' };
}

/** A Nexus operation that this event records as started. Operations that end at once have no such event. */
function nexusOperationStart(event: HistoryEvent): Ended | undefined {
  const started = event.nexusOperationStartedEventAttributes;
  if (!started) return undefined;
  return { kind: 'nexusOperation', initiatedBy: toNumber(started.scheduledEventId), state: 'pending' };
}

/** Whether the timeout of a Nexus operation has passed; 0 or absent means none. */
function hasTimedOut(scheduling: HistoryEvent | undefined): boolean {
  const timeout = durationSeconds(scheduling?.nexusOperationScheduledEventAttributes?.scheduleToCloseTimeout);
  return timeout > 0 && (epochMilliseconds(scheduling?.eventTime) ?? 0) + timeout * 1000 <= Date.now();
}

function add<Item>(list: Counted<Item>, item: Item): void {
  list.total += 1;
  if (list.newest.length < MAX_LISTED) list.newest.push(item);
}
