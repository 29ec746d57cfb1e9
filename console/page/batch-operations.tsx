import type { JSX } from 'preact';
import { flagsFor } from '../../cli/command-line/flags';
import { nameOfActor } from '../../cli/output/actor';
import { routes } from '../../cli/requests/contract';
import { addressOf, setParameters, useAddress } from './address';
import { failuresOf, progressText } from './batch-progress';
import { ListView, readPage, Table, useList } from './list';
import { choicesOf, CopyAddress, CopyCommand, Heading, Select, Status, Time } from './parts';
import type { BatchOperation } from './schema';

const LIST_MS = 3000;

const states = choicesOf(routes.listBatchOperations.choices.state);

export function BatchOperationsPage(): JSX.Element {
  const { namespace, parameters } = useAddress();
  const state = (parameters.get('state') ?? undefined) as BatchOperation['state'] | undefined;
  const list = useList({
    key: `${namespace} ${state}`,
    read: (pageToken) => readPage(namespace, 'listBatchOperations', 'batchOperations', { query: { state, pageToken } }),
    idOf: ({ operationId }) => operationId,
    pause: LIST_MS,
  });
  return (
    <>
      <Heading title="Batch operations">
        <a class="button" href={addressOf('batch-operations/new')}>
          New batch operation
        </a>
        <CopyAddress />
        <CopyCommand words={['batch', 'ls', ...flagsFor({ '--state': state })]} />
      </Heading>
      <div class="form-grid">
        <Select
          label="State"
          value={state ?? ''}
          choices={states}
          onChange={(value) => setParameters({ state: value }, { replace: false })}
        />
      </div>
      <ListView list={list} empty="No batch operation matches.">
        {(batches) => (
          <Table heads={['Operation', 'State', 'Progress', 'Failures', 'By', 'Started']}>
            {batches.map((batch) => (
              <Row key={batch.operationId} batch={batch} />
            ))}
          </Table>
        )}
      </ListView>
    </>
  );
}

function Row({ batch }: { batch: BatchOperation }): JSX.Element {
  const { operationId, action, reason, state, actor, requestedAt, stuck = [] } = batch;
  return (
    <tr>
      <td class="id">
        <a href={addressOf(`batch-operations/${operationId}`)}>
          {action}: {reason}
        </a>
      </td>
      <td>
        <Status status={state} />
        {stuck.map((kind) => (
          <span key={kind} class="tag tag-bad">
            {kind}
          </span>
        ))}
      </td>
      <td class="nowrap">{progressText(batch)}</td>
      <td>{failuresOf(batch)}</td>
      <td class="minor">{nameOfActor(actor.id)}</td>
      <td class="nowrap">
        <Time time={requestedAt} />
      </td>
    </tr>
  );
}
