import type { ComponentChildren, JSX } from 'preact';
import { addressOf, useAddress } from './address';
import { get } from './api';
import { spanText, words } from './format';
import { isOfWorkflow } from './operations';
import { CopyAddress, CopyCommand, Facts, Heading, ProblemBox, Status, Time } from './parts';
import { useCommand } from './place';
import { usePolled } from './polled';
import type { Operation } from './schema';

const LIVE_MS = 3000;

/** An operation with its steps. */
export function OperationPage({ operationId }: { operationId: string }): JSX.Element {
  const { namespace } = useAddress();
  const command = useCommand();
  const { data, problem } = usePolled(
    `${namespace} ${operationId}`,
    () => get<Operation>(namespace, `operations/${operationId}`),
    ({ nextCheckAt }) => (nextCheckAt === undefined ? undefined : LIVE_MS),
  );
  const subject = data?.workflowId === undefined ? '' : ` ${data.workflowId}`;
  return (
    <>
      <Heading title={data === undefined ? 'Operation' : `${data.verb}${subject}`}>
        <CopyAddress />
        <CopyCommand command={command('op', operationId)} />
      </Heading>
      <ProblemBox problem={problem} />
      {data === undefined && problem === undefined && <p class="busy">Reading…</p>}
      {data !== undefined && (
        <>
          <Links namespace={namespace} operation={data} />
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

function Links({ namespace, operation }: { namespace: string; operation: Operation }): JSX.Element {
  const { workflowId, runId, verb, operationId, batchOperationId, answer } = operation;
  const { newRunId } = (answer ?? {}) as { newRunId?: string };
  return (
    <div class="actions">
      {workflowId !== undefined && isOfWorkflow(verb) && (
        <a class="button" href={addressOf(namespace, 'workflow', { workflowId, runId, newRun: newRunId })}>
          {newRunId === undefined ? 'The workflow' : 'Both runs'}
        </a>
      )}
      {verb === 'batch' && (
        <a class="button" href={addressOf(namespace, `batch-operations/${operationId}`)}>
          The batch operation
        </a>
      )}
      {batchOperationId !== undefined && (
        <a class="button" href={addressOf(namespace, `batch-operations/${batchOperationId}`)}>
          Its batch operation
        </a>
      )}
    </div>
  );
}

/** The steps of an operation, oldest first. */
function Steps({ operation }: { operation: Operation }): JSX.Element {
  const {
    actor,
    reason,
    requestedAt,
    completedAt,
    state,
    outcome,
    failure,
    settled,
    stuck = [],
    stopRequestedAt,
  } = operation;
  const steps: [time: string | undefined, text: ComponentChildren][] = [
    [
      requestedAt,
      <>
        requested by <strong>{actor.id}</strong>: {reason}
      </>,
    ],
    ...(completedAt === undefined
      ? []
      : [
          [
            completedAt,
            `${words(state)}: ${failure?.message ?? words(outcome ?? 'done')} (after ${spanText(requestedAt, completedAt)})`,
          ] as [string, string],
        ]),
    ...(stopRequestedAt === undefined ? [] : [[stopRequestedAt, 'stop requested'] as [string, string]]),
    ...stuck.map((kind) => [undefined, `still open: ${words(kind)}`] as [undefined, string]),
    ...(settled === undefined
      ? []
      : [[settled.closeTime, `the workflow closed: ${settled.status}`] as [string | undefined, string]]),
  ];
  return (
    <ol class="story">
      {steps.map(([time, text], index) => (
        <li key={index}>
          <Time time={time} /> {text}
        </li>
      ))}
    </ol>
  );
}
