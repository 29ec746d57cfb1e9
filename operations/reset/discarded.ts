import type {
  Discarded,
  DiscardedActivity,
  DiscardedChild,
  DiscardedMessage,
  DiscardedTimer,
  Fate,
  ReapplyType,
} from '../../api/reset';
import type { DescribedExecution } from '../temporal/executions';
import { eventsNewestFirst, searchPageSize } from '../temporal/history';
import { toNumber } from '../temporal/to-number';
import type { HistoryEvent, NamespaceClient } from '../temporal/namespace-client';
import { activityStartedBy } from './before-activity';
import { endingOf } from './event-labels';
import type { Ending } from './event-labels';

/** The total number of items, and the newest items, newest first. */
export interface Counted<Item> {
  total: number;
  newest: Item[];
}

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
    for await (const { event, eventId: id } of eventsNewestFirst(client, each, searchPageSize(each.description))) {
      counter.addMessage(event, id, each.runId);
    }
  }
  let eventsBeyond = 0;
  for await (const { event, eventId: id } of eventsNewestFirst(client, run, searchPageSize(run.description))) {
    if (id >= eventId) counter.discard(event, id);
    else {
      eventsBeyond += 1;
      if (!counter.needsNames || eventsBeyond > MAX_EVENTS_FOR_NAMES) break;
      counter.addName(event, id);
    }
  }
  return counter.result();
}

class DiscardedCounter {
  private events = 0;
  private cancelRequests = 0;
  private readonly activities = emptyCount<DiscardedActivity>();
  private readonly timers = emptyCount<DiscardedTimer>();
  private readonly children = emptyCount<DiscardedChild>();
  private readonly signals = emptyCount<DiscardedMessage>();
  private readonly updates = emptyCount<DiscardedMessage>();
  private readonly nexusOperations = emptyCount<{ name: string; eventId: number }>();
  private readonly signalsToWorkflows = emptyCount<Discarded['signalsToWorkflows']['newest'][number]>();
  private readonly cancelsToWorkflows = emptyCount<Discarded['cancelsToWorkflows']['newest'][number]>();
  /** Ends of activities, children and timers, by the ID of the start event, which has not been read yet. */
  private readonly endings = new Map<number, Ending | { state: 'fired' | 'canceled'; timerId: string }>();

  constructor(private readonly excluded: readonly ReapplyType[]) {}

  discard(event: HistoryEvent, eventId: number): void {
    this.events += 1;
    const ending = endingOf(event) ?? timerEnding(event);
    if (ending) this.endings.set('initiatedBy' in ending ? ending.initiatedBy : ending.startedBy, ending);
    this.addStarted(event, eventId);
    this.addMessage(event, eventId);
    if (event.workflowExecutionCancelRequestedEventAttributes) this.cancelRequests += 1;
  }

  /** @param runId the event's run, if that is not the one that is reset */
  addMessage(event: HistoryEvent, eventId: number, runId?: string): void {
    const place = { eventId, ...(runId !== undefined && { runId }) };
    const signal = event.workflowExecutionSignaledEventAttributes;
    if (signal) add(this.signals, { name: signal.signalName ?? '', ...place, fate: this.fate('signals') });
    const admitted = event.workflowExecutionUpdateAdmittedEventAttributes;
    // Only one of the two events has the request: the server reapplies the admission if there is one, else the acceptance.
    const accepted = event.workflowExecutionUpdateAcceptedEventAttributes;
    const update = admitted?.request ?? accepted?.acceptedRequest;
    if (update) add(this.updates, { name: update.input?.name ?? '', ...place, fate: this.fate('updates') });
  }

  private addStarted(event: HistoryEvent, eventId: number): void {
    const state = this.endings.get(eventId)?.state;
    const activity = activityStartedBy(event);
    if (activity) {
      const marker = event.markerRecordedEventAttributes;
      const ended = marker ? (marker.failure ? 'failed' : 'completed') : (state as Ending['state'] | undefined);
      add(this.activities, {
        ...activity,
        eventId,
        ...(marker && { local: true as const }),
        state: ended ?? 'pending',
      });
    }
    const timer = event.timerStartedEventAttributes;
    if (timer) {
      const ended = state as DiscardedTimer['state'] | undefined;
      add(this.timers, { timerId: timer.timerId ?? '', eventId, state: ended ?? 'pending' });
    }
    const child = event.startChildWorkflowExecutionInitiatedEventAttributes;
    if (child) {
      add(this.children, {
        workflowId: child.workflowId ?? '',
        workflowType: child.workflowType?.name ?? '',
        eventId,
        state: (state as Ending['state'] | undefined) ?? 'pending',
        fate: 'reexecuted',
      });
    }
    const nexus = event.nexusOperationScheduledEventAttributes;
    if (nexus) add(this.nexusOperations, { name: `${nexus.service}.${nexus.operation}`, eventId });
    this.addSent(event, eventId);
    this.endings.delete(eventId);
  }

  /** Adds what the workflow sent to other workflows. */
  private addSent(event: HistoryEvent, eventId: number): void {
    const signal = event.signalExternalWorkflowExecutionInitiatedEventAttributes;
    if (signal) {
      const workflowId = signal.workflowExecution?.workflowId ?? '';
      add(this.signalsToWorkflows, { name: signal.signalName ?? '', workflowId, eventId });
    }
    const cancel = event.requestCancelExternalWorkflowExecutionInitiatedEventAttributes;
    if (cancel) add(this.cancelsToWorkflows, { workflowId: cancel.workflowExecution?.workflowId ?? '', eventId });
  }

  /** Whether there are ends whose start event is before the reset point. */
  get needsNames(): boolean {
    return this.endings.size > 0;
  }

  addName(event: HistoryEvent, eventId: number): void {
    const ending = this.endings.get(eventId);
    if (!ending) return;
    this.endings.delete(eventId);
    this.addEnded(eventId, ending, event);
  }

  result(): Discarded {
    for (const [eventId, ending] of this.endings) this.addEnded(eventId, ending);
    const { events, activities, timers, children, signals, updates, nexusOperations, cancelRequests } = this;
    const { signalsToWorkflows, cancelsToWorkflows } = this;
    const sent = { signalsToWorkflows, cancelsToWorkflows };
    return { events, activities, timers, children, signals, updates, nexusOperations, ...sent, cancelRequests };
  }

  private addEnded(
    eventId: number,
    ending: Ending | { state: 'fired' | 'canceled'; timerId: string },
    start?: HistoryEvent,
  ) {
    if ('timerId' in ending) {
      add(this.timers, { timerId: ending.timerId, eventId, state: ending.state });
    } else if (ending.childType === undefined) {
      const nexus = start?.nexusOperationScheduledEventAttributes;
      if (nexus) return;
      add(this.activities, { ...(start && activityStartedBy(start)), eventId, state: ending.state });
    } else {
      const child = start?.startChildWorkflowExecutionInitiatedEventAttributes;
      const workflowId = child?.workflowId ?? undefined;
      const { childType: workflowType, state } = ending;
      add(this.children, { workflowId, workflowType, eventId, state, fate: 'reapplied' });
    }
  }

  private fate(kind: ReapplyType): Fate {
    return this.excluded.includes(kind) ? 'dropped' : 'reapplied';
  }
}

function timerEnding(event: HistoryEvent) {
  const fired = event.timerFiredEventAttributes;
  if (fired)
    return { startedBy: toNumber(fired.startedEventId), state: 'fired' as const, timerId: fired.timerId ?? '' };
  const canceled = event.timerCanceledEventAttributes;
  return (
    canceled && {
      startedBy: toNumber(canceled.startedEventId),
      state: 'canceled' as const,
      timerId: canceled.timerId ?? '',
    }
  );
}

function emptyCount<Item>(): Counted<Item> {
  return { total: 0, newest: [] };
}

function add<Item>(list: Counted<Item>, item: Item): void {
  list.total += 1;
  if (list.newest.length < MAX_LISTED) list.newest.push(item);
}
