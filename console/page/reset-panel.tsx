import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { previewRows } from '../../cli/reset-preview';
import { resetTarget } from '../../cli/reset-target';
import { flagsOf } from '../../cli/workflow-ids';
import { setParameters, useAddress } from './address';
import { preview as readPreview } from './api';
import { begin, ReasonForm } from './change-dialog';
import { Facts, ProblemBox, Select } from './parts';
import { useCommand, useProduction } from './place';
import { usePolled } from './polled';
import type { ResetPreview, Workflow } from './schema';

/** How often a preview of an open run is made anew: it goes on. */
const PREVIEW_MS = 10_000;

const orphanChoices = [
  { value: 'leave', text: 'leave them running' },
  { value: 'cancel', text: 'cancel them first' },
  { value: 'terminate', text: 'terminate them first' },
] as const;
type Orphans = (typeof orphanChoices)[number]['value'];

const reapplied = ['signals', 'updates'] as const;
type Reapplied = (typeof reapplied)[number];

interface Options {
  orphanedChildren: Orphans;
  excludeReapply: Reapplied[];
}

/** What a reset to the chosen point does, its options, and the button that does it. */
export function ResetPanel({
  workflow,
  to,
  onEvent,
}: {
  workflow: Workflow;
  to: string;
  /** The event that the point turned out to be. */
  onEvent: (eventId: number | undefined) => void;
}): JSX.Element {
  const { namespace } = useAddress();
  const { workflowId, runId, status } = workflow;
  const [options, setOptions] = useState<Options>({ orphanedChildren: 'leave', excludeReapply: [] });
  const { excludeReapply } = options;
  const previewed = usePreview(
    namespace,
    { workflowId, runId },
    to,
    options,
    status === 'Running' || status === 'Paused',
  );
  // That of the point before stays until the next one is read, and with it the reason that was typed.
  const last = useRef<ResetPreview>(undefined);
  if (previewed.data !== undefined) last.current = previewed.data;
  const isReading = previewed.data === undefined && previewed.problem === undefined;
  const data = previewed.data ?? (isReading ? last.current : undefined);
  useEffect(() => onEvent(data?.eventId), [data?.eventId]);
  const panel = useRef<HTMLElement>(null);
  // Where it is below the timeline, it would be out of sight.
  useEffect(() => panel.current?.scrollIntoView({ block: 'nearest' }), [data === undefined]);
  return (
    <aside ref={panel} class="panel" aria-label="Reset">
      <div class="heading">
        <h2>{data === undefined ? 'Reset' : `Reset to event ${data.eventId}`}</h2>
        <button
          type="button"
          class="quiet close"
          aria-label="Close the preview"
          onClick={() => setParameters({ to: undefined })}
        >
          ×
        </button>
      </div>
      <Points to={to} />
      <ProblemBox problem={previewed.problem} />
      {isReading && <p class="busy">Reading what it would do…</p>}
      {data !== undefined && (
        <>
          <Facts facts={previewRows(data, options.orphanedChildren)} />
          <MissingResults preview={data} />
          {data.orphanedChildrenTotal > 0 && (
            <Select
              label="Children without a parent"
              value={options.orphanedChildren}
              choices={orphanChoices}
              onChange={(value) => setOptions({ ...options, orphanedChildren: value as Orphans })}
            />
          )}
          {reapplied
            .filter((kind) => data.discarded[kind].total > 0)
            .map((kind) => (
              <label key={kind} class="check">
                <input
                  type="checkbox"
                  checked={!excludeReapply.includes(kind)}
                  onChange={(event) =>
                    setOptions({
                      ...options,
                      excludeReapply: reapplied.filter((one) =>
                        one === kind ? !event.currentTarget.checked : excludeReapply.includes(one),
                      ),
                    })
                  }
                />
                Carry over {kind}
              </label>
            ))}
          <ResetForm workflow={workflow} preview={data} options={options} disabled={isReading} />
        </>
      )}
    </aside>
  );
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
      const body = { ...target, target: resetTarget(to), reason: 'preview', excludeReapply };
      return readPreview<ResetPreview>(namespace, 'workflows/reset', body);
    },
    () => (isOpen ? PREVIEW_MS : undefined),
  );
}

const named = [
  ['before-failure', 'Before the failure'],
  ['last', 'Last workflow task'],
  ['first', 'From the start'],
] as const;

/** Points that have a name. Others are chosen on the timeline. */
const Points = ({ to }: { to: string }): JSX.Element => (
  <div class="chips" role="group" aria-label="Reset points">
    {named.map(([name, text]) => (
      <button
        key={name}
        type="button"
        class="chip"
        aria-pressed={to === name}
        onClick={() => setParameters({ to: name })}
      >
        {text}
      </button>
    ))}
    <span class="note">or ↺ on the timeline</span>
  </div>
);

function MissingResults({
  preview: { missingChildResultsTotal: total },
}: {
  preview: ResetPreview;
}): JSX.Element | null {
  if (total === 0) return null;
  return (
    <p class="box box-bad">
      The results of {total} children do not reach the new run: it waits for ever where it needs one. Reset to before
      they were started.
    </p>
  );
}

function ResetForm({
  workflow: { workflowId, runId },
  preview: { eventId, terminatesRunId },
  options: { orphanedChildren, excludeReapply },
  disabled,
}: {
  workflow: Workflow;
  preview: ResetPreview;
  options: Options;
  disabled: boolean;
}): JSX.Element {
  const { namespace } = useAddress();
  const command = useCommand();
  const isProduction = useProduction();
  const endsAnother = terminatesRunId !== undefined && terminatesRunId !== runId;
  const title = `Reset ${workflowId}`;
  const request = {
    workflowId,
    runId,
    // The event of the preview: what was shown is what is done.
    target: { eventId },
    ...(terminatesRunId !== undefined && { ifCurrentRunId: terminatesRunId }),
    ...(endsAnother && { terminateRunId: terminatesRunId }),
    ...(orphanedChildren !== 'leave' && { orphanedChildren }),
    ...(excludeReapply.length > 0 && { excludeReapply }),
  };
  const words = [
    'reset',
    ...flagsOf({ workflowId, runId }),
    '--to',
    String(eventId),
    ...(endsAnother ? ['--terminate-run', terminatesRunId] : []),
    ...(orphanedChildren === 'leave' ? [] : ['--orphans', orphanedChildren]),
    ...(excludeReapply.length > 0 ? ['--exclude', excludeReapply.join(',')] : []),
  ];
  return (
    <ReasonForm
      submit={title}
      type={endsAnother || isProduction ? workflowId : undefined}
      danger={endsAnother}
      disabled={disabled}
      command={(reason) => command(...words, '--reason', reason)}
      onSubmit={(reason) => begin({ namespace, path: 'workflows/reset', body: { ...request, reason }, title })}
    />
  );
}
