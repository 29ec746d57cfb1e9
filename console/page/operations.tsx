import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { flagsFor } from '../../cli/command-line/flags';
import { nameOfActor } from '../../cli/output/actor';
import { addressOf, setParameters, useAddress } from './address';
import { words } from './format';
import { ListView, readPage, Table, useList } from './list';
import { CopyAddress, CopyCommand, Heading, Select, Status, TextField, Time } from './parts';
import type { Operation } from './schema';

const LIST_MS = 5000;
const any = { value: '', text: 'any' };
const choicesOf = (values: string[]) => [any, ...values.map((value) => ({ value, text: value }))];
const verbs = choicesOf([
  'cancel',
  'terminate',
  'reset',
  'restart',
  'pause',
  'unpause',
  'updateOptions',
  'resetActivity',
  'pauseActivity',
  'unpauseActivity',
  'batch',
  'suspend',
  'resume',
  'redrive',
]);
const states = choicesOf(['started', 'completed', 'refused', 'failed', 'unknown']);
const ranges = [
  { value: '', text: '7 days' },
  { value: '1', text: '24 hours' },
  { value: '31', text: '31 days' },
];
const DAY_MS = 86_400_000;
const names = ['workflowId', 'actor', 'verb', 'state'] as const;
const flags = { workflowId: '-w', actor: '--by', verb: '--verb', state: '--state' } as const;

/** Searches the ledger by workflow, person, verb, state and time. */
export function OperationsPage(): JSX.Element {
  const { namespace, parameters } = useAddress();
  const filter = Object.fromEntries(names.map((name) => [name, parameters.get(name) ?? undefined]));
  const days = parameters.get('days') ?? undefined;
  const key = JSON.stringify([namespace, filter, days]);
  const list = useList({
    key,
    read: (pageToken) =>
      readPage('operations', namespace, 'operations', { ...filter, since: sinceOf(days), pageToken }),
    idOf: ({ operationId }) => operationId,
    pause: LIST_MS,
  });
  const given = Object.fromEntries(names.map((name) => [flags[name], filter[name]]));
  return (
    <>
      <Heading title="Operations">
        <CopyAddress />
        <CopyCommand words={['ops', ...flagsFor({ ...given, '--since': days && `${days}d` })]} />
      </Heading>
      <FilterForm key={key} />
      <ListView list={list} empty="No operation matches.">
        {(operations) => <OperationTable operations={operations} />}
      </ListView>
    </>
  );
}

const sinceOf = (days: string | undefined): string | undefined =>
  days === undefined ? undefined : new Date(Date.now() - Number(days) * DAY_MS + 60_000).toISOString();

function FilterForm(): JSX.Element {
  const { parameters } = useAddress();
  const [workflowId, setWorkflowId] = useState(parameters.get('workflowId') ?? '');
  const [actor, setActor] = useState(parameters.get('actor') ?? '');
  const set = (name: string) => (value: string) => setParameters({ [name]: value }, { replace: false });
  const chosen = (name: string) => parameters.get(name) ?? '';
  return (
    <form
      class="form-grid"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        setParameters({ workflowId, actor }, { replace: false });
      }}
    >
      <TextField label="Workflow id" value={workflowId} onChange={setWorkflowId} />
      <TextField label="Person, or id of an event" value={actor} onChange={setActor} />
      <Select label="Verb" value={chosen('verb')} choices={verbs} onChange={set('verb')} />
      <Select label="State" value={chosen('state')} choices={states} onChange={set('state')} />
      <Select label="In the last" value={chosen('days')} choices={ranges} onChange={set('days')} />
      <button type="submit" class="primary">
        Search
      </button>
    </form>
  );
}

/** Whether a verb changes a single workflow, not a batch operation or rejected events. */
export const isOfWorkflow = (verb: string): boolean => !['batch', 'suspend', 'resume', 'redrive'].includes(verb);

const OperationTable = ({ operations }: { operations: Operation[] }): JSX.Element => (
  <Table heads={['Operation', 'Workflow', 'State', 'Result', 'Reason', 'By', 'Requested']}>
    {operations.map(
      ({ operationId, verb, workflowId, runId, state, outcome, failure, reason, actor, requestedAt, settled }) => (
        <tr key={operationId}>
          <td class="id">
            <a href={addressOf(`operations/${operationId}`)}>{verb}</a>
          </td>
          <td class="id">
            {workflowId !== undefined && isOfWorkflow(verb) ? (
              <a href={addressOf('workflow', { workflowId, runId })}>{workflowId}</a>
            ) : (
              workflowId
            )}
          </td>
          <td>
            <Status status={state} />
          </td>
          <td>{failure?.kind ?? (settled ? `closed: ${settled.status}` : outcome && words(outcome))}</td>
          <td>{reason}</td>
          <td class="minor">{nameOfActor(actor.id)}</td>
          <td class="nowrap">
            <Time time={requestedAt} />
          </td>
        </tr>
      ),
    )}
  </Table>
);
