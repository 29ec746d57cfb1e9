import type { BatchAction, BatchProgress } from '../../api/batch-operation';
import type { BatchRequest } from '../../api/batch-operations';
import type { ResetRequest } from '../../api/reset';
import { setTimeout as wait } from 'node:timers/promises';
import type { Actor } from '../ledger/attribution';
import { executeOperation } from '../execute-operation';
import { failureKind, failures, OperationFailure } from '../../api/failures';
import { verbs } from '../index';
import { describeExecution } from '../temporal/executions';
import { noopTelemetry } from '../telemetry';
import { epochMilliseconds } from '../temporal/time';
import type { NamespaceClient, WorkflowExecution } from '../temporal/namespace-client';
import type { ChangeRequest, OperationDependencies } from '../verb';
import { addProgress, countFailures, noProgress } from './batch';
import type { BatchItem } from './batch';
import { itemKey, itemOperationId } from './item-id';
import { failedItem } from './item-records';
import { rollbackReset } from './rollback';
import { stopGuard } from './stop';
import type { Permission } from './stop';

export interface ItemsOfBatch {
  operationId: string;
  actor: Actor;
  requestId?: string;
  request: BatchRequest;
  /** See `BatchInput` in batch.ts. */
  askedAt?: string;
  listedAt?: string;
  items: BatchItem[];
  /** When the query matched the items, RFC 3339. Absent without a query, and in calls by workflows of releases without it. */
  matchedAt?: string;
  /** Position of the first item in the batch operation. Absent in calls by workflows of releases without item positions. */
  firstPosition?: number;
  /** Base URL of the Temporal Web UI, for links. */
  webUiUrl?: string;
  /** Progress before these items. Absent in calls by workflows of releases without failure rates. */
  before?: BatchProgress;
}

export interface Pacing {
  /** Aborted when no further items may be started. */
  stop: AbortSignal;
  /** Called whenever an item has ended. All items before the index `next` are done. */
  onProgress: (next: number, progress: BatchProgress) => void;
  pause?: Pause;
}

/** Waits for a time, or until the signal is aborted. */
type Pause = (milliseconds: number, stop: AbortSignal) => Promise<unknown>;

/** Minimum number of processed workflows before `stopAtFailureRate` applies. */
const MIN_DONE_FOR_RATE = 10;

/** Maximum items in flight. */
const MAX_IN_FLIGHT = 50;

/** Maximum attempts at an item with retryable failures. */
const MAX_ATTEMPTS = 12;

/** Maximum delay of a Node.js timer, in milliseconds. With a longer delay, it fires immediately. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Lease of an attempt at an item until it records its target run, in milliseconds. Shorter than in functions, because after a
 * worker crash the next worker waits for the lease to expire. The lease for the change itself is in ledger/lease.ts.
 */
const LEASE_MS: Record<BatchAction, number> = {
  cancel: 3_000,
  terminate: 3_000,
  reset: 15_000,
  // Until the earlier attempt can no longer make the change, which another request may have undone since.
  pause: 15_000,
  unpause: 15_000,
  updateOptions: 15_000,
};

/**
 * Executes the batch operation's action on each item, at the requested rate. Each item is a separate operation, whose
 * idempotency key is derived from the batch operation and the workflow ID: an item that is repeated, after a crash or because
 * two runs of a workflow match, is not executed again. Starts no items after a stop of the batch operation is recorded in the
 * ledger, or its end.
 *
 * @param from the index of the first item to execute, and the progress on the items before it
 * @returns the progress on all started items; `next`, the index of the first item that was not started; whether the batch
 *   operation is suspended; and in `tooManyFailures`, a sentence if its failure rate or `maxWorkflows` was exceeded
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
  let begun = (batch.before ?? noProgress).done + progress.done;
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
    begun += 1;
    const itemProgress = await executeItem(dependencies, client, batch, positioned, conditions);
    if (!itemProgress) return;
    begun -= 1 - itemProgress.done;
    ended.set(index, itemProgress);
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
    if (begun >= maximumOf(batch.request)) {
      await Promise.all(inFlight);
      const isExceeded = begun >= maximumOf(batch.request) && (await isAnother(dependencies, client, batch, item));
      if (isExceeded) tooManyFailures ??= maximumExceeded(batch.request);
    }
    if ((await mayProceed()) !== 'proceed' || tooManyFailures !== undefined) break;
    due = Math.max(due + interval, Date.now() - interval);
    const performing = perform(index, item);
    inFlight.add(performing);
    void performing.finally(() => inFlight.delete(performing));
    if (inFlight.size >= MAX_IN_FLIGHT) await Promise.race(inFlight);
  }
  await Promise.all(inFlight);
  return { next, progress, suspended, tooManyFailures };
}

/** An item with its position in the batch operation. */
type PositionedItem = BatchItem & { position?: number };

interface ItemConditions {
  mayProceed: () => Promise<Permission>;
  pause: (milliseconds: number) => Promise<unknown>;
  /** Delays the start of further items. */
  slowDown: (milliseconds: number) => void;
}

/** Progress of an item whose workflow was handled at another position, where it is counted. */
const countedElsewhere = noProgress;

/** @returns undefined for an item to retry when the batch operation is resumed */
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
      const kind = failureKind(error);
      const failed = failedItem(item, kind, (error as Error).message);
      if (failures[kind].retry !== 'soon' || attempt === MAX_ATTEMPTS) {
        return (await isCountedElsewhere(dependencies, client, batch, item)) ? countedElsewhere : failed;
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
  const askedAt = batch.askedAt ?? item.askedAt ?? (runId === undefined ? batch.listedAt : undefined);
  const idempotencyKey = itemKey(batchOperationId, workflowId);
  // The other actions match only open runs, which are the latest of their workflow. A reset also matches closed runs, and the
  // reset of an older run would terminate the live run.
  const place =
    action === 'reset' && runId !== undefined
      ? await placeInWorkflow(dependencies.ledger, client, batch, { workflowId, runId })
      : 'latest';
  if (place === 'old') return { ...noProgress, skipped: 1 };
  const single =
    rollback && runId !== undefined
      ? await rollbackReset(client, { ...request, rollback }, { workflowId, runId })
      : { ...itemRequest(request, item), ...(place === 'overtaken' && { ifCurrentRunId: runId }) };
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
  if (differs(record.batchPosition, batchPosition)) return countedElsewhere;
  const { outcome = record.state } = record;
  return { ...noProgress, done: 1, outcomes: { [outcome]: 1 } };
}

/** Returns the request for an item. Only resets name the run; other actions also apply to a run that continues it. */
function itemRequest(request: BatchRequest, { workflowId, runId }: BatchItem): ChangeRequest & Record<string, unknown> {
  const { action, reason, target, until, excludeReapply, versioningOverride, orphanedChildren } = request;
  const same = { workflowId, reason };
  if (action === 'pause') return { ...same, until };
  if (action === 'updateOptions') return { ...same, versioningOverride };
  if (action !== 'reset') return same;
  return { workflowId, runId, reason, target, excludeReapply, versioningOverride, orphanedChildren };
}

/**
 * Whether the workflow was handled as another item: a query can match several runs of a workflow, and visibility can list a
 * run twice when it closes during the listing.
 */
async function isCountedElsewhere(
  { ledger }: OperationDependencies,
  { namespace }: NamespaceClient,
  batch: ItemsOfBatch,
  item: PositionedItem,
): Promise<boolean> {
  const id = itemOperationId(namespace, batch.operationId, item.workflowId);
  const record = await ledger.find(id).catch(() => undefined);
  return differs(record?.batchPosition, item.position);
}

function differs(recorded: number | undefined, position: number | undefined): boolean {
  return recorded !== undefined && position !== undefined && recorded !== position;
}

/** Later passes of a rollback change what has reached the bad build since. */
const maximumOf = ({ rollback, maxWorkflows }: BatchRequest): number => (rollback ? Infinity : maxWorkflows);

/** Whether the item would change a workflow that the batch operation has not changed yet. */
async function isAnother(
  { ledger }: OperationDependencies,
  client: NamespaceClient,
  batch: ItemsOfBatch,
  { workflowId, runId }: BatchItem,
): Promise<boolean> {
  const begun = await ledger.find(itemOperationId(client.namespace, batch.operationId, workflowId));
  if (begun) return false;
  if (batch.request.action !== 'reset' || runId === undefined) return true;
  return (await placeInWorkflow(ledger, client, batch, { workflowId, runId })) !== 'old';
}

/** The query can match more workflows than at the start of the batch operation, when they were counted. */
const maximumExceeded = ({ maxWorkflows }: BatchRequest): string =>
  `More workflows match now than maxWorkflows allows, which is ${maxWorkflows}: no further workflows were started.`;

/** Returns a sentence if the failure rate is reached, and undefined otherwise. */
function failureRateExceeded({ request, before = noProgress }: ItemsOfBatch, progress: BatchProgress) {
  const { stopAtFailureRate: limit } = request;
  const all = addProgress(before, progress);
  const failed = countFailures(all);
  if (limit === undefined || all.done < MIN_DONE_FOR_RATE || failed / all.done < limit) return undefined;
  return `${failed} of ${all.done} workflows failed, and stopAtFailureRate is ${limit}: no further workflows were started.`;
}

/**
 * The place of a run that the query matched among the runs of its workflow.
 *
 * - `latest`: it is the latest run, or the target of an earlier attempt at the item.
 * - `old`: a later run existed when the query matched, or is an item of the batch operation too.
 * - `overtaken`: a later run has started since, for example by continue-as-new. The query cannot have matched that run, so that
 *   the item fails: otherwise the workflow would be neither changed nor reported.
 */
type Place = 'latest' | 'old' | 'overtaken';

/** How far visibility may be behind, in milliseconds. */
const VISIBILITY_DELAY_MS = 10_000;

async function placeInWorkflow(
  ledger: OperationDependencies['ledger'],
  client: NamespaceClient,
  { operationId, items, matchedAt, request }: ItemsOfBatch,
  { workflowId, runId }: Required<WorkflowExecution>,
): Promise<Place> {
  const current = await describeExecution(client, { workflowId });
  if (current.runId === runId) return 'latest';
  const earlier = await ledger.find(itemOperationId(client.namespace, operationId, workflowId));
  if (earlier) {
    const { runId: targetRunId, ifCurrentRunId } = earlier.request as Partial<ResetRequest>;
    if (targetRunId !== runId) return 'old';
    return ifCurrentRunId === undefined ? 'latest' : 'overtaken';
  }
  const startTime = epochMilliseconds(current.description.workflowExecutionInfo?.startTime) ?? 0;
  const isNew = matchedAt !== undefined && startTime > Date.parse(matchedAt) - VISIBILITY_DELAY_MS;
  // The next pass of a rollback finds the later run.
  if (!isNew || request.rollback || items.some((item) => item.runId === current.runId)) return 'old';
  return 'overtaken';
}

export async function waitUnless(milliseconds: number, stop: AbortSignal): Promise<void> {
  await wait(milliseconds, undefined, { signal: stop }).catch((error: unknown) => {
    if (!stop.aborted) throw error;
  });
}
