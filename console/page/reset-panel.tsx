import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { flagsFor } from '../../cli/command-line/flags';
import { previewRows } from '../../cli/reset/preview';
import { resetTarget } from '../../cli/reset/target';
import { parseSignalInput } from '../../cli/command-line/signal-input';
import { isClosed } from '../../cli/workflows/findings';
import { flagsOf } from '../../cli/workflows/workflow-ids';
import { setParameters, useAddress } from './address';
import { read } from './api';
import { startChange, ReasonForm } from './change-dialog';
import { Chips, CloseButton, Facts, MoreOptions, ProblemBox, TextField } from './parts';
import { useProduction } from './place';
import { useKept, usePolled } from './polled';
import { OrphansField, reapplied, ReapplyField, resetFieldsOf, VersionField } from './reset-options';
import type { Reapplied, ResetOptions } from './reset-options';
import type { ResetPreview, Workflow } from './schema';

/** How often the preview of an open run is read again, because the run continues. */
const PREVIEW_MS = 10_000;

interface Options extends ResetOptions {
  /** Name of a signal to the new run; '' for none. */
  signalName: string;
  /** The signal's argument as JSON; '' for none. */
  signalInput: string;
}

const noOptions: Options = {
  orphanedChildren: 'leave',
  excludeReapply: [],
  versioning: '',
  signalName: '',
  signalInput: '',
};

/** The preview of a reset to the chosen point, its options, and the button for the reset. */
export function ResetPanel({
  workflow,
  to,
  onEvent,
}: {
  workflow: Workflow;
  to: string;
  /** Called with the event that the API chose for the point. */
  onEvent: (eventId: number | undefined) => void;
}): JSX.Element {
  const { namespace } = useAddress();
  const { workflowId, runId, status } = workflow;
  const [options, setOptions] = useState(noOptions);
  const previewed = usePreview(namespace, { workflowId, runId }, to, options, !isClosed(status));
  const { data, isReading } = useKept(previewed);
  useEffect(() => onEvent(data?.eventId), [data?.eventId]);
  const panel = useRef<HTMLElement>(null);
  // On narrow screens the panel is below the timeline, out of sight. Once only: a scroll later could move a button below a click.
  useEffect(() => panel.current?.scrollIntoView({ block: 'nearest' }), []);
  return (
    <aside ref={panel} class="panel" aria-label="Reset">
      <div class="heading">
        <h2>{data === undefined ? 'Reset' : `Reset to event ${data.eventId}`}</h2>
        <CloseButton label="Close the preview" onClose={() => setParameters({ to: undefined })} />
      </div>
      <Chips label="Reset points" value={to} choices={named} onChange={(name) => setParameters({ to: name })} />
      <MoreOptions title="Another point, or ↺ on the timeline" isSet={!isNamed(to) && !/^\d+$/.test(to)}>
        <AnotherPoint key={to} to={to} />
      </MoreOptions>
      <ProblemBox problem={previewed.problem} />
      {isReading && <p class="busy">Reading the preview…</p>}
      {data !== undefined && (
        <>
          <Facts facts={previewRows(data, options.orphanedChildren)} />
          <MissingResults preview={data} />
          <OptionFields preview={data} options={options} onChange={setOptions} />
          <ResetForm workflow={workflow} preview={data} options={options} disabled={isReading} />
        </>
      )}
    </aside>
  );
}

/** Options of the reset: those that matter for it are shown, the others are folded. */
function OptionFields({
  preview: { discarded, orphanedChildrenTotal },
  options,
  onChange,
}: {
  preview: ResetPreview;
  options: Options;
  onChange: (options: Options) => void;
}): JSX.Element {
  const { signals, updates, nexusOperations } = discarded;
  const totals: Record<Reapplied, number> = {
    signals: signals.total,
    updates: updates.total,
    nexus: nexusOperations.total,
  };
  const given = { options, onChange: (changed: ResetOptions) => onChange({ ...options, ...changed }) };
  const hasOrphans = orphanedChildrenTotal > 0;
  const checks = (isShown: (kind: Reapplied) => boolean) =>
    reapplied.filter(isShown).map((kind) => <ReapplyField key={kind} kind={kind} {...given} />);
  return (
    <>
      {hasOrphans && <OrphansField {...given} />}
      {checks((kind) => totals[kind] > 0)}
      <MoreOptions>
        <VersionField {...given} />
        <TextField
          label="Signal to the new run, sent once"
          value={options.signalName}
          placeholder="name of the signal"
          onChange={(signalName) => onChange({ ...options, signalName })}
        />
        {options.signalName !== '' && (
          <TextField
            label="The signal’s argument, as JSON"
            value={options.signalInput}
            placeholder="none"
            onChange={(signalInput) => onChange({ ...options, signalInput })}
          />
        )}
        {checks((kind) => totals[kind] === 0)}
        {!hasOrphans && <OrphansField {...given} />}
      </MoreOptions>
    </>
  );
}

/** A field for any point, in the format of `rewind reset --to`. */
function AnotherPoint({ to }: { to: string }): JSX.Element {
  const [text, setText] = useState(isNamed(to) ? '' : to);
  return (
    <form
      class="query"
      onSubmit={(event) => {
        event.preventDefault();
        setParameters({ to: text.trim() });
      }}
    >
      <TextField
        label="In the format of rewind reset --to"
        value={text}
        placeholder="before-activity=chargeCard, before-time=2026-01-31T12:00:00Z, build-id=1.4"
        onChange={setText}
      />
      <button type="submit">Preview</button>
    </form>
  );
}

/** @throws if the argument cannot be sent */
function signalOf({ signalName, signalInput }: Options) {
  if (signalName === '') return {};
  if (signalInput.trim() === '') return { thenSignal: { signalName } };
  try {
    return { thenSignal: { signalName, input: parseSignalInput(signalInput) } };
  } catch (error) {
    const why = error instanceof SyntaxError ? 'it is not JSON' : (error as Error).message;
    throw new Error(`The argument of signal ${signalName}: ${why}: ${signalInput}`, { cause: error });
  }
}

function usePreview(
  namespace: string,
  target: { workflowId: string; runId: string },
  to: string,
  { excludeReapply }: Options,
  isOpen: boolean,
) {
  return usePolled(
    JSON.stringify([namespace, target, to, excludeReapply]),
    async () => {
      const body = { ...target, target: resetTarget(to), reason: 'preview', excludeReapply, dryRun: true };
      return read(namespace, 'resetWorkflow', { body });
    },
    () => (isOpen ? PREVIEW_MS : undefined),
  );
}

/** The points with buttons. Other points are chosen on the timeline. */
const named = [
  { value: 'before-failure', text: 'Before the failure' },
  { value: 'last', text: 'Last workflow task' },
  { value: 'first', text: 'From the start' },
];

const isNamed = (to: string): boolean => named.some(({ value }) => value === to);

function MissingResults({
  preview: { missingChildResultsTotal: total },
}: {
  preview: ResetPreview;
}): JSX.Element | null {
  if (total === 0) return null;
  return (
    <p class="box box-bad">
      The new run does not receive the results of {total} children: it waits forever if it needs one. Reset to before
      they were started.
    </p>
  );
}

function ResetForm({
  workflow: { workflowId, runId },
  preview: { eventId, terminatesRunId },
  options,
  disabled,
}: {
  workflow: Workflow;
  preview: ResetPreview;
  options: Options;
  disabled: boolean;
}): JSX.Element {
  const { namespace } = useAddress();
  const isProduction = useProduction();
  const endsAnother = terminatesRunId !== undefined && terminatesRunId !== runId;
  const title = `Reset ${workflowId}`;
  const request = {
    workflowId,
    runId,
    // The event that the preview showed.
    target: { eventId },
    ifCurrentRunId: terminatesRunId,
    terminateRunId: endsAnother ? terminatesRunId : undefined,
  };
  const { orphanedChildren, excludeReapply, versioning, signalName, signalInput } = options;
  const words = [
    'reset',
    ...flagsOf({ workflowId, runId }),
    ...flagsFor({
      '--to': eventId,
      '--terminate-run': endsAnother ? terminatesRunId : undefined,
      '--orphans': orphanedChildren === 'leave' ? undefined : orphanedChildren,
      '--exclude': excludeReapply.join(',') || undefined,
      '--versioning': versioning || undefined,
      '--then-signal': signalName || undefined,
      '--signal-input': signalName === '' || signalInput.trim() === '' ? undefined : signalInput,
    }),
  ];
  return (
    <ReasonForm
      submit={title}
      type={endsAnother || isProduction ? workflowId : undefined}
      danger={endsAnother}
      disabled={disabled}
      words={(reason) => [...words, '--reason', reason]}
      onSubmit={(reason) =>
        startChange({
          namespace,
          route: 'resetWorkflow',
          request: { body: { ...request, ...resetFieldsOf(options), ...signalOf(options), reason } },
          title,
        })
      }
    />
  );
}
