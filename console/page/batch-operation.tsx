import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { canaryText } from '../../cli/batch/canary';
import { duration } from '../../cli/output/durations';
import { flagsFor } from '../../cli/command-line/flags';
import { nameOfActor } from '../../cli/output/actor';
import { BATCH_WORKFLOW_ID_PREFIX } from '../../cli/requests/contract';
import type { RequestTo } from '../../cli/requests/client';
import { resetTarget } from '../../cli/reset/target';
import { addressOf, setParameters, useAddress } from './address';
import { read } from './api';
import { failedTotal, failuresOf, newRunsOf, partsOf, progressText, rollbackOf, workflowsText } from './batch-progress';
import { ChangeDialog } from './change-dialog';
import type { ChangeForm, ChangeOption } from './change-dialog';
import { ChangeStatus } from './change-status';
import { timeText, words } from './format';
import { ListView, readPage, Table, useList } from './list';
import { Chips, CopyAddress, CopyCommand, Facts, Heading, Reading, Status, Time } from './parts';
import { useKept, usePolled } from './polled';
import type { BatchOperation, Operation } from './schema';

const LIVE_MS = 1500;
const CHANGES_MS = 5000;
const CLOSED = new Set(['completed', 'cancelled', 'failed']);

export function BatchOperationPage({ operationId }: { operationId: string }): JSX.Element {
  const { namespace } = useAddress();
  const { data, problem, readAt, refresh } = usePolled(
    `${namespace} ${operationId}`,
    () => read(namespace, 'getBatchOperation', { operationId }),
    (batch) => (CLOSED.has(batch.state) ? undefined : LIVE_MS),
  );
  return (
    <>
      <Heading title={data === undefined ? 'Batch operation' : `${data.action}: ${data.reason}`}>
        <a href={addressOf(`operations/${operationId}`)}>In the ledger</a>
        <CopyAddress />
        <CopyCommand words={['batch', 'show', operationId]} />
      </Heading>
      <ChangeStatus onDone={refresh} />
      <Reading data={data} problem={problem} readAt={readAt} />
      {data !== undefined && (
        <>
          <Bar batch={data} />
          <Canary batch={data} />
          {(data.stuck ?? []).map((kind) => (
            <p key={kind} class="box box-bad">
              It does not proceed: {words(kind)}.{kind === 'activityFailing' && ` ${data.lastFailure ?? ''}`}
            </p>
          ))}
          {data.failure !== undefined && <p class="box box-bad">{data.failure}</p>}
          <Changes batch={data} />
          <BatchFacts batch={data} />
          <Items batch={data} />
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
        aria-label="Workflows done"
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
        {rate !== undefined && ` · ${rate.toFixed(1)} per second`}
        {batch.secondsLeft !== undefined && ` · ${duration(batch.secondsLeft)} left`}
      </p>
    </div>
  );
}

const canaryBoxes = { underway: 'note', waiting: 'note', passed: 'good', failed: 'bad' } as const;

/** The state of the canary, the first workflows that decide whether the others follow. */
function Canary({ batch }: { batch: BatchOperation }): JSX.Element | null {
  const { canary, failure } = batch;
  // The failure of the batch operation says the same.
  if (!canary || (canary.state === 'failed' && failure !== undefined)) return null;
  return (
    <p role="status" class={`box box-${canaryBoxes[canary.state]}`}>
      <strong>Canary</strong> {canaryText(batch, timeText)}.
    </p>
  );
}

/** An example for each kind of failure: a workflow and its message. */
function failureExamplesOf({ failureExamples = {} }: BatchOperation): JSX.Element | undefined {
  const examples = Object.entries(failureExamples);
  if (examples.length === 0) return undefined;
  return (
    <ul class="plain">
      {examples.map(([kind, { workflowId, message }]) => (
        <li key={kind}>
          {words(kind)}: <a href={addressOf('workflow', { workflowId })}>{workflowId}</a>: {message}
        </li>
      ))}
    </ul>
  );
}

/** Who has suspended, resumed or stopped it, and why. */
function useChangesOf({ operationId, state, stopRequestedAt }: BatchOperation): JSX.Element | undefined {
  const { namespace } = useAddress();
  const { data } = useKept(
    usePolled(
      [namespace, operationId, state, stopRequestedAt].join(' '),
      () =>
        readPage(namespace, 'listOperations', 'operations', {
          query: { workflowId: BATCH_WORKFLOW_ID_PREFIX + operationId },
        }),
      ({ items }) => (CLOSED.has(state) && items.every((made) => made.state !== 'started') ? undefined : CHANGES_MS),
    ),
  );
  if (data === undefined || data.items.length === 0) return undefined;
  return (
    <ul class="plain">
      {data.items.map((made) => (
        <li key={made.operationId}>
          <Time time={made.requestedAt} />{' '}
          <a href={addressOf(`operations/${made.operationId}`)}>{made.verb === 'cancel' ? 'stop' : made.verb}</a>:{' '}
          {words(made.outcome ?? made.state)}, by {nameOfActor(made.actor.id)}: {made.reason}
        </li>
      ))}
    </ul>
  );
}

function BatchFacts({ batch }: { batch: BatchOperation }): JSX.Element {
  const outcomes = Object.entries(batch.outcomes).map(([outcome, count]) => `${outcome} ×${count}`);
  return (
    <Facts
      facts={[
        ['Operation', <code>{batch.operationId}</code>],
        ['Query', batch.query && <code>{batch.query}</code>],
        ['By', nameOfActor(batch.actor.id)],
        ['Started', <Time time={batch.requestedAt} />],
        ['Engine', batch.engine],
        ['Outcomes', outcomes.join(', ')],
        ['Failures', failuresOf(batch)],
        ['Examples', failureExamplesOf(batch)],
        ['New runs', newRunsOf(batch)],
        ['Rollback', rollbackOf(batch)],
        ['Stop requested', batch.stopRequestedAt && <Time time={batch.stopRequestedAt} />],
        ['Changes', useChangesOf(batch)],
      ]}
    />
  );
}

const RETRIED = {
  failed: 'failed',
  failedAgain: 'failed again',
  stuck: 'are stuck',
  notBegun: 'were not begun',
} as const;
type Retried = keyof typeof RETRIED;

/** How many workflows a retry can repeat, by outcome. */
function retriedOf(batch: BatchOperation): [Retried, number][] {
  const { matched, done, skipped, progress, state } = batch;
  const counts = {
    failed: failedTotal(batch),
    failedAgain: progress?.failedAgain ?? 0,
    stuck: progress?.stuck ?? 0,
    // A completed batch operation has listed all: the others had left the query.
    notBegun: state === 'completed' ? 0 : matched - done - skipped,
  };
  return (Object.keys(counts) as Retried[])
    .map((outcome): [Retried, number] => [outcome, counts[outcome]])
    .filter(([, count]) => count > 0);
}

type Verb = 'cancel' | 'suspend' | 'resume';

/** The changes that the state of a batch operation allows. */
function verbsFor({ state, engine }: Pick<BatchOperation, 'state' | 'engine'>): Verb[] {
  if (CLOSED.has(state)) return [];
  if (engine !== 'worker') return ['cancel'];
  return [state === 'suspended' ? 'resume' : 'suspend', 'cancel'];
}

function Changes({ batch }: { batch: BatchOperation }): JSX.Element | null {
  const [form, setForm] = useState<ChangeForm>();
  const { operationId, matched, done } = batch;
  const texts: Record<Verb, { title: string; lines: string[]; word: string }> = {
    cancel: {
      title: 'Stop the batch operation',
      lines: [
        `${progressText(batch)} are done. Workflows in flight are finished, and ${workflowsText(Math.max(0, matched - done))} will not be changed.`,
      ],
      word: 'stop',
    },
    suspend: {
      title: 'Suspend the batch operation',
      lines: ['Workflows in flight are finished; no other workflow is changed until it is resumed.'],
      word: 'suspend',
    },
    resume: { title: 'Resume the batch operation', lines: ['It continues where it was suspended.'], word: 'resume' },
  };
  const verbs = verbsFor(batch);
  const retried = CLOSED.has(batch.state) && batch.engine === 'worker' ? retriedOf(batch) : [];
  if (verbs.length + retried.length === 0) return null;
  const open = (verb: Verb) => {
    const { title, lines, word } = texts[verb];
    setForm({
      title,
      lines,
      ...(verb === 'cancel' && { danger: true }),
      route: `${verb}BatchOperation`,
      operationId,
      body: () => ({}),
      words: () => ['batch', word, operationId],
    });
  };
  return (
    <div class="actions">
      {verbs.map((verb) => (
        <button key={verb} type="button" onClick={() => open(verb)}>
          {{ cancel: 'Stop…', suspend: 'Suspend…', resume: 'Resume…' }[verb]}
        </button>
      ))}
      {retried.map(([outcome, count]) => (
        <button key={outcome} type="button" onClick={() => setForm(retryForm(batch, outcome, count))}>
          Retry the {count} that {RETRIED[outcome]}…
        </button>
      ))}
      {form && <ChangeDialog form={form} onClose={() => setForm(undefined)} />}
    </div>
  );
}

function retryForm({ operationId, action }: BatchOperation, outcome: Retried, count: number): ChangeForm {
  const options: ChangeOption[] =
    action === 'reset'
      ? [{ name: 'to', label: 'Another point to reset to', kind: 'text', placeholder: 'before-activity=chargeCard' }]
      : [];
  return {
    title: `Retry ${workflowsText(count)}`,
    lines: [`A new batch operation repeats those that ${RETRIED[outcome]}.`],
    type: String(count),
    options,
    route: 'retryBatchOperation',
    operationId,
    body: ({ to }) => ({ outcome, target: to && resetTarget(to) }),
    words: ({ to }) => ['batch', 'retry', operationId, ...flagsFor({ '--outcome': outcome, '--to': to })],
  };
}

const outcomes = [
  { value: '', text: 'All' },
  { value: 'succeeded', text: 'Succeeded' },
  { value: 'failed', text: 'Failed' },
];
/** Outcomes of new runs that were followed. */
const newRunOutcomes = [
  { value: 'completed', text: 'Completed' },
  { value: 'wentOn', text: 'Went on' },
  { value: 'failedAgain', text: 'Failed again' },
  { value: 'stuck', text: 'Stuck' },
  { value: 'stillRunning', text: 'Still running' },
];
const notBegun = { value: 'notBegun', text: 'Not begun' };

/** The list of operations on the workflows. */
function Items({ batch }: { batch: BatchOperation }): JSX.Element {
  const { namespace, parameters } = useAddress();
  const { engine, operationId, state, progress } = batch;
  const outcome = (parameters.get('outcome') ?? undefined) as ItemOutcome | undefined;
  const list = useList<Item>({
    key: `${namespace} ${operationId} ${outcome}`,
    read: (pageToken) =>
      readPage(namespace, 'listBatchItems', outcome === 'notBegun' ? 'notBegun' : 'items', {
        operationId,
        query: { outcome, pageToken },
      }),
    idOf: ({ operationId: id, workflowId }) => id ?? workflowId ?? '',
    pause: CLOSED.has(state) ? undefined : LIVE_MS,
  });
  const offered = [...outcomes, ...(progress ? newRunOutcomes : []), ...(engine === 'worker' ? [notBegun] : [])];
  return (
    <section aria-label="Items">
      <h2>Workflows</h2>
      <Chips
        label="Outcome"
        value={outcome ?? ''}
        choices={offered}
        onChange={(value) => setParameters({ outcome: value })}
      />
      <ListView list={list} empty="No workflow matches.">
        {(items) => (
          <Table heads={['Workflow', 'State', 'Result', 'Operation']}>
            {items.map((item) => (
              <ItemRow key={item.operationId ?? item.workflowId} item={item} />
            ))}
          </Table>
        )}
      </ListView>
    </section>
  );
}

/** The operation on a workflow; without an operation id if it has not started. */
type Item = Partial<Operation>;

type ItemOutcome = NonNullable<NonNullable<RequestTo<'listBatchItems'>['query']>['outcome']>;

function ItemRow({ item }: { item: Item }): JSX.Element {
  const { workflowId, runId, state, outcome, failure, operationId, answer } = item;
  const { newRunId } = (answer ?? {}) as { newRunId?: string };
  return (
    <tr>
      <td class="id">
        <a href={addressOf('workflow', { workflowId, runId: newRunId ?? runId })}>{workflowId}</a>
      </td>
      <td>
        <Status status={state ?? 'notBegun'} />
      </td>
      <td>{failure === undefined ? outcome : `${failure.kind}: ${failure.message}`}</td>
      <td>
        {operationId !== undefined && <a href={addressOf(`operations/${operationId}`)}>{operationId.slice(0, 11)}…</a>}
      </td>
    </tr>
  );
}
