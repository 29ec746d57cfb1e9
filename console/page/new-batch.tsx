import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { previewLine } from '../../cli/reset-preview';
import { resetTarget } from '../../cli/reset-target';
import { addressOf, navigate, setParameters, useAddress } from './address';
import { preview as readPreview } from './api';
import { workflowsText } from './batch-progress';
import { begin, ReasonForm } from './change-dialog';
import { ChangeStatus } from './change-status';
import { Facts, Heading, ProblemBox, Select, TextField } from './parts';
import { useCommand } from './place';
import { usePolled } from './polled';
import type { BatchPreview } from './schema';

const actions = [
  { value: 'reset', text: 'reset' },
  { value: 'cancel', text: 'request cancellation' },
  { value: 'terminate', text: 'terminate' },
];
const targets = [
  { value: 'before-failure', text: 'before the failure' },
  { value: 'last', text: 'last workflow task' },
  { value: 'first', text: 'from the start' },
];
const engines = [
  { value: 'worker', text: 'Rewind’s worker' },
  { value: 'server', text: 'Temporal’s own engine' },
];

/** What the address has of a batch operation that is not started. */
interface Draft {
  action: string;
  query: string;
  workflows: string[];
  to: string;
  rate: string;
  max: string;
  engine: string;
}

function draftOf(parameters: URLSearchParams): Draft {
  const value = (name: string, otherwise: string) => parameters.get(name) ?? otherwise;
  return {
    action: value('action', 'reset'),
    query: value('query', ''),
    workflows: parameters.getAll('workflowId'),
    to: value('to', 'before-failure'),
    rate: value('rate', '20'),
    max: value('max', '1000'),
    engine: value('engine', 'worker'),
  };
}

const requestOf = ({ action, query, workflows, to, rate, max, engine }: Draft) => ({
  action,
  engine,
  ...(workflows.length > 0 ? { workflows } : { query }),
  ...(action === 'reset' && { target: resetTarget(to) }),
  ratePerSecond: Number(rate),
  maxWorkflows: Number(max),
});

/** A batch operation from a query or a selection, with what it would do. */
export function NewBatchPage(): JSX.Element {
  const { namespace, parameters } = useAddress();
  const draft = draftOf(parameters);
  const { action, workflows, query } = draft;
  const set = (name: string) => (value: string) => setParameters({ [name]: value });
  return (
    <>
      <Heading title="New batch operation" />
      <ChangeStatus
        onDone={({ operationId }) => {
          if (operationId !== undefined)
            navigate(addressOf(namespace, `batch-operations/${operationId}`), { replace: true });
        }}
      />
      <div class="form-grid">
        <Select label="Action" value={action} choices={actions} onChange={set('action')} />
        {action === 'reset' && <Select label="To" value={draft.to} choices={targets} onChange={set('to')} />}
        <TextField label="Workflows a second" value={draft.rate} onChange={set('rate')} />
        <TextField label="At most" value={draft.max} onChange={set('max')} />
        <Select label="Engine" value={draft.engine} choices={engines} onChange={set('engine')} />
      </div>
      {workflows.length > 0 ? (
        <p>
          {workflowsText(workflows.length)}: {workflows.join(', ')}
        </p>
      ) : (
        <QueryField query={query} onQuery={set('query')} />
      )}
      {workflows.length === 0 && query.trim() === '' ? (
        <p class="note">A query says which workflows: without one, nothing is previewed.</p>
      ) : (
        <Preview draft={draft} />
      )}
    </>
  );
}

const TYPING_MS = 500;

/** Goes into the address when the typing has ended. */
function QueryField({ query, onQuery }: { query: string; onQuery: (query: string) => void }): JSX.Element {
  const [text, setText] = useState(query);
  useEffect(() => {
    if (text === query) return undefined;
    const timer = setTimeout(() => onQuery(text), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <TextField
      label="Visibility query"
      value={text}
      onChange={setText}
      placeholder="WorkflowType = 'order' AND ExecutionStatus = 'Failed'"
      autoFocus={query === ''}
    />
  );
}

function Preview({ draft }: { draft: Draft }): JSX.Element {
  const { namespace } = useAddress();
  const command = useCommand();
  const { action, workflows, query, to, rate, max, engine } = draft;
  const { data, problem } = usePolled(
    JSON.stringify([namespace, draft]),
    () => readPreview<BatchPreview>(namespace, 'batch-operations', { ...requestOf(draft), reason: 'preview' }),
    () => undefined,
  );
  if (problem) return <ProblemBox problem={problem} />;
  if (data === undefined) return <p class="busy">Reading what it would do…</p>;
  const what = { reset: 'Reset', cancel: 'Request cancellation of', terminate: 'Terminate' }[action] ?? action;
  const title = `${what} ${workflowsText(data.matched)}`;
  const words = [
    'batch',
    'start',
    action,
    ...(workflows.length > 0 ? workflows : ['-q', query]),
    ...(action === 'reset' ? ['--to', to] : []),
    '--rate',
    rate,
    '--max',
    max,
    '--engine',
    engine,
  ];
  return (
    <section class="panel" aria-label="Preview">
      <h2>What it will do</h2>
      <Facts
        facts={[
          ['Matches', workflowsText(data.matched)],
          ['Too many', data.tooMany ? `more than ${max}: it would be refused` : ''],
          ['Without', (data.limitations ?? []).join(' ')],
        ]}
      />
      <ul class="sample">
        {data.sample.map(({ workflowId, reset, refused }) => (
          <li key={workflowId}>
            {reset ? previewLine(reset).trim() : `${workflowId}${refused === undefined ? '' : `: ${refused}`}`}
          </li>
        ))}
      </ul>
      {data.matched > data.sample.length && <p class="note">and {data.matched - data.sample.length} more</p>}
      <ReasonForm
        submit={title}
        type={String(data.matched)}
        danger={action === 'terminate'}
        disabled={data.matched === 0 || data.tooMany}
        autoFocus={false}
        command={(reason) => command(...words, '--reason', reason)}
        onSubmit={(reason) =>
          begin({ namespace, path: 'batch-operations', body: { ...requestOf(draft), reason }, title })
        }
      />
    </section>
  );
}
