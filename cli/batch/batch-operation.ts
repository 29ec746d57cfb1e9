import { setTimeout as pause } from 'node:timers/promises';
import type { components } from '../../client/openapi';
import { read } from '../requests/client';
import { BATCH_WORKFLOW_ID_PREFIX } from '../requests/contract';
import { canaryText } from './canary';
import { openStates, otherBatchText } from './other-batches';
import { confirmPreview } from './preview';
import type { BatchPreview, Confirmation, QuestionTexts } from './preview';
import { report } from '../workflows/changes';
import { reasonFrom } from '../consent';
import { duration } from '../output/durations';
import { CliError } from '../exit-codes';
import type { Exit } from '../exit-codes';
import { countsText, printFields } from '../output/print-fields';
import { printable } from '../output/quote';
import type { Session } from '../session';
import { bar } from '../workflows/waiting';

export type BatchOperation = components['schemas']['BatchOperation'];

export const batchOperation = (session: Session, operationId: string): Promise<BatchOperation> =>
  read(session, 'getBatchOperation', { operationId });

const isOpen = ({ state }: BatchOperation): boolean => state === 'running' || state === 'suspended';

export const failures = ({ failed }: BatchOperation): number =>
  Object.values(failed).reduce((sum, count) => sum + count, 0);

const POLL_MS = 1000;
/** How long watching continues while the API does not respond. */
const MAX_SILENCE_MS = 5 * 60_000;

/** Shows the progress until the batch operation has ended. Ctrl-C stops only the watching. */
export async function watch(session: Session, operationId: string): Promise<BatchOperation> {
  const { output } = session;
  const done = session.interruptible(
    'stillOpen',
    `Stopped watching. Batch operation ${operationId} continues.`,
    `Watch it again: ${session.suggestion(['batch', 'watch', operationId])}`,
    `Stop it:        ${session.suggestion(['batch', 'stop', operationId])}`,
  );
  try {
    for (let lastRead = performance.now(); ;) {
      const batch = await batchOperation(session, operationId).catch((error: unknown) => {
        const isBrief = performance.now() - lastRead < MAX_SILENCE_MS;
        if (error instanceof CliError && error.exit === 'failed' && isBrief) return undefined;
        throw error;
      });
      if (batch) {
        lastRead = performance.now();
        if (!isOpen(batch)) return batch;
        output.progress(progressLine(batch));
      }
      await pause(POLL_MS);
    }
  } finally {
    output.endProgress();
    done();
  }
}

/** How many workflows had matched at the start, and did not any more when a batch operation that has completed listed them. */
function leftTheQuery({ state, engine, matched, done, skipped }: BatchOperation): string | undefined {
  const left = matched - done - skipped;
  return state === 'completed' && engine === 'worker' && left > 0 ? `${left}: not changed` : undefined;
}

function progressLine(batch: BatchOperation): string {
  const { state, done, matched, ratePerSecond, ratePerSecondNow = ratePerSecond, secondsLeft } = batch;
  return [
    `${bar(matched === 0 ? 1 : done / matched)} ${done} of ${matched}`,
    ...(state === 'suspended' ? ['suspended'] : []),
    ...(ratePerSecondNow === undefined ? [] : [`${ratePerSecondNow.toFixed(1)}/s`]),
    ...(secondsLeft === undefined ? [] : [`${duration(secondsLeft)} left`]),
    ...(failures(batch) > 0 ? [`${failures(batch)} failed`] : []),
  ].join('  ');
}

export function printBatch(session: Session, batch: BatchOperation): void {
  const { output } = session;
  const { action, state, operationId, done, matched, skipped } = batch;
  const failed = failures(batch);
  output.line(
    output.style(
      'bold',
      `Batch ${action}: ${state}, ${done} of ${matched} done${failed > 0 ? `, ${failed} failed` : ''}`,
    ),
  );
  printFields(output, [
    ['operation', operationId],
    ['query', batch.query && printable(batch.query)],
    ['by', batch.actor.id],
    ['reason', batch.reason],
    ['requested', batch.requestedAt],
    ['suspended', batch.suspendedAt],
    ['outcomes', countsText(batch.outcomes)],
    ['failures', countsText(batch.failed)],
    ...Object.entries(batch.failureExamples ?? {}).map(([kind, { workflowId, message }]): [string, string] => [
      'example',
      printable(`${kind}: ${workflowId}: ${message}`),
    ]),
    ...reportOf(batch),
    ['canary', canaryText(batch)],
    ['stuck', batch.stuck?.join(', ')],
    ['last failure', batch.lastFailure && printable(batch.lastFailure)],
    ['new runs', newRunsOf(batch)],
    ['failure', batch.failure && printable(batch.failure)],
    ['skipped', skipped === 0 ? undefined : `${skipped}: their workflows have later runs`],
    ['left the query', leftTheQuery(batch)],
    ['rate', batch.ratePerSecond && `${batch.ratePerSecond.toFixed(1)} per second`],
    ['time left', batch.secondsLeft === undefined ? undefined : duration(batch.secondsLeft)],
    ['engine', batch.engine],
  ]);
  const next = isOpen(batch)
    ? [...(batch.state === 'suspended' ? [['resume', operationId]] : []), ['watch', operationId], ['stop', operationId]]
    : failed > 0
      ? [
          ['items', operationId, '--outcome', 'failed'],
          ['retry', operationId],
        ]
      : [];
  const changed = state === 'suspended' ? 'Suspended' : batch.stopRequestedAt && 'Stopped';
  if (changed) output.line(`${changed} by: ${session.suggestion(['ops', BATCH_WORKFLOW_ID_PREFIX + operationId])}`);
  for (const words of next) output.line(`Next: ${session.suggestion(['batch', ...words])}`);
}

/** What the new runs of a reset do. Without `--follow`, a reset counts as done once its new run has started. */
function newRunsOf({ action, progress, state, outcomes }: BatchOperation): string | undefined {
  if (progress) return countsText(progress);
  return action === 'reset' && state === 'completed' && outcomes['reset'] ? 'not followed' : undefined;
}

/** The report of a rollback: how many runs it repaired, and how many not. */
function reportOf({ rollback }: BatchOperation): [string, string][] {
  if (!rollback) return [];
  const { repaired, failedAgain, stillRunning, notRepairable } = rollback;
  return [
    ['rolls back', `${rollback.deploymentName}:${rollback.badBuildId}, to ${rollback.toBuildId}`],
    [
      'report',
      countsText({
        repaired,
        'failed again': failedAgain,
        'still running': stillRunning,
        'not repairable': notRepairable,
      }),
    ],
  ];
}

/** The exit code for the state of a batch operation. */
export function exitOf(batch: BatchOperation): Exit {
  if (isOpen(batch)) return 'stillOpen';
  const again = (batch.progress?.failedAgain ?? 0) + (batch.progress?.stuck ?? 0);
  return failures(batch) > 0 || again > 0 || batch.state !== 'completed' ? 'partlyFailed' : 'done';
}

/** Prints what was started, and what to do next. */
function printStarted(session: Session, started: components['schemas']['BatchStarted']): void {
  const { output } = session;
  if (!output.isText) return output.json(started);
  const { operationId, matched, outcome, workerPolling, explanation, limitations = [] } = started;
  output.line(
    outcome === 'started'
      ? `Batch operation ${operationId} was started on ${matched} runs.`
      : 'Nothing matched. Nothing was done.',
  );
  if (explanation !== undefined) output.line(printable(explanation));
  if (workerPolling === false) output.line('No worker polls: it waits for one.');
  for (const limitation of limitations) output.note(limitation);
  if (outcome === 'started') output.line(`Next: ${session.suggestion(['batch', 'watch', operationId])}`);
}

/** For messages about a start without a response. */
export const startTexts = (what: string): { subject: string; done: string; seenWith: string[] } => ({
  subject: what,
  done: `${what} was started`,
  seenWith: ['batch', 'ls'],
});

/** A request to start a batch operation, without the reason, and the functions that preview and send it. */
interface Start<Request> {
  request: Request;
  texts: QuestionTexts;
  preview: (request: Request) => Promise<BatchPreview>;
  send: (request: Request & { reason: string }) => Promise<components['schemas']['BatchStarted']>;
}

/** What a preview says about batch operations that have not ended. Nothing if they cannot be read: the preview does not need them. */
async function otherBatches(session: Session, query: string | undefined): Promise<string[]> {
  try {
    const lists = openStates.map((state) => read(session, 'listBatchOperations', { query: { state, pageSize: 10 } }));
    const open = (await Promise.all(lists)).flatMap(({ batchOperations }) => batchOperations);
    return open.map((batch) => `  ${printable(otherBatchText(batch, query))}`);
  } catch (error) {
    if (error instanceof CliError) return [];
    throw error;
  }
}

/** Confirms and starts a batch operation, and watches it if requested. A repeated request is sent unchanged. */
export async function confirmAndStart<Request>(
  session: Session,
  given: Confirmation & { idempotencyKey?: string | undefined; watch?: boolean | undefined },
  { request, texts, preview, send }: Start<Request>,
): Promise<Exit> {
  const isRepetition = given.idempotencyKey !== undefined && given.yes === true;
  const others = isRepetition ? [] : otherBatches(session, (request as { query?: string }).query);
  const confirmed = isRepetition
    ? { reason: await reasonFrom(session, given.reason) }
    : await confirmPreview(session, await preview(request), { ...texts, others: await others }, given);
  if (confirmed === undefined) return 'done';
  return showStarted(session, await send({ ...request, ...confirmed }), given.watch);
}

/** Prints what was started, and watches it if requested. */
export async function showStarted(
  session: Session,
  started: components['schemas']['BatchStarted'],
  watched = false,
): Promise<Exit> {
  const { output } = session;
  const isWatched = watched && started.outcome === 'started';
  if (!isWatched || output.isText) printStarted(session, started);
  if (!isWatched) return 'done';
  const { operationId } = started;
  try {
    const batch = await watch(session, operationId);
    if (output.isText) printBatch(session, batch);
    else output.json(batch);
    return exitOf(batch);
  } catch (error) {
    // It was started: a failure to watch it is no failure of the command.
    if (!(error instanceof CliError)) throw error;
    report(session, `Batch operation ${operationId} was started, but cannot be watched: ${error.message}`, error);
    // JSON output is one document: the result or, without it, the start.
    if (!output.isText) printStarted(session, started);
    return 'stillOpen';
  }
}
