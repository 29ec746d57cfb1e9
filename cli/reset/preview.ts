import type { components } from '../../client/openapi';
import { printable } from '../output/quote';

export type ResetPreview = components['schemas']['ResetPreview'];
type Discarded = ResetPreview['discarded'];
type Orphans = 'leave' | 'cancel' | 'terminate';

/** The effect of a reset, as lines with two columns. */
export const previewLines = (preview: ResetPreview, orphans?: Orphans): string[] =>
  previewRows(preview, orphans).map(([name, text]) => `  ${name.padEnd(14)}  ${printable(text)}`);

/** The effect of a reset: what it keeps, what runs again, what is lost. */
export function previewRows(preview: ResetPreview, orphans: Orphans = 'leave'): [name: string, value: string][] {
  const { discarded, pendingActivities, orphanedChildren, terminatesRunId, runId } = preview;
  const { children, nexusOperations } = discarded;
  const { scheduleId, moreLaterRuns } = preview;
  const rows: [name: string, value: string][] = [
    ['point', `event ${preview.eventId}: ${preview.why}`],
    ['kept', `events 1 to ${preview.eventId - 1}`],
    ['discarded', discardedOf(discarded)],
    [
      'runs again',
      counts(
        discarded.activities.newest.map(({ activityType }) => activityType ?? 'a local activity'),
        discarded.activities.total,
      ),
    ],
    [
      'timers again',
      counts(
        discarded.timers.newest.map(({ timerId }) => timerId),
        discarded.timers.total,
      ),
    ],
    ['children again', countsOf(children, 'reexecuted', ({ workflowType }) => workflowType ?? 'child')],
    ['Nexus again', countsOf(nexusOperations, 'reexecuted', ({ name }) => name ?? 'an operation')],
    ['sent again', sentAgain(discarded)],
    [
      'carried over',
      joined(messagesOf(discarded, 'reapplied'), countsOf(nexusOperations, 'reapplied', nexusOperation)),
    ],
    ['dropped', messagesOf(discarded, 'dropped')],
    ['cancellation', preview.cancelRequested ? 'was requested before the point, and the new run has it too' : ''],
    [
      'in flight',
      counts(
        pendingActivities.map(({ activityType, attempt, state }) => `${activityType} (${state}, attempt ${attempt})`),
      ),
    ],
    ['pause ends', pausesOf(preview)],
    [
      'orphans',
      orphansOf(
        orphanedChildren.map(({ workflowId }) => workflowId),
        preview.orphanedChildrenTotal,
        orphans,
      ),
    ],
    [
      'no result from',
      joined(
        counts(
          preview.missingChildResults.map(({ workflowId }) => `${workflowId}, which had closed`),
          preview.missingChildResultsTotal,
        ),
        countsOf(nexusOperations, 'dropped', nexusOperation),
      ),
    ],
    [
      'terminates',
      terminatesRunId === undefined
        ? ''
        : `run ${terminatesRunId}${terminatesRunId === runId ? ', which is reset' : ', the live run, which is not the run that is reset'}`,
    ],
    ['ended with it', endedWith(preview)],
    [
      'not read',
      moreLaterRuns ? 'signals, updates and children of further runs that continued it as new: there are too many' : '',
    ],
    [
      'schedule',
      scheduleId === undefined ? '' : `${scheduleId} started it; its next action may start while the new run is open`,
    ],
  ];
  return rows.filter(([, text]) => text !== '');
}

/** The effect of a reset in one line, for lists. */
export const previewLine = ({ workflowId, eventId, why, discarded }: ResetPreview): string =>
  `  ${printable(workflowId)}  event ${eventId}, ${many(discarded.events, 'event')} discarded: ${printable(why)}`;

const many = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

function discardedOf({ events, cancelRequests, nexusOperations }: Discarded): string {
  const more = [
    ...(cancelRequests > 0 ? [many(cancelRequests, 'cancellation request')] : []),
    ...(nexusOperations.total > 0 ? [many(nexusOperations.total, 'Nexus operation')] : []),
  ];
  return [many(events, 'event'), ...more].join(', ');
}

const nexusOperation = ({ name, state }: Discarded['nexusOperations']['newest'][number]): string =>
  `Nexus operation ${name === undefined ? '' : `${name} `}(${state})`;

/** What is paused now: the new run is not, nor are its activities. */
function pausesOf({ paused, pendingActivities }: ResetPreview): string {
  const { pausedBy, reason } = paused ?? {};
  const details = `${pausedBy === undefined ? '' : ` by ${pausedBy}`}${reason === undefined ? '' : `: ${reason}`}`;
  const workflow = paused ? `the workflow, paused${details}` : '';
  const activities = pendingActivities.filter(({ state }) => state === 'Paused' || state === 'PauseRequested');
  return joined(workflow, counts(activities.map(({ activityType }) => `activity ${activityType}`)));
}

const joined = (...texts: string[]): string => texts.filter((text) => text !== '').join(', ');

/** Names of the items of a fate. If all that are listed have it, it is taken to be that of those not listed. */
function countsOf<Item extends { fate: string }>(
  { total, newest }: { total: number; newest: Item[] },
  fate: string,
  nameOf: (item: Item) => string,
): string {
  const names = newest.filter((item) => item.fate === fate).map(nameOf);
  return counts(names, names.length === newest.length ? total : names.length);
}

/** Counts equal names: `chargeCard ×3, ship`, and how many are not listed. */
function counts(names: string[], total = names.length): string {
  const byName = new Map<string, number>();
  for (const name of names) byName.set(name, (byName.get(name) ?? 0) + 1);
  const shown = [...byName].map(([name, count]) => (count === 1 ? name : `${name} ×${count}`));
  return [...shown, ...(total > names.length ? [`and ${total - names.length} more`] : [])].join(', ');
}

/** Signals and updates of a fate. All of a kind have the same. */
function messagesOf({ signals, updates }: Discarded, fate: string): string {
  const kinds = [
    { kind: 'signal', ...signals },
    { kind: 'update', ...updates },
  ].filter(({ newest }) => newest[0]?.fate === fate);
  const names = kinds.flatMap(({ kind, newest }) => newest.map(({ name }) => `${kind} ${name}`));
  return counts(
    names,
    kinds.reduce((sum, { total }) => sum + total, 0),
  );
}

function sentAgain({ signalsToWorkflows: signals, cancelsToWorkflows: cancels }: Discarded): string {
  const sent = [
    ...signals.newest.map(({ name, workflowId }) => `signal ${name} to ${workflowId}`),
    ...cancels.newest.map(({ workflowId }) => `cancellation of ${workflowId}`),
  ];
  return counts(sent, signals.total + cancels.total);
}

/** The children that the server ends with the live run. */
function endedWith({ endedChildren = [], endedChildrenTotal = 0 }: ResetPreview): string {
  const of = (policy: string) =>
    counts(endedChildren.filter((child) => child.parentClosePolicy === policy).map(({ workflowId }) => workflowId));
  const [terminated, cancelled] = [of('Terminate'), of('RequestCancel')];
  const more = endedChildrenTotal - endedChildren.length;
  return [
    ...(terminated === '' ? [] : [`${terminated} terminated`]),
    ...(cancelled === '' ? [] : [`cancellation requested of ${cancelled}`]),
    ...(more > 0 ? [`and ${more} more`] : []),
  ].join('; ');
}

function orphansOf(ids: string[], total: number, action: Orphans): string {
  if (ids.length === 0) return '';
  const fate = { leave: 'left running without a parent', cancel: 'cancelled', terminate: 'terminated' }[action];
  return `${counts(ids, total)}: ${fate}`;
}
