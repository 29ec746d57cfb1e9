import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { flagsFor } from '../../cli/command-line/flags';
import { failingNexusOperations, isClosed, retriedActivities } from '../../cli/workflows/findings';
import { addressOf, navigate, setParameters, useAddress } from './address';
import { read } from './api';
import { ChangeDialog } from './change-dialog';
import type { ChangeForm } from './change-dialog';
import { ChangeStatus } from './change-status';
import { cancelForm, terminateForm } from './change-forms';
import { filters, OPEN, queryOfIds, statusOf, toggleStatus, withoutStatus } from './filters';
import type { Filter } from './filters';
import { plural, spanText, words } from './format';
import { ListView, readPage, Table, useList } from './list';
import { Chips, CopyAddress, CopyCommand, Heading, ProblemBox, Status, TextField, Time } from './parts';
import { useKept, usePolled } from './polled';
import type { Polled } from './polled';
import type { ListedWorkflow } from './schema';
import { SelectRow, useSelection } from './selection';
import type { Selection } from './selection';

/** Maximum number of runs to describe. */
const DESCRIBED = 25;
const LIST_MS = 5000;
const STUCK_MS = 15_000;
const NAME_KEY = 'name in the ledger';

/** The list of workflows: a query, what is wrong with each run, and changes to selected workflows. */
export function WorkflowsPage(): JSX.Element {
  const { namespace, parameters } = useAddress();
  const query = parameters.get('query') ?? '';
  const stuckOnly = parameters.get('filter') === 'stuck';
  const list = useList({
    key: `${namespace} ${query}`,
    read: (pageToken) =>
      readPage(namespace, 'listWorkflows', 'workflows', { query: { query: query || undefined, pageToken } }),
    idOf: ({ runId }) => runId,
    pause: LIST_MS,
  });
  const causes = useCauses(namespace, list.items ?? []);
  const causeOf = new Map(causes.data);
  const isStuck = (runId: string) => (causeOf.get(runId) ?? '') !== '';
  // It is not known yet, or not any more, which are stuck.
  const shown = stuckOnly
    ? {
        ...list,
        items: causes.data && list.items?.filter(({ runId }) => isStuck(runId)),
        problem: list.problem ?? causes.problem,
      }
    : list;
  return (
    <>
      <Heading title="Workflows">
        <CopyAddress />
        <CopyCommand words={['ls', ...flagsFor({ '-q': query || undefined })]} />
      </Heading>
      <ChangeStatus />
      <QueryForm key={query} query={query} />
      <Counts query={query} />
      <ListView
        list={shown}
        empty={stuckOnly ? `None of the first ${DESCRIBED} open workflows is stuck.` : 'No workflow matches.'}
      >
        {(workflows) => <WorkflowTable workflows={workflows} causes={causeOf} query={query} />}
      </ListView>
    </>
  );
}

function QueryForm({ query }: { query: string }): JSX.Element {
  const { namespace, parameters } = useAddress();
  const [text, setText] = useState(query);
  const [problem, setProblem] = useState<Error>();
  const [asksName, setAsksName] = useState(false);
  const saved = filters(new Date(new Date().setHours(0, 0, 0, 0)));
  const show = (filter: string, given: string) => setParameters({ filter, query: given }, { replace: false });

  const choose = async (chosen: string) => {
    const filter = saved.find(({ name }) => name === chosen);
    if (filter === undefined) return;
    setProblem(undefined);
    try {
      if (filter.query !== undefined) return show(filter.name, filter.query);
      const name = localStorage.getItem(NAME_KEY);
      if (filter.operations === 'mine' && name === null) return setAsksName(true);
      return show(filter.name, await queryOfOperations(namespace, filter, name ?? ''));
    } catch (error) {
      return setProblem(error as Error);
    }
  };
  return (
    <>
      <form
        class="query"
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          show('', text);
        }}
      >
        <label class="field">
          <span>Visibility query</span>
          <input
            type="search"
            value={text}
            placeholder="WorkflowType = 'order' AND ExecutionStatus = 'Running'"
            spellcheck={false}
            autocomplete="off"
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </label>
        <button type="submit" class="primary">
          Search
        </button>
      </form>
      <Chips
        label="Saved filters"
        value={parameters.get('filter') ?? (query === '' ? 'all' : '')}
        choices={saved.map(({ name, title }) => ({ value: name, text: title }))}
        onChange={(name) => void choose(name)}
      />
      {parameters.get('filter') === 'mine' && !asksName && (
        <p class="note">
          Changed by {localStorage.getItem(NAME_KEY)} in the last 7 days.
          <button type="button" class="quiet" onClick={() => setAsksName(true)}>
            Another name
          </button>
        </p>
      )}
      {asksName && (
        <NameForm
          onName={(name) => {
            localStorage.setItem(NAME_KEY, name);
            setAsksName(false);
            void choose('mine');
          }}
        />
      )}
      <ProblemBox problem={problem} />
    </>
  );
}

function NameForm({ onName }: { onName: (name: string) => void }): JSX.Element {
  const [name, setName] = useState('');
  return (
    <form
      class="query"
      onSubmit={(event) => {
        event.preventDefault();
        if (name !== '') onName(name);
      }}
    >
      <TextField
        label="Your name in the ledger: the name of the IAM user or role session"
        value={name}
        onChange={setName}
        autoFocus
      />
      <button type="submit">Use it</button>
    </form>
  );
}

/** A query for the workflows of operations in the last 7 days. */
async function queryOfOperations(namespace: string, { operations }: Filter, actor: string): Promise<string> {
  const given = operations === 'mine' ? { actor } : ({ verb: 'cancel', state: 'completed' } as const);
  const found = await read(namespace, 'listOperations', { query: { ...given, pageSize: 100 } });
  if (operations === 'mine') return queryOfIds(found.operations.map(({ workflowId }) => workflowId ?? ''));
  const unsettled = found.operations.filter(
    ({ settled, outcome }) => settled === undefined && outcome !== 'alreadyClosed',
  );
  return queryOfIds(
    unsettled.map(({ workflowId }) => workflowId ?? ''),
    OPEN,
  );
}

/** Counts by status, as buttons that filter the list. */
function Counts({ query }: { query: string }): JSX.Element {
  const { namespace } = useAddress();
  const base = withoutStatus(query);
  const { data } = usePolled(
    `${namespace} ${base}`,
    () => read(namespace, 'countWorkflows', { query: { query: `${base} GROUP BY ExecutionStatus`.trim() } }),
    () => LIST_MS,
  );
  const groups = (data?.groups ?? []).map(({ values, count }) => ({ status: String(values[0]), count }));
  const textOf = (status: string, count: number) => (
    <>
      <Status status={status} /> <strong>{count.toLocaleString('en')}</strong>
    </>
  );
  return (
    <Chips
      label="Counts by status"
      value={statusOf(query)}
      choices={groups
        .toSorted((a, b) => b.count - a.count)
        .map(({ status, count }) => ({ value: status, text: textOf(status, count) }))}
      onChange={(status) =>
        setParameters({ filter: undefined, query: toggleStatus(query, status) }, { replace: false })
      }
    />
  );
}

/** Why open runs of the list do not proceed, by run id; '' if no cause is known. */
function useCauses(namespace: string, listed: ListedWorkflow[]): Pick<Polled<[string, string][]>, 'data' | 'problem'> {
  const open = listed.filter(({ status, ownedBy }) => !isClosed(status) && ownedBy === undefined);
  const key = open.map(({ runId }) => runId).join(' ');
  const polled = usePolled(
    key === '' ? undefined : `${namespace} ${key}`,
    async () => {
      const causes: [string, string][] = [];
      const queue = open.slice(0, DESCRIBED);
      const describeNext = async (): Promise<void> => {
        for (let one = queue.shift(); one !== undefined; one = queue.shift()) {
          const { workflowId, runId } = one;
          const workflow = await read(namespace, 'describeWorkflow', { query: { workflowId, runId } });
          const kinds = (workflow.stuck ?? []).map(({ kind }) => words(kind));
          const failing = retriedActivities(workflow).length > 0 ? ['activity failing'] : [];
          const nexus = failingNexusOperations(workflow).length > 0 ? ['Nexus operation failing'] : [];
          causes.push([runId, [...new Set([...kinds, ...failing, ...nexus])].join(', ')]);
        }
      };
      await Promise.all([describeNext(), describeNext(), describeNext()]);
      return causes.toSorted(([a], [b]) => (a < b ? -1 : 1));
    },
    () => STUCK_MS,
  );
  const { data } = useKept(polled);
  return { data: key === '' ? [] : data, problem: polled.problem };
}

function WorkflowTable({
  workflows,
  causes,
  query,
}: {
  workflows: ListedWorkflow[];
  causes: Map<string, string>;
  query: string;
}): JSX.Element {
  // Rewind's own workflows are changed only through their batch operations.
  const selection = useSelection(workflows.filter(({ ownedBy }) => ownedBy === undefined).map(({ runId }) => runId));
  const chosen = workflows.filter(({ runId }) => selection.has(runId));
  return (
    <>
      <SelectionBar chosen={chosen} query={query} onDone={selection.clear} />
      <Table heads={['Workflow', 'Type', 'Status', 'Started', 'Duration', 'Task queue']} selection={selection}>
        {workflows.map((workflow) => (
          <Row
            key={workflow.runId}
            workflow={workflow}
            cause={causes.get(workflow.runId) ?? ''}
            selection={selection}
          />
        ))}
      </Table>
    </>
  );
}

function Row({
  workflow,
  cause,
  selection,
}: {
  workflow: ListedWorkflow;
  cause: string;
  selection: Selection;
}): JSX.Element {
  const { workflowId, runId, workflowType, status, startTime, closeTime, taskQueue, ownedBy } = workflow;
  return (
    <tr class={selection.has(runId) ? 'selected' : ''}>
      <SelectRow selection={selection} id={runId} name={workflowId} />
      <td class="id">
        <a href={addressOf('workflow', { workflowId, runId })}>{workflowId}</a>
      </td>
      <td>{workflowType}</td>
      <td>
        <Status status={status} />
        {ownedBy !== undefined && <span class="tag">{ownedBy === 'rewind' ? 'Rewind’s own' : 'Temporal’s own'}</span>}
        {cause !== '' && <span class="tag tag-bad">{cause}</span>}
      </td>
      <td class="nowrap">
        <Time time={startTime} />
      </td>
      <td class="nowrap">{spanText(startTime, closeTime)}</td>
      <td class="minor">{taskQueue}</td>
    </tr>
  );
}

/** Changes to the selected workflows: one by its own route, several as a batch operation. */
function SelectionBar({
  chosen,
  query,
  onDone,
}: {
  chosen: ListedWorkflow[];
  query: string;
  onDone: () => void;
}): JSX.Element {
  const [form, setForm] = useState<ChangeForm>();
  const [only] = chosen;
  const ids = [...new Set(chosen.map(({ workflowId }) => workflowId))];
  const start = (action: 'cancel' | 'terminate' | 'reset') => {
    if (only === undefined) return;
    const { workflowId, runId } = only;
    if (ids.length > 1) return navigate(addressOf('batch-operations/new', { action, workflowId: ids }));
    if (action === 'reset') return navigate(addressOf('workflow', { workflowId, runId, to: 'before-failure' }));
    setForm((action === 'cancel' ? cancelForm : terminateForm)(only));
  };
  const nothing = chosen.length === 0;
  return (
    <div class="selection" role="group" aria-label="Changes">
      <span>{nothing ? 'Select workflows to change them' : `${plural(ids.length, 'workflow')} selected`}</span>
      {(['cancel', 'terminate', 'reset'] as const).map((action) => (
        <button key={action} type="button" disabled={nothing} onClick={() => start(action)}>
          {{ cancel: 'Cancel…', terminate: 'Terminate…', reset: 'Reset…' }[action]}
        </button>
      ))}
      <a class="button" href={addressOf('batch-operations/new', { query: query || OPEN })}>
        Change all that match…
      </a>
      {form && (
        <ChangeDialog
          form={form}
          onClose={() => {
            setForm(undefined);
            onDone();
          }}
        />
      )}
    </div>
  );
}
