import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { isClosed } from '../../cli/workflows/findings';
import { flagsOf } from '../../cli/workflows/workflow-ids';
import { PendingActivities } from './activities';
import { addressOf, setParameters, useAddress } from './address';
import { read } from './api';
import { ChangeDialog } from './change-dialog';
import type { ChangeForm } from './change-dialog';
import {
  activityForm,
  cancelForm,
  pauseForm,
  restartForm,
  terminateForm,
  unpauseForm,
  versionForm,
} from './change-forms';
import { ChangeStatus } from './change-status';
import { spanText, timeText } from './format';
import { useHistory } from './history';
import { CopyAddress, CopyCommand, Facts, Heading, ProblemBox, Reading, Status, Time } from './parts';
import { usePolled } from './polled';
import type { Polled } from './polled';
import { findingsOf } from './remedies';
import type { Remedy } from './remedies';
import { ResetPanel } from './reset-panel';
import type { Workflow } from './schema';
import { Timeline } from './timeline';

const OPEN_MS = 2000;
const isOpen = ({ status }: Workflow): boolean => !isClosed(status);

interface Run {
  workflowId: string;
  runId: string | undefined;
}

/** Describes a run, periodically while it is open. */
const useWorkflow = (namespace: string, { workflowId, runId }: Run, pause = OPEN_MS): Polled<Workflow> =>
  usePolled(
    JSON.stringify([namespace, workflowId, runId]),
    () => read(namespace, 'describeWorkflow', { query: { workflowId, runId } }),
    (workflow) => (isOpen(workflow) ? pause : undefined),
  );

/** A run: what is wrong with it, its timeline, and its reset. After a reset, the old and the new run side by side. */
export function WorkflowPage(): JSX.Element {
  const { namespace, parameters } = useAddress();
  const workflowId = parameters.get('workflowId') ?? '';
  const runId = parameters.get('runId') ?? undefined;
  const newRunId = parameters.get('newRun') ?? undefined;
  const described = useWorkflow(namespace, { workflowId, runId });
  const { data, problem, readAt, refresh } = described;
  return (
    <>
      <Heading title={workflowId}>
        <WorkflowLinks workflowId={workflowId} runId={runId} workflow={data} />
      </Heading>
      <ChangeStatus
        onDone={(result, { route }) => {
          if (route === 'resetWorkflow') setParameters({ newRun: result.newRunId, to: undefined, runId: result.runId });
          refresh();
        }}
      />
      <Reading data={data} problem={problem} readAt={readAt} />
      {data !== undefined &&
        (newRunId === undefined ? <OneRun workflow={data} /> : <TwoRuns old={data} newRunId={newRunId} />)}
    </>
  );
}

function WorkflowLinks({ workflowId, runId, workflow }: Run & { workflow: Workflow | undefined }): JSX.Element {
  const webUi = workflow?.links.webUi;
  return (
    <>
      <a href={addressOf('operations', { workflowId })}>Its operations</a>
      {webUi !== undefined && (
        <a href={webUi} target="_blank" rel="noreferrer">
          Temporal Web UI ↗
        </a>
      )}
      <CopyAddress />
      <CopyCommand words={['show', ...flagsOf({ workflowId, runId })]} />
    </>
  );
}

function OneRun({ workflow }: { workflow: Workflow }): JSX.Element {
  const { namespace, parameters } = useAddress();
  const to = parameters.get('to') ?? undefined;
  const { workflowId, runId, startTime, closeTime } = workflow;
  const history = useHistory(namespace, { workflowId, runId }, isOpen(workflow));
  const [previewed, setPreviewed] = useState<number>();
  const point = to === undefined ? undefined : /^\d+$/.test(to) ? Number(to) : previewed;
  return (
    <>
      <Findings workflow={workflow} />
      <Summary workflow={workflow} />
      <PendingActivities workflow={workflow} />
      <div class={to === undefined ? 'split' : 'split split-panel'}>
        <section aria-label="Timeline">
          <h2>Timeline</h2>
          <ProblemBox problem={history.problem} />
          <Timeline
            key={runId}
            label={`Timeline of ${workflowId}, newest first`}
            history={history}
            startTime={startTime}
            closeTime={closeTime}
            point={point}
            onPoint={(eventId) => setParameters({ to: String(eventId) })}
          />
        </section>
        {to !== undefined && <ResetPanel key={runId} workflow={workflow} to={to} onEvent={setPreviewed} />}
      </div>
    </>
  );
}

/** What is wrong, with remedies, and buttons for all changes. */
function Findings({ workflow }: { workflow: Workflow }): JSX.Element {
  const [form, setForm] = useState<ChangeForm>();
  const findings = findingsOf(workflow);
  const act = (remedy: Remedy) => {
    if (remedy.kind === 'reset') setParameters({ to: remedy.to });
    if (remedy.kind === 'terminate') setForm(terminateForm(workflow));
    if (remedy.kind === 'unpause') setForm(unpauseForm(workflow));
    if (remedy.kind === 'resetActivity') setForm(activityForm('reset', { ...workflow, ...remedy }));
    if (remedy.kind === 'unpauseActivity') setForm(activityForm('unpause', { ...workflow, ...remedy }));
  };
  return (
    <>
      {/* Not by its text, which counts attempts: a button would lose the focus. */}
      {findings.map(({ what, remedies }, index) => (
        <div key={index} class="box box-bad finding">
          <p>{what}</p>
          <div class="actions">
            {remedies.map((remedy) => (
              <RemedyButton key={remedy.text} remedy={remedy} onClick={() => act(remedy)} />
            ))}
          </div>
        </div>
      ))}
      <div class="actions">
        {findings.length === 0 && <NothingWrong workflow={workflow} />}
        <button type="button" onClick={() => setParameters({ to: 'last' })}>
          Reset…
        </button>
        {changesOf(workflow).map(([text, formOf]) => (
          <button key={text} type="button" onClick={() => setForm(formOf(workflow))}>
            {text}
          </button>
        ))}
      </div>
      {form && <ChangeDialog form={form} onClose={() => setForm(undefined)} />}
    </>
  );
}

/** The changes of a workflow in this state: the texts of their buttons, and their forms. */
function changesOf(workflow: Workflow): [text: string, formOf: (run: Workflow) => ChangeForm][] {
  if (!isOpen(workflow)) return [['Restart…', restartForm]];
  return [
    ['Cancel…', cancelForm],
    ['Terminate…', terminateForm],
    workflow.status === 'Paused' ? ['Unpause…', unpauseForm] : ['Pause…', pauseForm],
    ['Version…', versionForm],
  ];
}

function RemedyButton({ remedy, onClick }: { remedy: Remedy; onClick: () => void }): JSX.Element {
  if (remedy.kind === 'show') {
    const { workflowId, runId } = remedy;
    return (
      <a class="button" href={addressOf('workflow', { workflowId, runId })}>
        {remedy.text}
      </a>
    );
  }
  return (
    <button type="button" class={remedy.kind === 'terminate' ? 'danger' : 'primary'} onClick={onClick}>
      {remedy.text}
    </button>
  );
}

function NothingWrong({ workflow }: { workflow: Workflow }): JSX.Element {
  const { backoff, paused } = workflow;
  if (backoff)
    return (
      <p>
        Its first workflow task is due {timeText(backoff.until)} ({backoff.cause}).
      </p>
    );
  if (paused) return <p>It is paused{paused.reason === undefined ? '' : `: ${paused.reason}`}.</p>;
  return <p>{isOpen(workflow) ? 'Nothing shows that it is stuck.' : `It ended as ${workflow.status}.`}</p>;
}

function Summary({ workflow }: { workflow: Workflow }): JSX.Element {
  const { workflowId, runId, workflowType, taskQueue, startTime, closeTime, status, historyLength } = workflow;
  const { predecessor, successor, parent, scheduleId, cronSchedule, cancelRequested, versioning } = workflow;
  const runLink = (run: { runId: string; relation: string } | undefined) =>
    run && <a href={addressOf('workflow', { workflowId, runId: run.runId })}>{`${run.runId} (${run.relation})`}</a>;
  return (
    <Facts
      facts={[
        ['Status', <Status status={status} />],
        ['Type', workflowType],
        ['Run', <code>{runId}</code>],
        ['Task queue', taskQueue],
        ['Started', <Time time={startTime} />],
        [closeTime === undefined ? 'Open for' : 'Duration', spanText(startTime, closeTime)],
        ['Events', historyLength.toLocaleString('en')],
        ['Cancellation', cancelRequested ? 'requested' : ''],
        ['Previous run', runLink(predecessor)],
        ['Next run', runLink(successor)],
        ['Parent', parent && <a href={addressOf('workflow', { ...parent })}>{parent.workflowId}</a>],
        ['Schedule', scheduleId],
        ['Cron', cronSchedule],
        ['Version', versioning?.deploymentVersion?.buildId],
      ]}
    />
  );
}

/** The run that was reset and its new run, side by side. */
function TwoRuns({ old, newRunId }: { old: Workflow; newRunId: string }): JSX.Element {
  const { namespace } = useAddress();
  const { workflowId } = old;
  const described = useWorkflow(namespace, { workflowId, runId: newRunId }, 1000);
  return (
    <div class="split split-runs">
      {described.data === undefined ? (
        <section>
          <h2>New run</h2>
          <Reading data={undefined} problem={described.problem} />
        </section>
      ) : (
        <RunColumn title="New run" workflow={described.data} />
      )}
      <RunColumn title="Old run" workflow={old} />
    </div>
  );
}

function RunColumn({ title, workflow }: { title: string; workflow: Workflow }): JSX.Element {
  const { namespace } = useAddress();
  const { workflowId, runId, status, startTime, closeTime } = workflow;
  const history = useHistory(namespace, { workflowId, runId }, isOpen(workflow));
  const isNew = title === 'New run';
  const reset = history.entries.find(({ kind }) => kind === 'reset');
  return (
    <section aria-label={title}>
      <div class="heading">
        <h2>{title}</h2>
        <Status status={status} />
        <a href={addressOf('workflow', { workflowId, runId })}>{runId}</a>
      </div>
      {isNew && <Progress workflow={workflow} />}
      <ProblemBox problem={history.problem} />
      <Timeline
        label={`Timeline of the ${title.toLowerCase()}, newest first`}
        history={history}
        startTime={startTime}
        closeTime={closeTime}
        newFrom={isNew ? reset?.eventId : undefined}
      />
    </section>
  );
}

function Progress({ workflow }: { workflow: Workflow }): JSX.Element {
  const [finding] = findingsOf(workflow);
  const text = isOpen(workflow) ? 'It makes progress.' : `It ended as ${workflow.status}.`;
  return (
    <p
      role="status"
      class={finding ? 'box box-bad' : workflow.status === 'Completed' ? 'box box-good' : 'box box-note'}
    >
      {finding?.what ?? text}
    </p>
  );
}
