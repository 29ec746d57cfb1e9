import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { executionFields } from '../../cli/batch/execution';
import { openStates, otherBatchText } from '../../cli/batch/other-batches';
import { previewRequest, previewRoutes } from '../../cli/batch/preview-request';
import { batchStartArguments } from '../../cli/batch/command';
import { previewLine } from '../../cli/reset/preview';
import { batchVersioning } from '../../cli/reset/options';
import { resetTarget } from '../../cli/reset/target';
import { addressOf, navigate, setParameters, useAddress } from './address';
import { read } from './api';
import { countsText, workflowsText } from './batch-progress';
import { startChange, ReasonForm } from './change-dialog';
import { ChangeStatus } from './change-status';
import { readPage } from './list';
import { Check, CopyAddress, Facts, Heading, MoreOptions, Reading, Select, TextField } from './parts';
import { useKept, usePolled } from './polled';
import { OrphansField, OVERRIDE_FORMS, reapplied, ReapplyField, resetFieldsOf, VERSION_FORMS } from './reset-options';
import type { ResetOptions } from './reset-options';
import type { BatchRequest } from './schema';

const actions = [
  { value: 'reset', text: 'reset' },
  { value: 'cancel', text: 'request cancellation' },
  { value: 'terminate', text: 'terminate' },
  { value: 'pause', text: 'pause' },
  { value: 'unpause', text: 'unpause' },
  { value: 'updateOptions', text: 'move to another worker version' },
];
/** Texts before the number of workflows. */
const titles: Record<string, string> = {
  reset: 'Reset',
  cancel: 'Request cancellation of',
  terminate: 'Terminate',
  pause: 'Pause',
  unpause: 'Unpause',
  updateOptions: 'Set the worker version of',
};
const targets = [
  { value: 'before-failure', text: 'before the failure' },
  { value: 'last', text: 'last workflow task' },
  { value: 'first', text: 'from the start' },
];
const engines = [
  { value: 'worker', text: 'Rewind’s worker' },
  { value: 'server', text: 'Temporal’s own engine' },
];

/** Fields of the form with their defaults, as in the address; '' for an empty field. */
const defaults = {
  action: 'reset',
  query: '',
  to: 'before-failure',
  until: '',
  rate: '20',
  max: '1000',
  engine: 'worker',
  exclude: '',
  canary: '',
  canaryWait: '30',
  canaryFailures: '0',
  stopAt: '',
  follow: '',
  versioning: '',
  orphans: 'leave',
  drop: '',
  count: 'exact',
};
type Field = keyof typeof defaults;
const fields = Object.keys(defaults) as Field[];
/** Fields below "More options". */
const folded: Field[] = ['exclude', 'canary', 'stopAt', 'follow', 'versioning', 'orphans', 'drop', 'count'];

interface Draft extends Record<Field, string> {
  workflows: string[];
}

const draftOf = (parameters: URLSearchParams): Draft => ({
  ...(Object.fromEntries(fields.map((name) => [name, parameters.get(name) ?? defaults[name]])) as Record<
    Field,
    string
  >),
  workflows: parameters.getAll('workflowId'),
});

const numberOf = (text: string): number | undefined => (text.trim() === '' ? undefined : Number(text));

const resetOptionsOf = ({ versioning, orphans, drop }: Draft): ResetOptions => ({
  versioning,
  orphanedChildren: orphans as ResetOptions['orphanedChildren'],
  excludeReapply: reapplied.filter((kind) => drop.split(',').includes(kind)),
});

/**
 * The request from the fields of the form, without the reason.
 * @throws {CliError} if the point or the version is invalid
 */
function requestOf(draft: Draft): Omit<BatchRequest, 'reason'> {
  const { action, query, workflows, to, until, engine, exclude, canary } = draft;
  const isReset = action === 'reset';
  const excluded = exclude.split(/[\s,]+/).filter(Boolean);
  const hasCanary = canary.trim() !== '';
  return {
    action: action as BatchRequest['action'],
    engine: engine as BatchRequest['engine'],
    ...(workflows.length > 0 ? { workflows } : { query }),
    ...(excluded.length > 0 && { exclude: excluded }),
    ...(isReset && { target: resetTarget(to), ...resetFieldsOf(resetOptionsOf(draft)) }),
    ...(action === 'pause' && until !== '' && { until }),
    ...(action === 'updateOptions' && { versioningOverride: batchVersioning(draft.versioning || 'autoUpgrade') }),
    ...executionFields({
      rate: numberOf(draft.rate),
      max: numberOf(draft.max),
      stopAt: numberOf(draft.stopAt),
      ...(isReset && { follow: numberOf(draft.follow) }),
      ...(hasCanary && {
        canary: Number(canary),
        canaryWait: numberOf(draft.canaryWait),
        canaryFailures: numberOf(draft.canaryFailures),
      }),
    }),
  };
}

/** The form for a new batch operation on a query or a selection, with a preview. */
export function NewBatchPage(): JSX.Element {
  const { parameters } = useAddress();
  const draft = draftOf(parameters);
  const { action, workflows, query } = draft;
  const set = (name: Field) => (value: string) =>
    setParameters({ [name]: value === defaults[name] ? undefined : value });
  return (
    <>
      <Heading title="New batch operation">
        <CopyAddress />
      </Heading>
      <ChangeStatus
        onDone={({ operationId }) => {
          if (operationId !== undefined) navigate(addressOf(`batch-operations/${operationId}`), { replace: true });
        }}
      />
      <div class="form-grid">
        <Select label="Action" value={action} choices={actions} onChange={set('action')} />
        {action === 'reset' && <Target to={draft.to} onTo={set('to')} />}
        {action === 'pause' && (
          <SettledField
            label="Until (optional): the time at which they are unpaused"
            value={draft.until}
            placeholder="2026-01-31T18:00:00Z"
            onChange={set('until')}
          />
        )}
        {action === 'updateOptions' && (
          <SettledField
            label="Worker version"
            value={draft.versioning}
            placeholder={OVERRIDE_FORMS}
            onChange={set('versioning')}
          />
        )}
        <SettledField label="Workflows per second" value={draft.rate} placeholder="20" onChange={set('rate')} />
        <SettledField label="At most" value={draft.max} placeholder="1000" onChange={set('max')} />
        <Select label="Engine" value={draft.engine} choices={engines} onChange={set('engine')} />
      </div>
      <MoreOptions isSet={folded.some((name) => draft[name] !== defaults[name])}>
        <OptionFields draft={draft} set={set} />
      </MoreOptions>
      {workflows.length > 0 ? (
        <p>
          {workflowsText(workflows.length)}: {workflows.join(', ')}
        </p>
      ) : (
        <SettledField
          label="Visibility query"
          value={query}
          placeholder="WorkflowType = 'order' AND ExecutionStatus = 'Failed'"
          autoFocus={query === ''}
          onChange={set('query')}
        />
      )}
      {workflows.length === 0 && query.trim() === '' ? (
        <p class="note">Enter a query to see a preview.</p>
      ) : (
        <Preview draft={draft} />
      )}
    </>
  );
}

type SetField = (name: Field) => (value: string) => void;

/** Selects a named point, or any point that `rewind batch start --to` takes. */
function Target({ to, onTo }: { to: string; onTo: (to: string) => void }): JSX.Element {
  const isNamed = targets.some(({ value }) => value === to);
  const choices = [...targets, { value: isNamed ? 'before-activity=' : to, text: 'another point' }];
  return (
    <>
      <Select label="To" value={to} choices={choices} onChange={onTo} />
      {!isNamed && (
        <SettledField
          label="Point, in the format of rewind reset --to"
          value={to}
          placeholder="before-activity=chargeCard"
          onChange={onTo}
        />
      )}
    </>
  );
}

/** Fields for the safeguards of the batch operation, and for options of the new runs. */
function OptionFields({ draft, set }: { draft: Draft; set: SetField }): JSX.Element {
  const isReset = draft.action === 'reset';
  const text = (name: Field, label: string, placeholder: string) => (
    <SettledField label={label} value={draft[name]} placeholder={placeholder} onChange={set(name)} />
  );
  const reset = {
    options: resetOptionsOf(draft),
    onChange: ({ orphanedChildren, excludeReapply }: ResetOptions) => {
      set('orphans')(orphanedChildren);
      set('drop')(excludeReapply.join(','));
    },
  };
  return (
    <>
      <div class="form-grid">
        {text('canary', 'Canary: number of workflows to change first', 'none')}
        {draft.canary !== '' && text('canaryWait', 'Seconds to follow the canary', '30')}
        {draft.canary !== '' && text('canaryFailures', 'Share of the canary that may fail', '0')}
        {text('stopAt', 'Stop once this share has failed', '0.2')}
        {isReset && text('follow', 'Seconds to follow new runs', 'none')}
        {isReset && <OrphansField {...reset} />}
        {isReset && text('versioning', 'Worker version of the new runs', VERSION_FORMS)}
      </div>
      {text('exclude', 'Ids to leave unchanged', 'order-1 order-2')}
      {isReset && reapplied.map((kind) => <ReapplyField key={kind} kind={kind} {...reset} />)}
      <Check
        label="Refuse if a different number matches at the start"
        checked={draft.count === 'exact'}
        onChange={(isExact) => set('count')(isExact ? 'exact' : 'any')}
      />
    </>
  );
}

const TYPING_MS = 500;

/** A text field whose value goes into the address after a pause in typing, or when the field loses focus. */
function SettledField({
  value,
  onChange,
  ...shown
}: {
  label: string;
  value: string;
  placeholder: string;
  autoFocus?: boolean;
  onChange: (value: string) => void;
}): JSX.Element {
  const [text, setText] = useState(value);
  useEffect(() => {
    if (text === value) return undefined;
    const timer = setTimeout(() => onChange(text), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  // A button that the user is about to press uses the new value.
  const settle = () => {
    if (text !== value) onChange(text);
  };
  return <TextField {...shown} value={text} onChange={setText} onBlur={settle} />;
}

/** The preview is read again, because the matches change while the form is filled in. */
const PREVIEW_MS = 15_000;

/** Batch operations that have not ended: they may change the same workflows. */
function useOtherBatches(namespace: string, query: string): JSX.Element | undefined {
  const { data = [] } = usePolled(
    namespace,
    () =>
      Promise.all(
        openStates.map((state) => readPage(namespace, 'listBatchOperations', 'batchOperations', { query: { state } })),
      ),
    () => PREVIEW_MS,
  );
  const open = data.flatMap(({ items }) => items);
  if (open.length === 0) return undefined;
  return (
    <ul class="plain">
      {open.map((batch) => (
        <li key={batch.operationId}>
          <a href={addressOf(`batch-operations/${batch.operationId}`)}>{otherBatchText(batch, query)}</a>
        </li>
      ))}
    </ul>
  );
}

function Preview({ draft }: { draft: Draft }): JSX.Element {
  const { namespace } = useAddress();
  const { action, max } = draft;
  const previewed = usePolled(
    JSON.stringify([namespace, draft]),
    async () => {
      const request = requestOf(draft);
      return read(namespace, previewRoutes[request.action], { body: previewRequest(request) });
    },
    () => PREVIEW_MS,
  );
  const others = useOtherBatches(namespace, draft.query);
  const { data, isReading } = useKept(previewed);
  if (data === undefined) return <Reading data={data} problem={previewed.problem} />;
  const title = `${titles[action] ?? action} ${workflowsText(data.matched)}`;
  const request = (reason: string) => ({
    ...requestOf(draft),
    expectMatched: draft.count === 'exact' ? data.matched : undefined,
    reason,
  });
  return (
    <section class="panel" aria-label="Preview">
      <h2>What it will do</h2>
      <Reading data={data} problem={previewed.problem} readAt={previewed.readAt} />
      <Facts
        facts={[
          ['Matches', workflowsText(data.matched)],
          ['Too many', data.tooMany ? `more than ${max}: the request would be refused` : ''],
          ['Runs again', countsText(data.reexecutedActivities ?? {}, (type) => type)],
          ['Limitations', (data.limitations ?? []).join(' ')],
          ['Other batch operations', others],
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
        disabled={isReading || data.matched === 0 || data.tooMany}
        autoFocus={false}
        words={(reason) => (isReading ? [] : batchStartArguments(request(reason)))}
        onSubmit={(reason) =>
          startChange({ namespace, route: 'startBatchOperation', request: { body: request(reason) }, title })
        }
      />
    </section>
  );
}
