import type { HistoryEvent } from '../temporal/namespace-client';
import type { TaskCause } from '../temporal/event-labels';
import { resetReason, taskFailure } from '../temporal/workflow-task';

/** Maximum commands or causes to name in a label, before "and 2 more". */
const MAX_NAMED = 3;

/** What the label of a reset point is made from. */
export interface LabelInput {
  /** The event that ended the task. */
  end: HistoryEvent;
  /** Labels of the task's commands, newest first. A reset runs them again. */
  commands: string[];
  /** What caused the task since the task before, newest first. A reset keeps it. */
  causes: TaskCause[];
  /** Whether it is the run's first workflow task. */
  first: boolean;
}

/**
 * Returns a label for the reset point at the end of a workflow task: what a reset runs again, or otherwise what happened just
 * before.
 * @param initiator returns the name of what the event with this ID started
 */
export function resetPointLabel(
  { end, commands, causes, first }: LabelInput,
  initiator: (eventId: number) => string,
): string {
  const before = commands.toReversed();
  const after = causes
    .toReversed()
    .map(({ label, initiatedBy }) => (initiatedBy === undefined ? label : `${initiator(initiatedBy)} ${label}`));
  const reset = resetReason(end);
  const parts = [
    first && 'first workflow task',
    before.length > 0 ? `before ${enumerate(before)}` : after.length > 0 && `after ${enumerate(after)}`,
    reset !== undefined && `where an earlier reset started: ${reset}`,
    taskFailure(end),
  ];
  return parts.filter(Boolean).join(', ') || 'workflow task';
}

function enumerate(names: string[]): string {
  const named = names.slice(0, MAX_NAMED);
  const more = names.length - named.length;
  return [...named.slice(0, -1), more > 0 ? `${named.at(-1)} and ${more} more` : named.at(-1)].join(', ');
}
