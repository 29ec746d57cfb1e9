import type { ResetPoint } from '../api/reset-point';
import type { ResetPointsPage } from '../api/reset-points';
import { encodedPage, listFromHistory } from './history-list';
import type { HistoryListBuilder, HistoryPosition } from './history-list';
import type { PageRequest } from './page-token';
import { commandLabel, endingOf, nexusOperationName, oneLine, taskCause } from './temporal/event-labels';
import { resetPointLabel } from './reset/reset-point-label';
import type { LabelInput } from './reset/reset-point-label';
import { buildOf, taskEnd } from './temporal/workflow-task';
import { isOpen } from './temporal/enums';
import type { DescribedExecution } from './temporal/executions';
import type { NumberedEvent } from './temporal/history';
import { toNumber } from './temporal/to-number';
import type { HistoryEvent, NamespaceClient, WorkflowExecution } from './temporal/namespace-client';
import { epochMilliseconds, rfc3339 } from './temporal/time';

/** Where the next page of the list starts, and what its labels need of newer events. */
interface Position extends HistoryPosition {
  /** Outcomes of activities and the like, by the ID of their first event, which has not been read yet. */
  outcomes: [eventId: number, label: string][];
}

/** Maximum reset points to list in a refusal. */
const MAX_SHOWN_IN_REFUSAL = 20;

/** Maximum outcomes to store in a page token. */
const MAX_OUTCOMES_CARRIED = 50;

/** Label of the only reset point of a run in which no workflow task has ended. */
const UNFINISHED_FIRST_TASK_LABEL = 'first workflow task, which has not ended';

/**
 * Lists the reset points of a run, newest first: the events that ended its workflow tasks; or, if none has ended, the event
 * after the first WorkflowTaskScheduled event.
 *
 * @throws {OperationFailure} `workflow-not-found`, `run-not-found`, or `invalid-request` for a page token of another list
 */
export async function listResetPoints(
  client: NamespaceClient,
  execution: WorkflowExecution,
  { size, token }: PageRequest,
): Promise<ResetPointsPage> {
  const { run, items, nextPageToken } = await listFromHistory(
    client,
    'reset-points',
    execution,
    token,
    (described, position: Position | undefined) => new Listing(described, size, position),
  );
  return { ...run, resetPoints: items, nextPageToken };
}

export async function newestResetPoints(
  client: NamespaceClient,
  execution: Required<WorkflowExecution>,
): Promise<ResetPoint[]> {
  return (await listResetPoints(client, execution, { size: MAX_SHOWN_IN_REFUSAL })).resetPoints;
}

/** Builds reset points from events. */
class Listing implements HistoryListBuilder<ResetPoint, Position> {
  private readonly labelInputs: LabelInput[] = [];
  /** Outcomes of activities and the like, by the ID of their first event, which is added later. Empty if completed. */
  private readonly outcomes: Map<number, string>;
  /** Names of activities and Nexus operations, by the ID of their first event. */
  private readonly names = new Map<number, string>();
  private readonly pending: Map<string, string>;
  /** Commands read since the end of a task, which belong to the next task to be read, an older one. */
  private commands: string[] = [];
  private last?: Position;
  private more = false;
  /** The event added last, which follows in the history. */
  private following?: HistoryEvent;
  /** The event after the first WorkflowTaskScheduled event. */
  private afterFirstScheduled?: HistoryEvent;

  constructor(
    private readonly run: DescribedExecution,
    private readonly size: number,
    private readonly position: Position | undefined,
  ) {
    this.outcomes = new Map(position?.outcomes);
    this.pending = new Map(
      run.description.pendingActivities.map(({ activityId, attempt, lastFailure }) => [
        activityId ?? '',
        `attempt ${attempt ?? 1} ${isOpen(run.status) ? 'pending' : 'not completed'}${lastFailure ? ` after: ${oneLine(lastFailure.message ?? '')}` : ''}`,
      ]),
    );
  }

  add({ event, eventId, pageToken }: NumberedEvent): boolean {
    if (eventId >= (this.position?.before ?? Infinity)) return true;
    this.collect(event, eventId);
    if (event.workflowTaskScheduledEventAttributes) this.afterFirstScheduled = this.following;
    this.following = event;
    if (taskEnd(event)) {
      if (this.labelInputs.length === this.size) {
        this.more = true;
        return false;
      }
      this.labelInputs.push({ end: event, commands: this.commands, causes: [], first: false });
      this.commands = [];
      this.last = {
        runId: this.run.runId,
        before: eventId,
        page: encodedPage(pageToken),
        outcomes: [...this.outcomes].slice(-MAX_OUTCOMES_CARRIED),
      };
      return true;
    }
    const command = commandLabel(event, this.outcomes.get(eventId));
    if (command !== undefined) this.commands.push(command);
    const cause = taskCause(event);
    if (cause) this.labelInputs.at(-1)?.causes.push(cause);
    this.outcomes.delete(eventId);
    return true;
  }

  finish(): { items: ResetPoint[]; next?: Position } {
    const oldest = this.labelInputs.at(-1);
    if (oldest && !this.more) oldest.first = true;
    const unfinished = oldest || this.position ? undefined : this.afterFirstScheduled;
    if (unfinished) return { items: [this.point(unfinished, UNFINISHED_FIRST_TASK_LABEL)] };
    const initiator = (eventId: number) => this.names.get(eventId) ?? `an activity (event ${eventId})`;
    return {
      items: this.labelInputs.map((input) => this.point(input.end, resetPointLabel(input, initiator))),
      ...(this.more && { next: this.last }),
    };
  }

  private collect(event: HistoryEvent, eventId: number): void {
    const ending = endingOf(event);
    if (ending) this.outcomes.set(ending.initiatedBy, ending.state === 'completed' ? '' : ending.label);
    const started = event.activityTaskStartedEventAttributes;
    if (started) this.collectAttempt(toNumber(started.scheduledEventId), started.attempt ?? 1);
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (scheduled) {
      this.names.set(eventId, scheduled.activityType?.name ?? 'an activity');
      const outcome = this.pending.get(scheduled.activityId ?? '');
      if (outcome !== undefined && !this.outcomes.has(eventId)) this.outcomes.set(eventId, outcome);
    }
    const nexus = nexusOperationName(event);
    if (nexus !== undefined) this.names.set(eventId, nexus);
  }

  /** Adds the attempt number to an activity's outcome, which was read before its start event. */
  private collectAttempt(scheduledBy: number, attempt: number): void {
    const ending = this.outcomes.get(scheduledBy);
    if (ending) this.outcomes.set(scheduledBy, `attempt ${attempt} ${ending}`);
    else if (ending === '' && attempt > 1) this.outcomes.set(scheduledBy, `completed on attempt ${attempt}`);
  }

  private point(event: HistoryEvent, label: string): ResetPoint {
    const eventId = toNumber(event.eventId);
    return {
      eventId,
      time: rfc3339(event.eventTime),
      label,
      ...buildOf(event),
      resettable: this.resettable(eventId),
    };
  }

  /** Returns false if the server's auto-reset points mark this event as not resettable, or expired. */
  private resettable(eventId: number): boolean {
    const { runId, description } = this.run;
    const point = description.workflowExecutionInfo?.autoResetPoints?.points?.find(
      (known) => known.runId === runId && toNumber(known.firstWorkflowTaskCompletedId) === eventId,
    );
    if (!point) return true;
    const expires = epochMilliseconds(point.expireTime);
    return (point.resettable ?? false) && (!expires || expires > Date.now());
  }
}
