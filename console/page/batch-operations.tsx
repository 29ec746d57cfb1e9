import type { JSX } from 'preact';
import { addressOf, setParameters, useAddress } from './address';
import { get } from './api';
import { failuresOf, progressText } from './batch-progress';
import { CopyAddress, CopyCommand, Empty, Heading, MoreButton, ProblemBox, Select, Status, Time } from './parts';
import { useCommand } from './place';
import { useMorePages, usePolled } from './polled';
import type { BatchOperation, Page } from './schema';

const LIST_MS = 3000;
const PAGE_SIZE = 25;
type BatchPage = Page<'batchOperations', BatchOperation>;

const states = [
  { value: '', text: 'any' },
  ...['running', 'suspended', 'completed', 'cancelled', 'failed'].map((value) => ({ value, text: value })),
];

export function BatchOperationsPage(): JSX.Element {
  const { namespace, parameters } = useAddress();
  const command = useCommand();
  const state = parameters.get('state') ?? undefined;
  const key = `${namespace} ${state}`;
  const read = (pageToken?: string) =>
    get<BatchPage>(namespace, 'batch-operations', { state, pageSize: PAGE_SIZE, pageToken });
  const list = usePolled(key, read, () => LIST_MS);
  const older = useMorePages(key, list.data?.nextPageToken, async (pageToken) => {
    const page = await read(pageToken);
    return { items: page.batchOperations, nextPageToken: page.nextPageToken };
  });
  const shown = [...(list.data?.batchOperations ?? []), ...older.items];
  return (
    <>
      <Heading title="Batch operations">
        <a class="button" href={addressOf(namespace, 'batch-operations/new')}>
          New batch operation
        </a>
        <CopyAddress />
        <CopyCommand command={command('batch', 'ls', ...(state === undefined ? [] : ['--state', state]))} />
      </Heading>
      <Select
        label="State"
        value={state ?? ''}
        choices={states}
        onChange={(value) => setParameters({ state: value }, { replace: false })}
      />
      <ProblemBox problem={list.problem ?? older.problem} />
      {list.data !== undefined && shown.length === 0 && <Empty>There is none.</Empty>}
      {list.data === undefined && list.problem === undefined && <p class="busy">Reading…</p>}
      {shown.length > 0 && (
        <table class="list">
          <thead>
            <tr>
              <th>Operation</th>
              <th>State</th>
              <th>Progress</th>
              <th>Failures</th>
              <th>By</th>
              <th>Started</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((batch) => (
              <Row key={batch.operationId} namespace={namespace} batch={batch} />
            ))}
          </tbody>
        </table>
      )}
      <MoreButton more={older.more} reading={older.reading} />
    </>
  );
}

function Row({ namespace, batch }: { namespace: string; batch: BatchOperation }): JSX.Element {
  const { operationId, action, reason, state, actor, requestedAt, stuck = [] } = batch;
  return (
    <tr>
      <td class="id">
        <a href={addressOf(namespace, `batch-operations/${operationId}`)}>
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
      <td class="minor">{nameOf(actor.id)}</td>
      <td class="nowrap">
        <Time time={requestedAt} />
      </td>
    </tr>
  );
}

/** The name in an ARN: of the user, or of the role's session. */
export const nameOf = (actor: string): string => actor.split('/').at(-1) ?? actor;
