import type { BatchAction, BatchProgress } from '../../api/batch-operation';
import type { BatchRequest } from '../../api/batch-operations';
import { setTimeout as wait } from 'node:timers/promises';
import type { Actor } from '../ledger/attribution';
import { executeOperation } from '../execute-operation';
import { failures, OperationFailure } from '../../api/failures';
import { verbs } from '../index';
import { describeExecution } from '../temporal/executions';
import { noopTelemetry } from '../telemetry';
import { withoutUndefined } from '../without-undefined';
import type { NamespaceClient, WorkflowExecution } from '../temporal/namespace-client';
import type { ChangeRequest, OperationDependencies } from '../verb';
import { addProgress, countFailures, noProgress } from './batch';
import type { BatchItem } from './batch';
import { itemKey, itemOperationId } from './item-id';
import { rollbackReset } from './rollback';
import { stopGuard } from './stop';
import type { Permission } from './stop';

export interface ItemsOfBatch {
  operationId: string;
  actor: Actor;
  requestId?: string;
  request: BatchRequest;
  /** As the batch operation has them: `BatchInput` in batch.ts. */
  askedAt?: string;
  listedAt?: string;
  items: BatchItem[];
  /** Position of the first item in the batch operation. Absent in what a workflow of a release before positions asks for. */
  firstPosition?: number;
  /** Base URL of the Temporal Web UI, for links. */
  webUiUrl?: string;
  /** What was done before these items. Absent in what a workflow of a release before failure rates asks for. */
  before?: BatchProgress;
}

export interface Pacing {
  /** Aborted when no further item may start. */
  stop: AbortSignal;
  /** Called whenever an item has ended: items before `next` are all done. */
  onProgress: (next: number, progress: BatchProgress) => void;
  pause?: Pause;
}

/** Waits, or returns early once the signal is aborted. */
type Pause = (milliseconds: number, stop: AbortSignal) => Promise<unknown>;

/** A failure rate is none before so many are done. */
const LEAST_FOR_RATE = 10;

/** Characters of a failure's message in an example. */
const MAX_EXAMPLE_LENGTH = 300;

/** Most items in flight at the same time. */
const MAX_IN_FLIGHT = 50;

/** Most attempts at an item whose failure can pass. */
const MAX_ATTEMPTS = 12;

/** Longest time a timer takes, in milliseconds: beyond it, Node.js fires at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * How long one attempt at an item owns it before it records its target run, in milliseconds. Shorter than a function's: after
 * the death of a worker the next one waits for it. The lease for the change itself is in ledger/lease.ts.
 */
const LEASE_MS: Record<BatchAction, number> = {
  cancel: 3_000,
  terminate: 3_000,
  reset: 15_000,
  // Until the earlier attempt may not make the change any more: another request may have undone it.
  pause: 15_000,
  unpause: 15_000,
  updateOptions: 15_000,
};

/**
 * Does what the batch asks to each item, at the asked rate. Each is an operation of the ledger whose key is made of the
 * batch and the workflow: an item that comes again, after a crash or because two of a workflow's runs matched, is not
 * done again. Begins no item after the batch operation was asked to stop, or has ended, by the ledger.
 *
 * @param from index of the first item that may still be to do
 * @returns the progress made on all items that were begun, the index of the first that was not, whether that is because
 *   the batch operation is suspended, and why it is not to go on, where too many have failed
 */
export async function executeItems(
  dependencies: OperationDependencies,
  client: NamespaceClient,
  batch: ItemsOfBatch,
  { stop, onProgress, pause = waitUnless }: Pacing,
  from: { next: number; progress: BatchProgress } = { next: 0, progress: noProgress },
): Promise<{ next: number; progress: BatchProgress; suspended: boolean; tooManyFailures?: string }> {
  let { next, progress } = from;
  let suspended = false;
  let tooManyFailures: string | undefined;
  const ended = new Map<number, BatchProgress>();
  const inFlight = new Set<Promise<void>>();
  const interval = 1000 / batch.request.ratePerSecond;
  let due = Date.now();

  /** While Temporal throttles, all items wait. */
  let notBefore = 0;
  const permission = stopGuard(dependencies.ledger, batch.operationId, stop, pause);
  const mayProceed = async () => {
    const permitted = await permission();
    if (permitted === 'suspended') suspended = true;
    return permitted;
  };
  const conditions: ItemConditions = {
    mayProceed,
    pause: (milliseconds) => pause(milliseconds, stop),
    slowDown: (milliseconds) => {
      notBefore = Math.max(notBefore, Date.now() + milliseconds);
    },
  };

  async function perform(index: number, item: BatchItem): Promise<void> {
    const positioned = { ...item, position: positionOf(index) };
    const its = await executeItem(dependencies, client, batch, positioned, conditions);
    if (!its) return;
    ended.set(index, its);
    for (let done = ended.get(next); done; done = ended.get(next)) {
      ended.delete(next);
      next += 1;
      progress = addProgress(progress, done);
    }
    onProgress(next, progress);
    tooManyFailures ??= failureRateExceeded(batch, progress);
  }
  const positionOf = (index: number) => (batch.firstPosition === undefined ? undefined : batch.firstPosition + index);

  for (let index = next; index < batch.items.length; index += 1) {
    const item = batch.items[index];
    if (!item) break;
    const early = Math.max(due, notBefore) - Date.now();
    if (early > 0) await pause(Math.min(early, MAX_TIMER_MS), stop);
    if ((await mayProceed()) !== 'proceed' || tooManyFailures !== undefined) break;
    due = Math.max(due + interval, Date.now() - interval);
    const performing = perform(index, item);
    inFlight.add(performing);
    void performing.finally(() => inFlight.delete(performing));
    if (inFlight.size >= MAX_IN_FLIGHT) await Promise.race(inFlight);
  }
  await Promise.all(inFlight);
  return { next, progress, suspended, ...(tooManyFailures !== undefined && { tooManyFailures }) };
}

/** An item with its position in the batch operation. */
type PositionedItem = BatchItem & { position?: number };

interface ItemConditions {
  mayProceed: () => Promise<Permission>;
  pause: (milliseconds: number) => Promise<unknown>;
  /** Lets no item begin for so long. */
  slowDown: (milliseconds: number) => void;
}

/** An item that an operation at another position has dealt with counts there. */
const countedElsewhere = noProgress;

/** @returns nothing for an item that is to be tried again once the batch operation is resumed */
async function executeItem(
  dependencies: OperationDependencies,
  client: NamespaceClient,
  batch: ItemsOfBatch,
  item: PositionedItem,
  { mayProceed, pause, slowDown }: ItemConditions,
): Promise<BatchProgress | undefined> {
  const { telemetry = noopTelemetry } = dependencies;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const act = () => executeOn(dependencies, client, batch, item);
      return await telemetry.withSpan(`batch ${batch.request.action}`, act);
    } catch (error) {
      const kind = error instanceof OperationFailure ? error.kind : 'internal';
      const failed = {
        ...noProgress,
        done: 1,
        failed: { [kind]: 1 },
        failureExamples: { [kind]: exampleOf(item, error) },
      };
      if (failures[kind].retry !== 'soon' || attempt === MAX_ATTEMPTS) {
        return (await isElsewhere(dependencies, client, batch, item)) ? countedElsewhere : failed;
      }
      const seconds = error instanceof OperationFailure ? (error.details.retryAfterSeconds ?? 2) : 2;
      if (kind === 'throttled') slowDown(seconds * 1000);
      await pause(seconds * 1000);
      const permitted = await mayProceed();
      if (permitted === 'suspended') return undefined;
      if (permitted === 'stop') return failed;
    }
  }
}

async function executeOn(
  dependencies: OperationDependencies,
  client: NamespaceClient,
  batch: ItemsOfBatch,
  item: PositionedItem,
): Promise<BatchProgress> {
  const { operationId: batchOperationId, actor, requestId, request, webUiUrl } = batch;
  const { action, rollback } = request;
  const { workflowId, runId, position: batchPosition } = item;
  const askedAt = batch.askedAt ?? (runId === undefined ? batch.listedAt : undefined);
  const idempotencyKey = itemKey(batchOperationId, workflowId);
  // Only open workflows are cancelled and terminated: there the run that matched is the latest. A reset's query matches
  // closed runs too, and resetting an old one terminates the live one.
  if (
    action === 'reset' &&
    runId !== undefined &&
    (await isOldRun(dependencies.ledger, client, { workflowId, runId }, batchOperationId))
  )
    return { ...noProgress, skipped: 1 };
  const single =
    rollback && runId !== undefined
      ? await rollbackReset(client, { ...request, rollback }, { workflowId, runId })
      : itemRequest(request, item);
  const { record } = await executeOperation({ ...dependencies, leaseMs: LEASE_MS[action] }, client, verbs[action], {
    actor,
    request: single,
    idempotencyKey,
    requestId,
    batchOperationId,
    batchPosition,
    webUiUrl,
    runId: action === 'reset' ? undefined : runId,
    askedAt,
  });
  if (isOther(record.batchPosition, batchPosition)) return countedElsewhere;
  const { outcome = record.state } = record;
  return { ...noProgress, done: 1, outcomes: { [outcome]: 1 } };
}

/** Without a run id the workflow is meant: what continues the run that matched is changed as well. */
function itemRequest(request: BatchRequest, { workflowId, runId }: BatchItem): ChangeRequest & Record<string, unknown> {
  const { action, reason, target, until, excludeReapply, versioningOverride, orphanedChildren } = request;
  const same = { workflowId, reason };
  if (action === 'pause') return { ...same, ...withoutUndefined({ until }) };
  if (action === 'updateOptions') return { ...same, ...withoutUndefined({ versioningOverride }) };
  if (action !== 'reset') return same;
  const options = { excludeReapply, versioningOverride, orphanedChildren };
  return { workflowId, runId, reason, target, ...withoutUndefined(options) };
}

/**
 * Whether the workflow was dealt with as another item: a query matches several runs of it, and a run that is listed as open
 * is listed once more when it has closed meanwhile.
 */
async function isElsewhere(
  { ledger }: OperationDependencies,
  { namespace }: NamespaceClient,
  batch: ItemsOfBatch,
  item: PositionedItem,
): Promise<boolean> {
  const id = itemOperationId(namespace, batch.operationId, item.workflowId);
  const record = await ledger.find(id).catch(() => undefined);
  return isOther(record?.batchPosition, item.position);
}

function isOther(recorded: number | undefined, position: number | undefined): boolean {
  return recorded !== undefined && position !== undefined && recorded !== position;
}

function exampleOf({ workflowId }: BatchItem, error: unknown): { workflowId: string; message: string } {
  return { workflowId, message: (error as Error).message.slice(0, MAX_EXAMPLE_LENGTH) };
}

/** Why the batch operation is not to go on, as a sentence. */
function failureRateExceeded({ request, before = noProgress }: ItemsOfBatch, progress: BatchProgress) {
  const { stopAtFailureRate: limit } = request;
  const all = addProgress(before, progress);
  const failed = countFailures(all);
  if (limit === undefined || all.done < LEAST_FOR_RATE || failed / all.done < limit) return undefined;
  return `Of ${all.done} workflows ${failed} failed, and stopAtFailureRate is ${limit}: no other was begun.`;
}

/** Whether the workflow has a later run, and this one is not the one that an earlier attempt at the item was about. */
async function isOldRun(
  ledger: OperationDependencies['ledger'],
  client: NamespaceClient,
  { workflowId, runId }: Required<BatchItem>,
  batchOperationId: string,
): Promise<boolean> {
  if ((await describeExecution(client, { workflowId })).runId === runId) return false;
  const earlier = await ledger.find(itemOperationId(client.namespace, batchOperationId, workflowId));
  return earlier === undefined || (earlier.request as WorkflowExecution).runId !== runId;
}

export async function waitUnless(milliseconds: number, stop: AbortSignal): Promise<void> {
  await wait(milliseconds, undefined, { signal: stop }).catch((error: unknown) => {
    if (!stop.aborted) throw error;
  });
}
