import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { flagsFor } from '../../cli/command-line/flags';
import { addressOf, useAddress } from './address';
import { read } from './api';
import { ChangeDialog } from './change-dialog';
import type { ChangeForm } from './change-dialog';
import { ChangeStatus } from './change-status';
import { FilterForm } from './filter-form';
import { plural } from './format';
import { ListView, readPage, Table, useList } from './list';
import { CopyAddress, CopyCommand, Heading, ProblemBox, Status, Time } from './parts';
import { UNKNOWN_NAMESPACE } from './place';
import type { RedrivePreview, RejectedEvent } from './schema';
import { SelectRow, useSelection } from './selection';
import type { Selection } from './selection';

const LIST_MS = 5000;
const states = [
  { value: '', text: 'waiting' },
  { value: 'redriven', text: 'redriven' },
  { value: 'handled', text: 'handled' },
];

/** Events that could not be handled, with the reasons. A redrive sends them again. */
export function RejectedEventsPage(): JSX.Element {
  const { namespace, parameters } = useAddress();
  const given = {
    trigger: parameters.get('trigger') ?? undefined,
    state: (parameters.get('state') ?? undefined) as Exclude<RejectedEvent['state'], 'redriving'> | undefined,
  };
  const key = JSON.stringify([namespace, given]);
  const list = useList({
    key,
    read: (pageToken) =>
      readPage(namespace, 'listRejectedEvents', 'rejectedEvents', { query: { ...given, pageToken } }),
    idOf: ({ rejectedEventId }) => rejectedEventId,
    pause: LIST_MS,
  });
  return (
    <>
      <Heading title="Rejected events">
        {namespace !== UNKNOWN_NAMESPACE && (
          <a href={addressOf('rejected-events', {}, UNKNOWN_NAMESPACE)}>Without a configured namespace</a>
        )}
        <CopyAddress />
        <CopyCommand words={['events', 'ls', ...flagsFor({ '--trigger': given.trigger, '--state': given.state })]} />
      </Heading>
      <ChangeStatus onDone={list.refresh} />
      <FilterForm key={key} texts={{ trigger: 'Trigger' }} choices={{ state: { label: 'State', choices: states } }} />
      <ListView list={list} empty="No rejected event matches.">
        {(events) => <EventTable key={key} events={events} trigger={given.trigger} />}
      </ListView>
    </>
  );
}

function EventTable({ events, trigger }: { events: RejectedEvent[]; trigger: string | undefined }): JSX.Element {
  const [form, setForm] = useState<ChangeForm>();
  // An event that is being redriven counts as waiting, because the function may have stopped.
  const waiting = events.filter(({ state }) => state === 'rejected' || state === 'redriving');
  const selection = useSelection(waiting.map(({ rejectedEventId }) => rejectedEventId));
  const { chosen } = selection;
  return (
    <>
      <div class="selection" role="group" aria-label="Changes">
        <span>
          {chosen.length === 0 ? 'Select events to send them again' : `${plural(chosen.length, 'event')} selected`}
        </span>
        <button type="button" disabled={chosen.length === 0} onClick={() => setForm(redriveForm(chosen))}>
          Redrive…
        </button>
        {waiting.length > 0 && <RedriveAll trigger={trigger} onForm={setForm} />}
      </div>
      <Table heads={['Trigger', 'Reason', 'State', 'Event', 'Rejected']} selection={selection}>
        {events.map((event) => (
          <Row key={event.rejectedEventId} event={event} selection={selection} />
        ))}
      </Table>
      {form && (
        <ChangeDialog
          form={form}
          onClose={() => {
            setForm(undefined);
            selection.clear();
          }}
        />
      )}
    </>
  );
}

/** A button that counts the waiting events, of a trigger or all, and asks. */
function RedriveAll({
  trigger,
  onForm,
}: {
  trigger: string | undefined;
  onForm: (form: ChangeForm) => void;
}): JSX.Element {
  const { namespace } = useAddress();
  const [problem, setProblem] = useState<Error>();
  const count = async () => {
    setProblem(undefined);
    try {
      const body = { ...whichOf(trigger), reason: 'preview', dryRun: true };
      onForm(redriveAllForm(trigger, await read(namespace, 'redriveRejectedEvents', { body })));
    } catch (error) {
      setProblem(error as Error);
    }
  };
  return (
    <>
      <button type="button" onClick={() => void count()}>
        {trigger === undefined ? 'Redrive all…' : `Redrive all of ${trigger}…`}
      </button>
      <ProblemBox problem={problem} />
    </>
  );
}

function Row({ event, selection }: { event: RejectedEvent; selection: Selection }): JSX.Element {
  const { rejectedEventId, trigger, kind, reason, state, redrives, eventId, source, detailType, rejectedAt } = event;
  const { outcome } = event;
  return (
    <tr class={selection.has(rejectedEventId) ? 'selected' : ''}>
      <SelectRow selection={selection} id={rejectedEventId} name={`event ${eventId}`} />
      <td class="id">{trigger}</td>
      <td>
        {reason} <span class="tag">{kind}</span>
      </td>
      <td>
        <Status status={state} />
        {redrives > 0 && <span class="tag">redriven {redrives}×</span>}
        {outcome !== undefined && <span class="tag">{outcome}</span>}
      </td>
      <td class="minor">
        {detailType}, {source} <code>{eventId}</code>
      </td>
      <td class="nowrap">
        <Time time={rejectedAt} />
      </td>
    </tr>
  );
}

const LINES = ['The events are sent to the event queue again and handled with the trigger’s current configuration.'];

const redriveForm = (rejectedEventIds: string[]): ChangeForm => ({
  title: `Redrive ${plural(rejectedEventIds.length, 'event')}`,
  lines: LINES,
  type: String(rejectedEventIds.length),
  route: 'redriveRejectedEvents',
  body: () => ({ rejectedEventIds }),
  words: () => ['events', 'redrive', ...rejectedEventIds],
});

const whichOf = (trigger: string | undefined) => (trigger === undefined ? { all: true as const } : { trigger });

function redriveAllForm(trigger: string | undefined, { matched, more }: RedrivePreview): ChangeForm {
  const ofTrigger = trigger === undefined ? '' : ` of ${trigger}`;
  return {
    title: `Redrive ${more ? 'more than ' : ''}${plural(matched, 'event')}${ofTrigger}`,
    lines: LINES,
    type: String(matched),
    route: 'redriveRejectedEvents',
    body: () => whichOf(trigger),
    words: () => ['events', 'redrive', ...(trigger === undefined ? ['--all'] : ['--trigger', trigger])],
  };
}
