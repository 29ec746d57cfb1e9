import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { addressOf, setParameters, useAddress } from './address';
import { CHANGE, isOutdated, preparedChange, recordRefusal, recordResponse, sendChange } from './change';
import { Lost, Problem } from './api';
import type { Changed } from './api';
import type { Attempt, Change, ChangeResult } from './change';
import { timeText, words } from './format';
import { CloseButton, ProblemBox } from './parts';

/**
 * Sends the change that the address names, and shows its result. After a reload it sends the change again under the same key,
 * and the API returns the first response.
 */
export function ChangeStatus({
  onDone,
}: {
  onDone?: (result: ChangeResult, change: Change) => void;
}): JSX.Element | null {
  const key = useAddress().parameters.get(CHANGE) ?? undefined;
  return key === undefined ? null : <KeyedStatus key={key} changeKey={key} onDone={onDone} />;
}

function KeyedStatus({
  changeKey,
  onDone,
}: {
  changeKey: string;
  onDone: ((result: ChangeResult, change: Change) => void) | undefined;
}): JSX.Element {
  const [change] = useState(() => preparedChange(changeKey));
  const [attempt, setAttempt] = useState<Attempt>();
  const [done, setDone] = useState<{ result: ChangeResult; replayed: boolean }>();
  const [problem, setProblem] = useState<Error>();
  const [round, setRound] = useState(0);
  const [isHeld, setHeld] = useState(() => change !== undefined && isOutdated(change));
  useEffect(() => {
    if (change === undefined || change.refused !== undefined || isHeld) return undefined;
    setProblem(undefined);
    const leaving = new AbortController();
    const send = async () => {
      try {
        const { data, replayed } = await sendAll(changeKey, change, setAttempt, leaving.signal);
        recordResponse(changeKey, change);
        if (leaving.signal.aborted) return;
        setDone({ result: data, replayed });
        onDone?.(data, change);
      } catch (error) {
        if (error instanceof Problem && !error.isUnknown) recordRefusal(changeKey, change, error);
        if (!leaving.signal.aborted) setProblem(error as Error);
      }
    };
    void send();
    return () => leaving.abort();
  }, [changeKey, round, isHeld]);

  if (change === undefined) {
    return (
      <Box kind="note">
        <p>
          This address names a change with the key <code>{changeKey}</code>, which another tab sent, or a console for
          another context or namespace. Nothing was sent from here.
        </p>
      </Box>
    );
  }
  if (change.refused !== undefined) {
    const { message, status, hints } = change.refused;
    return (
      <Box kind="bad" title={`${change.title}: was refused`}>
        <ProblemBox problem={new Problem(message, status, '', hints)} />
        <p>It was not sent again.</p>
      </Box>
    );
  }
  if (isHeld || problem instanceof Lost || (problem instanceof Problem && problem.isUnknown)) {
    return (
      <Box kind="bad" title={`${change.title}: it is unknown whether this was done`}>
        <ProblemBox problem={problem} />
        <p>
          It was confirmed at {timeText(new Date(change.preparedAt).toISOString())}, and is not sent again by itself.
          The same request under the same key is executed once.{' '}
          <button
            type="button"
            onClick={() => {
              setHeld(false);
              setRound(round + 1);
            }}
          >
            Send it again under the same key
          </button>
        </p>
      </Box>
    );
  }
  if (problem) {
    return (
      <Box kind="bad" title={`${change.title}: refused`}>
        <ProblemBox problem={problem} />
      </Box>
    );
  }
  if (done) return <Result change={change} {...done} />;
  return (
    <Box kind="note">
      <p class="busy">{change.title}…</p>
      {attempt !== undefined && (
        <p>
          {attempt.why} Attempt {attempt.count + 1} is sent under the same key, so the change is made once. To stop
          sending it, close this message.
        </p>
      )}
    </Box>
  );
}

/** Sends a change; a redrive repeatedly, under the same key, until no events are left. */
async function sendAll(...given: Parameters<typeof sendChange>): Promise<Changed<ChangeResult>> {
  let redriven = 0;
  for (;;) {
    const { data, replayed } = await sendChange(...given);
    if (data.redriven === undefined) return { data, replayed };
    redriven += data.redriven;
    if (data.more !== true) return { data: { ...data, redriven }, replayed };
  }
}

function Result({
  change,
  result,
  replayed,
}: {
  change: Change;
  result: ChangeResult;
  replayed: boolean;
}): JSX.Element {
  const { operationId } = result;
  const isBatch = change.route.endsWith('BatchOperation');
  return (
    <Box kind="good" title={`${change.title}: ${resultText(result, isBatch)}`}>
      {replayed && <p>The same request was sent before. This is its first result.</p>}
      {(result.stuck ?? []).map(({ explanation }) => (
        <p key={explanation}>{explanation}</p>
      ))}
      {result.explanation !== undefined && <p>{result.explanation}</p>}
      {sideEffectsOf(result).map((line) => (
        <p key={line}>{line}</p>
      ))}
      {operationId !== undefined && (
        <p>
          <a href={addressOf(`${isBatch ? 'batch-operations' : 'operations'}/${operationId}`, {}, change.namespace)}>
            {isBatch ? 'The batch operation' : 'The operation in the ledger'}
          </a>
        </p>
      )}
    </Box>
  );
}

/** Side effects of a change, a line each. */
function sideEffectsOf({
  until,
  thenSignal,
  successorRunId,
  orphanedChildren = [],
  skipped = [],
}: ChangeResult): string[] {
  const failures = orphanedChildren.flatMap(({ workflowId, failure }) =>
    failure === undefined ? [] : [`Orphan ${workflowId}: ${failure.message}`],
  );
  return [
    ...(successorRunId === undefined
      ? []
      : [`Run ${successorRunId} continues it. This change was not made to that run.`]),
    ...(until === undefined ? [] : [`It will be unpaused at ${timeText(until)}.`]),
    ...(thenSignal === undefined ? [] : [signalText(thenSignal)]),
    ...failures,
    ...(skipped.length === 0 ? [] : [`${skipped.length} were skipped: already redriven or handled, or unknown.`]),
  ];
}

function signalText({ signalName, outcome, why = '' }: NonNullable<ChangeResult['thenSignal']>): string {
  if (outcome === 'sent') return `Signal ${signalName} was sent to the new run.`;
  return `${outcome === 'notSent' ? `Signal ${signalName} was not sent` : `It is unknown whether signal ${signalName} was sent`}: ${why}`;
}

function resultText({ outcome = 'done', status, newRunId, matched, redriven }: ChangeResult, isBatch: boolean): string {
  if (newRunId !== undefined) return `new run ${newRunId}`;
  if (redriven !== undefined) return `${redriven} sent again`;
  const nothing = /^(already|not)[A-Z]/.test(outcome) ? '. Nothing was done' : '';
  if (matched !== undefined) return `${words(outcome)}, ${matched} matched${nothing}`;
  // The status of a batch operation’s workflow, which ends a moment later.
  return `${words(outcome)}${status === undefined || isBatch ? '' : `, now ${status}`}${nothing}`;
}

const Box = ({
  kind,
  title,
  children,
}: {
  kind: 'good' | 'bad' | 'note';
  title?: string;
  children: ComponentChildren;
}): JSX.Element => (
  <section class={`box box-${kind} change`} aria-live="polite" aria-label="Change">
    <CloseButton label="Close this message" onClose={() => setParameters({ [CHANGE]: undefined })} />
    {title !== undefined && <strong>{title}</strong>}
    {children}
  </section>
);
