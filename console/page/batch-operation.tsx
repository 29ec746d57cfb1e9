import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { duration } from '../../cli/durations';
import { addressOf, setParameters, useAddress } from './address';
import { get } from './api';
import { nameOf } from './batch-operations';
import { failedTotal, failuresOf, newRunsOf, partsOf, progressText, rollbackOf, workflowsText } from './batch-progress';
import { ChangeDialog } from './change-dialog';
import type { ChangeForm } from './change-dialog';
import { ChangeStatus } from './change-status';
import { words } from './format';
import { CopyAddress, CopyCommand, Empty, Facts, Heading, MoreButton, ProblemBox, Status, Time } from './parts';
import { useCommand } from './place';
import { useMorePages, usePolled } from './polled';
import type { BatchOperation, Operation, Page } from './schema';

const LIVE_MS = 1500;
const CLOSED = new Set(['completed', 'cancelled', 'failed']);

export function BatchOperationPage({ operationId }: { operationId: string }): JSX.Element {
  const { namespace } = useAddress();
  const command = useCommand();
  const { data, problem, refresh } = usePolled(
    `${namespace} ${operationId}`,
    () => get<BatchOperation>(namespace, `batch-operations/${operationId}`),
    (batch) => (CLOSED.has(batch.state) ? undefined : LIVE_MS),
  );
  return (
    <>
      <Heading title={data === undefined ? 'Batch operation' : `${data.action}: ${data.reason}`}>
        <a href={addressOf(namespace, `operations/${operationId}`)}>In the ledger</a>
        <CopyAddress />
        <CopyCommand command={command('batch', 'show', operationId)} />
      </Heading>
      <ChangeStatus onDone={refresh} />
      <ProblemBox problem={problem} />
      {data === undefined && problem === undefined && <p class="busy">Reading…</p>}
      {data !== undefined && (
        <>
          <Bar batch={data} />
          {(data.stuck ?? []).map((kind) => (
            <p key={kind} class="box box-bad">
              It does not proceed: {words(kind)}.
            </p>
          ))}
          {data.failure !== undefined && <p class="box box-bad">{data.failure}</p>}
          <Changes batch={data} />
          <BatchFacts batch={data} />
          <Items operationId={operationId} version={`${data.done} ${data.state}`} />
        </>
      )}
    </>
  );
}

function Bar({ batch }: { batch: BatchOperation }): JSX.Element {
  const parts = partsOf(batch);
  const rate = batch.ratePerSecondNow ?? batch.ratePerSecond;
  return (
    <div class="progress">
      <div
        class="progress-bar"
        role="progressbar"
        aria-label="Workflows that are done"
        aria-valuenow={batch.done}
        aria-valuemin={0}
        aria-valuemax={Math.max(batch.matched, batch.done)}
      >
        {parts.map(({ name, percent }) => (
          <span key={name} class={`progress-${name}`} style={{ width: `${percent}%` }} />
        ))}
      </div>
      <p>
        <Status status={batch.state} /> <strong>{progressText(batch)}</strong>
        {parts
          .filter(({ name, count }) => count > 0 && name !== 'left')
          .map(({ name, count }) => ` · ${count.toLocaleString('en')} ${name}`)
          .join('')}
        {rate !== undefined && ` · ${rate.toFixed(1)} a second`}
        {batch.secondsLeft !== undefined && ` · ${duration(batch.secondsLeft)} left`}
      </p>
    </div>
  );
}

function BatchFacts({ batch }: { batch: BatchOperation }): JSX.Element {
  const outcomes = Object.entries(batch.outcomes).map(([outcome, count]) => `${outcome} ×${count}`);
  return (
    <Facts
      facts={[
        ['Operation', <code>{batch.operationId}</code>],
        ['By', nameOf(batch.actor.id)],
        ['Started', <Time time={batch.requestedAt} />],
        ['Engine', batch.engine],
        ['Outcomes', outcomes.join(', ')],
        ['Failures', failuresOf(batch)],
        ['New runs', newRunsOf(batch)],
        ['Rollback', rollbackOf(batch)],
        ['Stop requested', batch.stopRequestedAt && <Time time={batch.stopRequestedAt} />],
      ]}
    />
  );
}

type Verb = 'cancel' | 'suspend' | 'resume' | 'retry';

/** What the state of a batch operation allows. */
function verbsFor({ state, engine, failed }: Pick<BatchOperation, 'state' | 'engine' | 'failed'>): Verb[] {
  const isWorker = engine === 'worker';
  if (CLOSED.has(state)) return isWorker && Object.keys(failed).length > 0 ? ['retry'] : [];
  if (!isWorker) return ['cancel'];
  return [state === 'suspended' ? 'resume' : 'suspend', 'cancel'];
}

function Changes({ batch }: { batch: BatchOperation }): JSX.Element | null {
  const { namespace } = useAddress();
  const command = useCommand();
  const [form, setForm] = useState<ChangeForm>();
  const { operationId, matched, done } = batch;
  const texts: Record<Verb, { title: string; lines: string[]; word: string }> = {
    cancel: {
      title: 'Stop the batch operation',
      lines: [
        `${progressText(batch)} are done. Those in flight are finished, and ${workflowsText(Math.max(0, matched - done))} are left as they are.`,
      ],
      word: 'stop',
    },
    suspend: {
      title: 'Suspend the batch operation',
      lines: ['Those in flight are finished; no other is begun until it is resumed.'],
      word: 'suspend',
    },
    resume: { title: 'Resume the batch operation', lines: ['It goes on where it was suspended.'], word: 'resume' },
    retry: {
      title: `Retry ${workflowsText(failedTotal(batch))}`,
      lines: ['A batch operation of its own repeats those that failed.'],
      word: 'retry',
    },
  };
  const verbs = verbsFor(batch);
  if (verbs.length === 0) return null;
  const open = (verb: Verb) => {
    const { title, lines, word } = texts[verb];
    setForm({
      title,
      lines,
      ...(verb === 'cancel' && { danger: true }),
      ...(verb === 'retry' && { type: String(failedTotal(batch)) }),
      change: (reason) => ({ namespace, path: `batch-operations/${operationId}/${verb}`, body: { reason } }),
      command: (reason) => command('batch', word, operationId, '--reason', reason),
    });
  };
  return (
    <div class="actions">
      {verbs.map((verb) => (
        <button key={verb} type="button" onClick={() => open(verb)}>
          {
            {
              cancel: 'Stop…',
              suspend: 'Suspend…',
              resume: 'Resume…',
              retry: `Retry the ${failedTotal(batch)} that failed…`,
            }[verb]
          }
        </button>
      ))}
      {form && <ChangeDialog form={form} onClose={() => setForm(undefined)} />}
    </div>
  );
}

const outcomes = [
  ['', 'All'],
  ['succeeded', 'Succeeded'],
  ['failed', 'Failed'],
] as const;
const ITEMS = 25;

/** The operation on each workflow. */
function Items({ operationId, version }: { operationId: string; version: string }): JSX.Element {
  const { namespace, parameters } = useAddress();
  const outcome = parameters.get('outcome') ?? undefined;
  const read = (pageToken?: string) =>
    get<Page<'items', Operation>>(namespace, `batch-operations/${operationId}/items`, {
      outcome,
      pageSize: ITEMS,
      pageToken,
    });
  const key = `${namespace} ${operationId} ${outcome}`;
  // What is there now stays until the next reading: the version is no part of what more pages belong to.
  const list = usePolled(key, read, () => (CLOSED.has(version.split(' ')[1] ?? '') ? undefined : LIVE_MS));
  const older = useMorePages(key, list.data?.nextPageToken, async (pageToken) => {
    const page = await read(pageToken);
    return { items: page.items, nextPageToken: page.nextPageToken };
  });
  const shown = [
    ...new Map([...(list.data?.items ?? []), ...older.items].map((item) => [item.operationId, item])).values(),
  ];
  return (
    <section aria-label="Items">
      <h2>Workflows</h2>
      <div class="chips" role="group" aria-label="Outcome">
        {outcomes.map(([value, text]) => (
          <button
            key={value}
            type="button"
            class="chip"
            aria-pressed={(outcome ?? '') === value}
            onClick={() => setParameters({ outcome: value })}
          >
            {text}
          </button>
        ))}
      </div>
      <ProblemBox problem={list.problem ?? older.problem} />
      {list.data !== undefined && shown.length === 0 && <Empty>There is none.</Empty>}
      {shown.length > 0 && (
        <table class="list">
          <thead>
            <tr>
              <th>Workflow</th>
              <th>State</th>
              <th>Result</th>
              <th>Operation</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((item) => (
              <ItemRow key={item.operationId} namespace={namespace} item={item} />
            ))}
          </tbody>
        </table>
      )}
      <MoreButton more={older.more} reading={older.reading} />
    </section>
  );
}

function ItemRow({ namespace, item }: { namespace: string; item: Operation }): JSX.Element {
  const { workflowId, runId, state, outcome, failure, operationId, answer } = item;
  const { newRunId } = (answer ?? {}) as { newRunId?: string };
  return (
    <tr>
      <td class="id">
        <a href={addressOf(namespace, 'workflow', { workflowId, runId: newRunId ?? runId })}>{workflowId}</a>
      </td>
      <td>
        <Status status={state} />
      </td>
      <td>{failure === undefined ? outcome : `${failure.kind}: ${failure.message}`}</td>
      <td>
        <a href={addressOf(namespace, `operations/${operationId}`)}>{operationId.slice(0, 11)}…</a>
      </td>
    </tr>
  );
}
