import type { ResetPoint } from '../api/reset-point';
import type { ResetPointsPage } from '../api/reset-points';
import { invalidPageToken, readPageToken, writePageToken } from './page-token';
import { commandLabel, endingOf, oneLine, triggerOf } from './reset/event-labels';
import { resetPointLabel } from './reset/reset-point-label';
import type { LabelInput } from './reset/reset-point-label';
import { buildIdOf, taskEnd } from './reset/workflow-task';
import { TemporalRejection } from './temporal/errors';
import { describeExecution } from './temporal/executions';
import type { DescribedExecution } from './temporal/executions';
import { eventsNewestFirst, searchPageSize } from './temporal/history';
import type { NumberedEvent } from './temporal/history';
import { toNumber } from './temporal/to-number';
import type { HistoryEvent, NamespaceClient, WorkflowExecution } from './temporal/namespace-client';
import { epochMilliseconds, rfc3339 } from './temporal/time';

/** Where the next page of the list begins, and what its labels need of the events before. */
interface Position {
  runId: string;
  /** Only events older than this one are still to be read. */
  before: number;
  /** The server's token for its page with the next event, in base64url; absent for its first page. */
  page?: string;
  /** How activities and others ended whose first event has not been reached, by the id of that event. */
  outcomes: [eventId: number, label: string][];
}

/** Points that a refusal lists, the newest. */
const MAX_SHOWN_IN_REFUSAL = 20;

/** Endings that a page token carries over to the labels of the next page. */
const MAX_OUTCOMES_CARRIED = 50;

/** The label of the only point of a run in which no workflow task has ended. */
const UNTAKEN_TASK_LABEL = 'first workflow task, which has not ended';

/**
 * The reset points of a run, newest first: the events that ended its workflow tasks, or, where none has ended, the event
 * after the one that scheduled the first. Reads no more of the history than the page needs and what shows whether there is
 * another page.
 *
 * @throws {OperationFailure} `workflow-not-found`, `run-not-found`, or `invalid-request` for a token of another list
 */
export async function listResetPoints(
  client: NamespaceClient,
  execution: WorkflowExecution,
  { size, token }: { size: number; token?: string },
): Promise<ResetPointsPage> {
  const { workflowId } = execution;
  const identity = ['reset-points', client.namespace, workflowId];
  const position = readPageToken(token, identity) as Position | undefined;
  if (token !== undefined && execution.runId !== undefined && execution.runId !== position?.runId) {
    throw invalidPageToken(token);
  }
  const page = position?.page === undefined ? undefined : Buffer.from(position.page, 'base64url');
  const run = await describeExecution(client, { workflowId, runId: position?.runId ?? execution.runId });
  const list = new Listing(run, size, position);
  try {
    for await (const numbered of eventsNewestFirst(client, run, searchPageSize(run.description), page)) {
      if (position && numbered.eventId >= position.before) continue;
      if (!list.add(numbered)) break;
    }
  } catch (error) {
    // Of this call's arguments, only the server's own token comes from the caller.
    if (page && error instanceof TemporalRejection && error.invalid) throw invalidPageToken(token ?? '');
    throw error;
  }
  const { points, next } = list.finish();
  return {
    namespace: client.namespace,
    workflowId,
    runId: run.runId,
    resetPoints: points,
    ...(next && { nextPageToken: writePageToken(identity, next) }),
  };
}

export async function newestResetPoints(
  client: NamespaceClient,
  execution: Required<WorkflowExecution>,
): Promise<ResetPoint[]> {
  return (await listResetPoints(client, execution, { size: MAX_SHOWN_IN_REFUSAL })).resetPoints;
}

/** Builds points from events, read newest first. */
class Listing {
  private readonly labelInputs: LabelInput[] = [];
  /** How activities and others ended, by the id of the event that began them, which follows. Empty: completed. */
  private readonly outcomes: Map<number, string>;
  /** Names of activities and Nexus operations, by the id of the event that began them. */
  private readonly names = new Map<number, string>();
  private readonly pending: Map<string, string>;
  /** Commands read since the last task's end: they belong to the next one. */
  private commands: string[] = [];
  private last?: Position;
  private more = false;
  /** The event that came before in the list: the next one in the history. */
  private following?: HistoryEvent;
  /** The event after the one that scheduled the first workflow task. */
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
        `attempt ${attempt ?? 1} pending${lastFailure ? ` after: ${oneLine(lastFailure.message ?? '')}` : ''}`,
      ]),
    );
  }

  /** @returns whether events are still wanted */
  add({ event, eventId, pageToken }: NumberedEvent): boolean {
    this.collect(event, eventId);
    if (event.workflowTaskScheduledEventAttributes) this.afterFirstScheduled = this.following;
    this.following = event;
    if (taskEnd(event)) {
      if (this.labelInputs.length === this.size) {
        this.more = true;
        return false;
      }
      this.labelInputs.push({ end: event, commands: this.commands, triggers: [], first: false });
      this.commands = [];
      this.last = {
        runId: this.run.runId,
        before: eventId,
        ...(pageToken && { page: Buffer.from(pageToken).toString('base64url') }),
        outcomes: [...this.outcomes].slice(-MAX_OUTCOMES_CARRIED),
      };
      return true;
    }
    const command = commandLabel(event, this.outcomes.get(eventId));
    if (command !== undefined) this.commands.push(command);
    const trigger = triggerOf(event);
    if (trigger) this.labelInputs.at(-1)?.triggers.push(trigger);
    this.outcomes.delete(eventId);
    return true;
  }

  finish(): { points: ResetPoint[]; next?: Position } {
    const oldest = this.labelInputs.at(-1);
    if (oldest && !this.more) oldest.first = true;
    const untaken = oldest || this.position ? undefined : this.afterFirstScheduled;
    if (untaken) return { points: [this.point(untaken, UNTAKEN_TASK_LABEL)] };
    const initiator = (eventId: number) => this.names.get(eventId) ?? `an activity (event ${eventId})`;
    return {
      points: this.labelInputs.map((input) => this.point(input.end, resetPointLabel(input, initiator))),
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
    const nexus = event.nexusOperationScheduledEventAttributes;
    if (nexus) this.names.set(eventId, `${nexus.service}.${nexus.operation}`);
  }

  /** An activity's start comes before its end in the history, so after it here. */
  private collectAttempt(scheduledBy: number, attempt: number): void {
    const ending = this.outcomes.get(scheduledBy);
    if (ending) this.outcomes.set(scheduledBy, `attempt ${attempt} ${ending}`);
    else if (ending === '' && attempt > 1) this.outcomes.set(scheduledBy, `completed on attempt ${attempt}`);
  }

  private point(event: HistoryEvent, label: string): ResetPoint {
    const eventId = toNumber(event.eventId);
    const buildId = buildIdOf(event);
    return {
      eventId,
      time: rfc3339(event.eventTime),
      label,
      buildId,
      resettable: this.resettable(eventId),
    };
  }

  /** Whether the server's automatic reset points exclude this one. */
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
