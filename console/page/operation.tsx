import type { JSX } from 'preact';
import { addressOf, useAddress } from './address';
import { read } from './api';
import { spanText, words } from './format';
import { isOfWorkflow } from './operations';
import { CopyAddress, CopyCommand, Facts, Heading, Reading, Status, Time } from './parts';
import { usePolled } from './polled';
import type { Operation } from './schema';

const LIVE_MS = 3000;

/** An operation with its steps. */
export function OperationPage({ operationId }: { operationId: string }): JSX.Element {
  const { namespace } = useAddress();
  const { data, problem, readAt } = usePolled(
    `${namespace} ${operationId}`,
    () => read(namespace, 'getOperation', { operationId }),
    ({ nextCheckAt }) => (nextCheckAt === undefined ? undefined : LIVE_MS),
  );
  const subject = data?.workflowId === undefined ? '' : ` ${data.workflowId}`;
  return (
    <>
      <Heading title={data === undefined ? 'Operation' : `${data.verb}${subject}`}>
        <CopyAddress />
        <CopyCommand words={['op', operationId]} />
      </Heading>
      <Reading data={data} problem={problem} readAt={readAt} />
      {data !== undefined && (
        <>
          <Links operation={data} />
          <Steps operation={data} />
          <Facts
            facts={[
              ['Operation', <code>{data.operationId}</code>],
              ['State', <Status status={data.state} />],
              ['Run', data.runId && <code>{data.runId}</code>],
              ['Attempts', data.attempt],
              ['Next check', data.nextCheckAt && <Time time={data.nextCheckAt} />],
            ]}
          />
          <h2>Request</h2>
          <pre>{JSON.stringify(data.request, undefined, 2)}</pre>
          {data.answer !== undefined && (
            <>
              <h2>First result</h2>
              <pre>{JSON.stringify(data.answer, undefined, 2)}</pre>
            </>
          )}
        </>
      )}
    </>
  );
}

function Links({ operation }: { operation: Operation }): JSX.Element {
  const { workflowId, runId, verb, operationId, batchOperationId, answer } = operation;
  const { newRunId } = (answer ?? {}) as { newRunId?: string };
  return (
    <div class="actions">
      {workflowId !== undefined && isOfWorkflow(verb) && (
        <a class="button" href={addressOf('workflow', { workflowId, runId, newRun: newRunId })}>
          {newRunId === undefined ? 'The workflow' : 'Both runs'}
        </a>
      )}
      {verb === 'batch' && (
        <a class="button" href={addressOf(`batch-operations/${operationId}`)}>
          The batch operation
        </a>
      )}
      {batchOperationId !== undefined && (
        <a class="button" href={addressOf(`batch-operations/${batchOperationId}`)}>
          Its batch operation
        </a>
      )}
    </div>
  );
}

/** The steps of an operation, oldest first. */
function Steps({ operation }: { operation: Operation }): JSX.Element {
  const { actor, reason, requestedAt, completedAt, state, outcome, failure, settled, stuck = [] } = operation;
  const { stopRequestedAt } = operation;
  const ended = `${words(state)}: ${failure?.message ?? words(outcome ?? 'done')}`;
  return (
    <ol class="story">
      <li>
        <Time time={requestedAt} /> requested by <strong>{actor.id}</strong>: {reason}
      </li>
      {completedAt !== undefined && (
        <li>
          <Time time={completedAt} /> {ended} (after {spanText(requestedAt, completedAt)})
        </li>
      )}
      {stopRequestedAt !== undefined && (
        <li>
          <Time time={stopRequestedAt} /> stop requested
        </li>
      )}
      {stuck.map((kind) => (
        <li key={kind}>still open: {words(kind)}</li>
      ))}
      {settled !== undefined && (
        <li>
          <Time time={settled.closeTime} /> the workflow closed: {settled.status}
        </li>
      )}
    </ol>
  );
}
