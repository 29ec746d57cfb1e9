import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { ChangeDialog } from './change-dialog';
import type { ChangeForm } from './change-dialog';
import { activityForm } from './change-forms';
import { plural } from './format';
import { Table } from './list';
import { Status, Time } from './parts';
import type { Workflow } from './schema';

type PendingActivity = Workflow['pendingActivities'][number];

/** Rows shown at first: a run may have 2,000. */
const SHOWN = 10;

/** Table of pending activities, with buttons to reset, pause and unpause each. */
export function PendingActivities({ workflow }: { workflow: Workflow }): JSX.Element | null {
  const [form, setForm] = useState<ChangeForm>();
  const [showsAll, setShowsAll] = useState(false);
  const { workflowId, runId, pendingActivities } = workflow;
  if (pendingActivities.length === 0) return null;
  const shown = showsAll ? pendingActivities : pendingActivities.slice(0, SHOWN);
  return (
    <section aria-label="Pending activities">
      <h2>{plural(pendingActivities.length, 'pending activity', 'pending activities')}</h2>
      <Table heads={['Activity', 'State', 'Last failure', 'Next attempt', <span class="hidden">Changes</span>]}>
        {shown.map((activity) => (
          <Row
            key={activity.activityId}
            activity={activity}
            onChange={(change) => setForm(activityForm(change, { workflowId, runId, ...activity }))}
          />
        ))}
      </Table>
      {shown.length < pendingActivities.length && (
        <button type="button" class="more" onClick={() => setShowsAll(true)}>
          Show all {pendingActivities.length}
        </button>
      )}
      {form && <ChangeDialog form={form} onClose={() => setForm(undefined)} />}
    </section>
  );
}

function Row({
  activity,
  onChange,
}: {
  activity: PendingActivity;
  onChange: (change: 'reset' | 'pause' | 'unpause') => void;
}): JSX.Element {
  const { activityId, activityType, state, attempt, lastFailure, nextAttemptTime } = activity;
  const { lastStartedTime, lastHeartbeatTime } = activity;
  const isPaused = state === 'Paused' || state === 'PauseRequested';
  const button = (change: 'reset' | 'pause' | 'unpause', text: string) => (
    <button type="button" onClick={() => onChange(change)}>
      {text}
      <span class="hidden"> {activityType}</span>
    </button>
  );
  return (
    <tr>
      <td class="id">
        {activityType} <code>{activityId}</code>
      </td>
      <td>
        <Status status={state} /> <span class="tag">attempt {attempt}</span>
        {lastHeartbeatTime === undefined ? (
          lastStartedTime !== undefined && (
            <span class="minor">
              {' '}
              started <Time time={lastStartedTime} />
            </span>
          )
        ) : (
          <span class="minor">
            {' '}
            heartbeat <Time time={lastHeartbeatTime} />
          </span>
        )}
      </td>
      <td>{lastFailure !== undefined && <span class="clamped">{lastFailure}</span>}</td>
      <td class="nowrap">
        <Time time={nextAttemptTime} />
      </td>
      <td class="buttons">
        {button('reset', 'Run now…')}
        {isPaused ? button('unpause', 'Unpause…') : button('pause', 'Pause…')}
      </td>
    </tr>
  );
}
