import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { addressOf, setParameters, useAddress } from './address';
import { preview } from './api';
import { ChangeDialog } from './change-dialog';
import type { ChangeForm } from './change-dialog';
import { ChangeStatus } from './change-status';
import { plural } from './format';
import { ListView, readPage, useList } from './list';
import { CopyAddress, CopyCommand, Heading, ProblemBox, Select, Status, TextField, Time } from './parts';
import { UNKNOWN_NAMESPACE, useCommand } from './place';
import type { RedrivePreview, RejectedEvent } from './schema';
import { SelectAll, SelectRow, useSelection } from './selection';
import type { Selection } from './selection';

type Command = ReturnType<typeof useCommand>;

const LIST_MS = 5000;
const states = [
  { value: '', text: 'waiting' },
  { value: 'redriven', text: 'redriven' },
  { value: 'handled', text: 'handled' },
];

/** Events that could not be handled, with the reasons. A redrive sends them again. */
export function RejectedEventsPage(): JSX.Element {
  const { namespace, parameters } = useAddress();
  const command = useCommand();
  const given = { trigger: parameters.get('trigger') ?? undefined, state: parameters.get('state') ?? undefined };
  const key = JSON.stringify([namespace, given]);
  const list = useList({
    key,
    read: (pageToken) => readPage('rejectedEvents', namespace, 'rejected-events', { ...given, pageToken }),
    idOf: ({ rejectedEventId }) => rejectedEventId,
    pause: LIST_MS,
  });
  return (
    <>
      <Heading title="Rejected events">
        {namespace !== UNKNOWN_NAMESPACE && (
          <a href={addressOf(UNKNOWN_NAMESPACE, 'rejected-events')}>Without a configured namespace</a>
        )}
        <CopyAddress />
        <CopyCommand command={command('events', 'ls', ...flagsOf(given))} />
      </Heading>
      <ChangeStatus onDone={list.refresh} />
      <FilterForm key={key} />
      <ListView list={list} empty="No rejected event matches.">
        {(events) => <EventTable key={key} namespace={namespace} events={events} trigger={given.trigger} />}
      </ListView>
    </>
  );
}

const flagsOf = ({ trigger, state }: { trigger: string | undefined; state: string | undefined }): string[] => [
  ...(trigger === undefined ? [] : ['--trigger', trigger]),
  ...(state === undefined ? [] : ['--state', state]),
];

function FilterForm(): JSX.Element {
  const { parameters } = useAddress();
  const [trigger, setTrigger] = useState(parameters.get('trigger') ?? '');
  return (
    <form
      class="form-grid"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        setParameters({ trigger }, { replace: false });
      }}
    >
      <TextField label="Trigger" value={trigger} onChange={setTrigger} />
      <Select
        label="State"
        value={parameters.get('state') ?? ''}
        choices={states}
        onChange={(state) => setParameters({ state }, { replace: false })}
      />
      <button type="submit" class="primary">
        Search
      </button>
    </form>
  );
}

function EventTable({
  namespace,
  events,
  trigger,
}: {
  namespace: string;
  events: RejectedEvent[];
  trigger: string | undefined;
}): JSX.Element {
  const [form, setForm] = useState<ChangeForm>();
  const command = useCommand();
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
        <button
          type="button"
          disabled={chosen.length === 0}
          onClick={() => setForm(redriveForm(namespace, chosen, command))}
        >
          Redrive…
        </button>
        {waiting.length > 0 && <RedriveAll namespace={namespace} trigger={trigger} onForm={setForm} />}
      </div>
      <table class="list">
        <thead>
          <tr>
            <SelectAll selection={selection} />
            <th>Trigger</th>
            <th>Reason</th>
            <th>State</th>
            <th>Event</th>
            <th>Rejected</th>
          </tr>
        </thead>
        <tbody>
          {events.map((event) => (
            <Row key={event.rejectedEventId} event={event} selection={selection} />
          ))}
        </tbody>
      </table>
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
  namespace,
  trigger,
  onForm,
}: {
  namespace: string;
  trigger: string | undefined;
  onForm: (form: ChangeForm) => void;
}): JSX.Element {
  const command = useCommand();
  const [problem, setProblem] = useState<Error>();
  const count = async () => {
    setProblem(undefined);
    try {
      const body = { ...whichOf(trigger), reason: 'preview' };
      onForm(redriveAllForm(namespace, trigger, await preview<RedrivePreview>(namespace, REDRIVE, body), command));
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

const REDRIVE = 'rejected-events/redrive';
const LINES = ['The events are sent to the event queue again and handled with the trigger’s current configuration.'];

const redriveForm = (namespace: string, rejectedEventIds: string[], command: Command): ChangeForm => ({
  title: `Redrive ${plural(rejectedEventIds.length, 'event')}`,
  lines: LINES,
  type: String(rejectedEventIds.length),
  change: (reason) => ({ namespace, path: REDRIVE, body: { rejectedEventIds, reason } }),
  command: (reason) => command('events', 'redrive', ...rejectedEventIds, '--reason', reason),
});

const whichOf = (trigger: string | undefined) => (trigger === undefined ? { all: true } : { trigger });

function redriveAllForm(
  namespace: string,
  trigger: string | undefined,
  { matched, more }: RedrivePreview,
  command: Command,
): ChangeForm {
  const ofTrigger = trigger === undefined ? '' : ` of ${trigger}`;
  const which = trigger === undefined ? ['--all'] : ['--trigger', trigger];
  return {
    title: `Redrive ${more ? 'more than ' : ''}${plural(matched, 'event')}${ofTrigger}`,
    lines: LINES,
    type: String(matched),
    change: (reason) => ({ namespace, path: REDRIVE, body: { ...whichOf(trigger), reason } }),
    command: (reason) => command('events', 'redrive', ...which, '--reason', reason),
  };
}
