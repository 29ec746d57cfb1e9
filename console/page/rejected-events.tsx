import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { components } from '../../client/openapi';
import { setParameters, useAddress } from './address';
import { get } from './api';
import { ChangeDialog } from './change-dialog';
import type { ChangeForm } from './change-dialog';
import { ChangeStatus } from './change-status';
import { plural } from './format';
import {
  CopyAddress,
  CopyCommand,
  Empty,
  Heading,
  MoreButton,
  ProblemBox,
  Select,
  Status,
  TextField,
  Time,
} from './parts';
import { useCommand } from './place';
import { useMorePages, usePolled } from './polled';
import type { Page } from './schema';

type RejectedEvent = components['schemas']['RejectedEvent'];

const LIST_MS = 5000;
const PAGE_SIZE = 25;
const states = [
  { value: '', text: 'waiting' },
  { value: 'redriven', text: 'redriven' },
  { value: 'handled', text: 'handled' },
];

/** Events that could not be carried out, and why. A redrive sends them again. */
export function RejectedEventsPage(): JSX.Element {
  const { namespace, parameters } = useAddress();
  const command = useCommand();
  const given = { trigger: parameters.get('trigger') ?? undefined, state: parameters.get('state') ?? undefined };
  const key = JSON.stringify([namespace, given]);
  const read = (pageToken?: string) =>
    get<Page<'rejectedEvents', RejectedEvent>>(namespace, 'rejected-events', {
      ...given,
      pageSize: PAGE_SIZE,
      pageToken,
    });
  const list = usePolled(
    key,
    () => read(),
    () => LIST_MS,
  );
  const older = useMorePages(key, list.data?.nextPageToken, async (pageToken) => {
    const page = await read(pageToken);
    return { items: page.rejectedEvents, nextPageToken: page.nextPageToken };
  });
  const events = [...(list.data?.rejectedEvents ?? []), ...older.items];
  const shown = [...new Map(events.map((event) => [event.rejectedEventId, event])).values()];
  return (
    <>
      <Heading title="Rejected events">
        <CopyAddress />
        <CopyCommand command={command('events', 'ls', ...flagsOf(given))} />
      </Heading>
      <ChangeStatus onDone={list.refresh} />
      <FilterForm key={key} />
      <ProblemBox problem={list.problem ?? older.problem} />
      {list.data !== undefined && shown.length === 0 && <Empty>No event is rejected.</Empty>}
      {list.data === undefined && list.problem === undefined && <p class="busy">Reading…</p>}
      {shown.length > 0 && <EventTable key={key} namespace={namespace} events={shown} />}
      <MoreButton more={older.more} reading={older.reading} />
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

function EventTable({ namespace, events }: { namespace: string; events: RejectedEvent[] }): JSX.Element {
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [form, setForm] = useState<ChangeForm>();
  const command = useCommand();
  const waiting = events.filter(({ state }) => state === 'rejected' || state === 'redriving');
  const chosen = waiting.map(({ rejectedEventId }) => rejectedEventId).filter((id) => selected.has(id));
  const toggle = (id: string) =>
    setSelected((before) => new Set(before.has(id) ? [...before].filter((one) => one !== id) : [...before, id]));
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
      </div>
      <table class="list">
        <thead>
          <tr>
            <th class="select">
              <input
                type="checkbox"
                aria-label="Select all that are shown"
                checked={chosen.length > 0 && chosen.length === waiting.length}
                disabled={waiting.length === 0}
                onChange={(event) =>
                  setSelected(
                    new Set(event.currentTarget.checked ? waiting.map(({ rejectedEventId }) => rejectedEventId) : []),
                  )
                }
              />
            </th>
            <th>Trigger</th>
            <th>Reason</th>
            <th>State</th>
            <th>Event</th>
            <th>Rejected</th>
          </tr>
        </thead>
        <tbody>
          {events.map((event) => (
            <Row
              key={event.rejectedEventId}
              event={event}
              selected={selected.has(event.rejectedEventId)}
              onToggle={waiting.includes(event) ? () => toggle(event.rejectedEventId) : undefined}
            />
          ))}
        </tbody>
      </table>
      {form && (
        <ChangeDialog
          form={form}
          onClose={() => {
            setForm(undefined);
            setSelected(new Set());
          }}
        />
      )}
    </>
  );
}

function Row({
  event: { trigger, kind, reason, state, redrives, eventId, source, detailType, rejectedAt, outcome },
  selected,
  onToggle,
}: {
  event: RejectedEvent;
  selected: boolean;
  onToggle: (() => void) | undefined;
}): JSX.Element {
  return (
    <tr class={selected ? 'selected' : ''}>
      <td class="select">
        <input
          type="checkbox"
          aria-label={`Select event ${eventId}`}
          checked={selected}
          disabled={onToggle === undefined}
          onChange={onToggle}
        />
      </td>
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

const redriveForm = (
  namespace: string,
  rejectedEventIds: string[],
  command: ReturnType<typeof useCommand>,
): ChangeForm => ({
  title: `Redrive ${plural(rejectedEventIds.length, 'event')}`,
  lines: ['They are sent to the event queue again, where their trigger as it is now applies.'],
  type: String(rejectedEventIds.length),
  change: (reason) => ({ namespace, path: 'rejected-events/redrive', body: { rejectedEventIds, reason } }),
  command: (reason) => command('events', 'redrive', ...rejectedEventIds, '--reason', reason),
});
