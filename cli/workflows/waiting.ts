import { setTimeout as pause } from 'node:timers/promises';
import { report } from './changes';
import { workflowDescription } from './describe';
import type { Workflow } from './describe';
import { duration } from '../output/durations';
import { CliError } from '../exit-codes';
import { isClosed } from './findings';
import type { Session } from '../session';
import { named } from './workflow-ids';
import type { Target } from './workflow-ids';

/** The longest `waitSeconds` of a request. */
const MAX_WAIT_SECONDS = 25;

const BAR_WIDTH = 20;

/** `████████░░░░` for a share from 0 to 1. */
export function bar(share: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * BAR_WIDTH);
  return '█'.repeat(full) + '░'.repeat(BAR_WIDTH - full);
}

/** Shows on a terminal how long a wait has taken while `work` runs. */
export async function withWaitingBar<Result>(
  { output }: Session,
  what: string,
  seconds: number,
  work: () => Promise<Result>,
): Promise<Result> {
  const began = performance.now();
  const draw = () => {
    const gone = (performance.now() - began) / 1000;
    output.progress(`${bar(gone / seconds)} ${duration(gone)} of ${duration(seconds)}  ${what}`);
  };
  const timer = setInterval(draw, 200);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    output.endProgress();
  }
}

/**
 * Calls `look` every second until it returns a result or the time is over, also while the API does not respond.
 * @returns the result, or the failure of the last call, which must not look like a failure of the change before
 */
async function poll<Result>(
  seconds: number,
  look: () => Promise<Result | undefined>,
): Promise<{ found?: Result; failure?: CliError }> {
  let failure: CliError | undefined;
  for (const end = performance.now() + seconds * 1000; performance.now() < end;) {
    try {
      const found = await look();
      if (found !== undefined) return { found };
      failure = undefined;
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      failure = error;
      if (error.exit !== 'failed') break;
    }
    await pause(Math.min(1000, Math.max(0, end - performance.now())));
  }
  return { ...(failure && { failure }) };
}

/** The `waitSeconds` of a request, and the options that repeat it. */
export const waitParameters = (seconds: number | undefined): { waitSeconds?: number; flags: string[] } =>
  seconds === undefined
    ? { flags: [] }
    : { waitSeconds: Math.min(seconds, MAX_WAIT_SECONDS), flags: ['--wait', `${seconds}s`] };

/**
 * Sends a change and waits until the run closes: at first within the API's request, then by describing the run.
 * @param stopped what Ctrl-C prints
 */
export async function untilClosed<Result extends { status: Workflow['status']; runId: string }>(
  session: Session,
  target: Target,
  seconds: number | undefined,
  stopped: string[],
  send: () => Promise<Result>,
): Promise<Result> {
  if (seconds === undefined) return send();
  const began = performance.now();
  return withWaitingBar(session, `${named(target)}: waiting for it to close`, seconds, async () => {
    // Until its response, only the request itself can be repeated: it may not have left this machine.
    const result = await send();
    const left = seconds - (performance.now() - began) / 1000;
    if (seconds <= MAX_WAIT_SECONDS || isClosed(result.status) || left <= 0) return result;
    const done = session.interruptible('stillOpen', ...stopped);
    // The changed run, not the latest run of the id, which may belong to another workflow by now.
    let { runId } = result;
    const { found: closed, failure } = await poll(left, async () => {
      const workflow = await workflowDescription(session, { workflowId: target.workflowId, runId });
      if (!isClosed(workflow.status)) return undefined;
      const { successor } = workflow;
      if (target.runId !== undefined || successor === undefined || successor.relation === 'reset') return workflow;
      runId = successor.runId;
      return undefined;
    }).finally(done);
    if (failure) {
      report(session, `The wait has ended without the result: ${failure.message}`, failure);
      return result;
    }
    const waitedSeconds = Math.round((performance.now() - began) / 100) / 10;
    if (!closed) return { ...result, waitedSeconds };
    const { status, closeTime, successor } = closed;
    return { ...result, waitedSeconds, status, closeTime, ...(successor && { successorRunId: successor.runId }) };
  });
}
