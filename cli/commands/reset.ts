import type { components } from '../../client/openapi';
import { read } from '../requests/client';
import { changeEach } from '../workflows/changes';
import { consent, reasonFrom } from '../consent';
import type { Consent } from '../consent';
import { routes } from '../requests/contract';
import { defineCommand, flag, text, value } from '../command-line/declaration';
import { withSimilar } from '../workflows/describe';
import { CliError } from '../exit-codes';
import type { Exit } from '../exit-codes';
import { flagsFor } from '../command-line/flags';
import { asked, manyWorkflows, whichRuns, wholeNumber } from '../command-line/options';
import { printable } from '../output/quote';
import { resetFields, resetFlags, resetOptions as newRunOptions } from '../reset/options';
import { previewLine, previewLines } from '../reset/preview';
import type { ResetPreview } from '../reset/preview';
import { formLines, resetTarget, targetText } from '../reset/target';
import type { ResetTarget } from '../reset/target';
import type { Session } from '../session';
import { parseSignalInput } from '../command-line/signal-input';
import { secondsOf } from '../output/durations';
import { isClosed } from '../workflows/findings';
import { withWaitingBar, waitParameters } from '../workflows/waiting';
import { requireOneKey, sendChange } from '../workflows/workflow-changes';
import { flagsOf, named, targetOf, targetsOf } from '../workflows/workflow-ids';
import type { Target } from '../workflows/workflow-ids';

type ResetRequest = components['schemas']['ResetWorkflowRequest'];
type ResetResult = components['schemas']['ResetResult'];

const { fields } = routes.resetWorkflow;

const resetOptions = {
  ...whichRuns,
  to: value('--to <point>', 'where to: see above', resetTarget),
  eventId: value('-e, --event-id <number>', 'the same as --to EVENT', wholeNumber),
  ...newRunOptions,
  terminateRun: text('--terminate-run <id>', fields.terminateRunId),
  thenSignal: text('--then-signal <name>', 'a signal to send once to the new run'),
  signalInput: text('--signal-input <json>', 'the argument of that signal'),
  wait: value('--wait <duration>', 'follow the new run, at most this long and at most 25s: 20s', secondsOf),
  dryRun: flag('--dry-run', 'show what it would do, and stop'),
  ...asked,
};

interface Given {
  why: string;
  /** The part of the request that is the same for every workflow. */
  more: Pick<
    ResetRequest,
    'orphanedChildren' | 'excludeReapply' | 'versioningOverride' | 'terminateRunId' | 'thenSignal'
  >;
  flags: string[];
  wait: number | undefined;
}

export const reset = defineCommand({
  name: 'reset',
  summary: routes.resetWorkflow.summary,
  description: `A new run continues from the point. The command first shows the effect, then asks; it resets exactly the run and the event that it showed.

Where to:
${formLines()
  .map((line) => `  ${line}`)
  .join('\n')}`,
  args: manyWorkflows,
  options: resetOptions,
  examples: [
    {
      line: 'rewind reset order-42 --to before-failure --reason "bad deploy" --wait 20s',
      does: 'resets it and follows the new run; exits with 5 if that fails or is stuck',
    },
    { line: 'rewind reset order-42 --to before-activity=chargeCard --dry-run', does: 'shows what it would do' },
    { line: 'rewind reset order-42', does: 'lets you choose the point' },
  ],
  route: 'resetWorkflow',
  async run(session, given, args) {
    const targets = await targetsOf(session, args, given);
    requireOneKey(targets, given);
    const target =
      given.to ?? (given.eventId === undefined ? await choosePoint(session, args, given) : { eventId: given.eventId });
    const more = {
      ...resetFields(given),
      terminateRunId: given.terminateRun,
      thenSignal: given.thenSignal ? signalOf(given.thenSignal, given.signalInput) : undefined,
    };
    const flags = [
      ...resetFlags(more),
      ...flagsFor({ '--then-signal': given.thenSignal, '--signal-input': given.signalInput }),
    ];
    if (given.dryRun) return showOnly(session, targets, target, more);
    // A repeated request is sent unchanged, without a new preview.
    const isRepetition = given.idempotencyKey !== undefined && given.yes === true;
    const planned = isRepetition ? undefined : await previewAll(session, targets, target, more);
    const why = planned ? await ask(session, planned, more, given) : await reasonFrom(session, given.reason);
    const sent: Given = { why, more, flags, wait: given.wait };
    return changeEach(session, targets, async (one) => {
      const pinned = planned?.get(one);
      const request = pinned ? pin(pinned, one, more) : { ...one, ...more, target };
      const result = await send(session, request, sent, given.idempotencyKey);
      return { result, ...describeResult(session, result, given.wait !== undefined) };
    });
  },
});

/** The request for the run and the event that the preview showed, whatever has happened since. */
const pin = ({ runId: run, eventId }: ResetPreview, { workflowId }: Target, more: Given['more']) => ({
  workflowId,
  runId: run,
  target: { eventId },
  ...more,
});

async function choosePoint(
  session: Session,
  args: string[],
  given: { workflowId?: string[] | undefined; runId?: string | undefined },
): Promise<ResetTarget> {
  if (!session.prompts.possible) throw new CliError('usage', '--to is missing.', { hints: formLines() });
  const target = await targetOf(session, args, given);
  const query = { ...target, pageSize: 100 };
  const { resetPoints } = await read(session, 'listResetPoints', { query }).catch(async (error: unknown) => {
    throw await withSimilar(session, target.workflowId, error);
  });
  if (resetPoints.length === 0) throw new CliError('refused', `${named(target)} has no reset point yet.`);
  const options = resetPoints.map(({ eventId, label }) => ({
    value: eventId,
    label: `${eventId}  ${printable(label)}`,
  }));
  return { eventId: await session.prompts.select(`Reset ${named(target)} to`, options) };
}

async function preview(session: Session, one: Target, target: ResetTarget, more: Given['more']): Promise<ResetPreview> {
  const body = { ...one, ...more, target, reason: 'preview', dryRun: true };
  try {
    return await read(session, 'resetWorkflow', { body });
  } catch (error) {
    throw await withSimilar(session, one.workflowId, error);
  }
}

async function showOnly(session: Session, targets: Target[], target: ResetTarget, more: Given['more']): Promise<Exit> {
  return changeEach(session, targets, async (one) => {
    const result = await preview(session, one, target, more);
    return { result, text: [`${named(one)}: preview of a reset`, ...previewLines(result, more.orphanedChildren)] };
  });
}

async function previewAll(
  session: Session,
  targets: Target[],
  target: ResetTarget,
  more: Given['more'],
): Promise<Map<Target, ResetPreview>> {
  const previews = new Map<Target, ResetPreview>();
  try {
    for (const [index, one] of targets.entries()) {
      if (targets.length > 1) session.output.progress(`Previews: ${index} of ${targets.length}`);
      previews.set(one, await preview(session, one, target, more));
    }
  } finally {
    session.output.endProgress();
  }
  return previews;
}

const SAMPLES = 5;

async function ask(
  session: Session,
  planned: Map<Target, ResetPreview>,
  more: Given['more'],
  given: Consent,
): Promise<string> {
  const previews = [...planned.values()];
  const [first] = previews;
  const many = previews.length > 1;
  const lines =
    many || !first
      ? [
          ...previews.slice(0, SAMPLES).map(previewLine),
          ...(previews.length > SAMPLES ? [`  and ${previews.length - SAMPLES} more`] : []),
        ]
      : previewLines(first, more.orphanedChildren);
  const what = many ? `${previews.length} workflows` : printable(first?.workflowId ?? '');
  return consent(session, given, { lines, action: `Reset ${what}` });
}

async function send(
  session: Session,
  request: Omit<ResetRequest, 'reason'>,
  { why, flags: newRunFlags, wait }: Given,
  key: string | undefined,
): Promise<ResetResult> {
  const { waitSeconds, flags } = waitParameters(wait === undefined ? undefined : Math.min(wait, 25));
  const target: Target = { workflowId: request.workflowId, runId: request.runId };
  const change = {
    route: 'resetWorkflow' as const,
    request: { body: { ...request, reason: why, waitSeconds } },
    repeat: [
      'reset',
      ...flagsOf(target),
      ...flagsFor({ '--to': targetText(request.target), '--reason': why }),
      ...newRunFlags,
      ...flagsFor({ '--terminate-run': request.terminateRunId }),
      ...flags,
    ],
    idempotencyKey: key,
  };
  const act = () => sendChange(session, target, change);
  if (waitSeconds === undefined) return act();
  return withWaitingBar(session, `${named(target)}: following the new run`, waitSeconds, act);
}

const progressText = {
  completed: 'Completed',
  continuedAsNew: 'continued as new',
  pastResetPoint: 'is past the reset point',
  begun: 'has started, and waits for what it started',
  failedAgain: 'failed in the same way',
  failed: 'failed in another way',
  closed: 'closed',
  stuck: 'is stuck',
  waiting: 'waits for its first workflow task',
} as const;

function describeResult(session: Session, result: ResetResult, isWaited: boolean): { text: string[]; exit: Exit } {
  const { newRun, newRunId, orphanedChildren, workflowId, eventId } = result;
  const { output } = session;
  const show = session.suggestion(['show', ...flagsOf({ workflowId }), '-r', newRunId]);
  const lines = [
    `${printable(workflowId)}: reset to event ${eventId}; run ${newRunId} continues`,
    ...orphanedChildren.map(({ workflowId: id, operation, failure }) =>
      printable(`  orphan ${id}: ${failure?.message ?? operation?.outcome ?? 'left running'}`),
    ),
    ...signalText(result),
  ];
  if (!newRun) {
    const unknown = isWaited ? ['  the API did not return what the new run does'] : [];
    return { text: [...lines, ...unknown, `  Next: ${show}`], exit: isWaited ? 'stillOpen' : 'done' };
  }
  const failed = hasFailed(newRun);
  const what = output.style(failed ? 'red' : 'green', progressText[newRun.progress]);
  const failure = newRun.failure === undefined ? '' : `: ${printable(newRun.failure)}`;
  const stuck = (newRun.stuck ?? []).map(({ explanation }) => `  ${printable(explanation)}`);
  return {
    text: [...lines, `  the new run ${what} after ${newRun.waitedSeconds} s${failure}`, ...stuck, `  Next: ${show}`],
    exit: failed ? 'partlyFailed' : isClosed(newRun.status) ? 'done' : 'stillOpen',
  };
}

/** Whether a batch operation would count the new run as failed or stuck. A run that was terminated or timed out has failed too. */
function hasFailed({ progress, stuck = [] }: NonNullable<ResetResult['newRun']>): boolean {
  return ['failedAgain', 'failed', 'closed', 'stuck'].includes(progress) || stuck.length > 0;
}

function signalOf(signalName: string, input: string | undefined): NonNullable<ResetRequest['thenSignal']> {
  if (input === undefined) return { signalName };
  try {
    return { signalName, input: parseSignalInput(input) };
  } catch (error) {
    const why = error instanceof SyntaxError ? 'it is not JSON' : (error as Error).message;
    throw new CliError('usage', `--signal-input ${JSON.stringify(input)}: ${why}.`, {}, { cause: error });
  }
}

/** Whether the signal after the reset was sent. */
function signalText({ thenSignal }: ResetResult): string[] {
  if (!thenSignal) return [];
  const { signalName, outcome, beforeFirstWorkflowTask, why = '' } = thenSignal;
  const signal = `Signal ${printable(signalName)}`;
  if (outcome === 'notSent')
    return [`  ${signal} was not sent: ${printable(why)} The same request under the same key sends it.`];
  if (outcome === 'unknown')
    return [
      `  It is unknown whether ${signal} was sent: ${printable(why)} The same request under the same key sends it once.`,
    ];
  return [
    `  ${signal} was sent${beforeFirstWorkflowTask ? ', before its first workflow task' : ', after a worker had taken its first workflow task'}.`,
  ];
}
