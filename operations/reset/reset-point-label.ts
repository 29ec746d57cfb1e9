import type { HistoryEvent } from '../temporal/namespace-client';
import type { Trigger } from './event-labels';
import { resetReason, taskFailure } from './workflow-task';

/** Commands or wakes that a label names before it says how many more there are. */
const MAX_NAMED = 3;

/** What the labels of reset points are made of. */
export interface LabelInput {
  /** The event that ended the task. */
  end: HistoryEvent;
  /** What the task commanded, in words, newest first: it will run again after a reset. */
  commands: string[];
  /** What came in since the task before and gave the workflow this one, newest first: it is kept. */
  triggers: Trigger[];
  first: boolean;
}

/**
 * What a reset to the end of this workflow task means to a person: what will run again, or else what had happened just
 * before.
 * @param initiator what the event with this id began is called
 */
export function resetPointLabel(
  { end, commands, triggers, first }: LabelInput,
  initiator: (eventId: number) => string,
): string {
  const before = commands.toReversed();
  const after = triggers
    .toReversed()
    .map(({ label, initiatedBy }) => (initiatedBy === undefined ? label : `${initiator(initiatedBy)} ${label}`));
  const reset = resetReason(end);
  const parts = [
    first && 'first workflow task',
    before.length > 0 ? `before ${enumerated(before)}` : after.length > 0 && `after ${enumerated(after)}`,
    reset !== undefined && `where an earlier reset began: ${reset}`,
    taskFailure(end),
  ];
  return parts.filter(Boolean).join(', ') || 'workflow task';
}

function enumerated(names: string[]): string {
  const named = names.slice(0, MAX_NAMED);
  const more = names.length - named.length;
  return [...named.slice(0, -1), more > 0 ? `${named.at(-1)} and ${more} more` : named.at(-1)].join(', ');
}
