import type { JSX } from 'preact';
import { flagsFor } from '../../cli/command-line/flags';
import { nameOfActor } from '../../cli/output/actor';
import { routes } from '../../cli/requests/contract';
import { addressOf, useAddress } from './address';
import { FilterForm } from './filter-form';
import { words } from './format';
import { ListView, readPage, Table, useList } from './list';
import { choicesOf, CopyAddress, CopyCommand, Heading, Status, Time } from './parts';
import type { Operation } from './schema';

const LIST_MS = 5000;
const { choices } = routes.listOperations;
const ranges = [
  { value: '', text: '7 days' },
  { value: '1', text: '24 hours' },
  { value: '31', text: '31 days' },
];
const DAY_MS = 86_400_000;
const names = ['workflowId', 'actor', 'verb', 'state'] as const;
const flags = { workflowId: '-w', actor: '--by', verb: '--verb', state: '--state' } as const;

const filters = {
  texts: { workflowId: 'Workflow id', actor: 'Person, or id of an event' },
  choices: {
    verb: { label: 'Verb', choices: choicesOf(choices.verb) },
    state: { label: 'State', choices: choicesOf(choices.state) },
    days: { label: 'In the last', choices: ranges },
  },
};

/** Searches the ledger by workflow, person, verb, state and time. */
export function OperationsPage(): JSX.Element {
  const { namespace, parameters } = useAddress();
  const filter = Object.fromEntries(names.map((name) => [name, parameters.get(name) ?? undefined]));
  const days = parameters.get('days') ?? undefined;
  const key = JSON.stringify([namespace, filter, days]);
  const list = useList({
    key,
    read: (pageToken) =>
      readPage(namespace, 'listOperations', 'operations', { query: { ...filter, since: sinceOf(days), pageToken } }),
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
      <FilterForm key={key} {...filters} />
      <ListView list={list} empty="No operation matches.">
        {(operations) => <OperationTable operations={operations} />}
      </ListView>
    </>
  );
}

const sinceOf = (days: string | undefined): string | undefined =>
  days === undefined ? undefined : new Date(Date.now() - Number(days) * DAY_MS + 60_000).toISOString();

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
