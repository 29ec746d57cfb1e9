import type { BatchProgress } from '../../api/batch-operation';
import type { BatchRequest } from '../../api/batch-operations';
import { setTimeout as wait } from 'node:timers/promises';
import type { Actor } from '../ledger/attribution';
import { executeOperation } from '../execute-operation';
import { failures, OperationFailure } from '../../api/failures';
import { verbs } from '../index';
import { keyedOperationId } from '../ledger/operation-id';
import { describeExecution } from '../temporal/executions';
import { noopTelemetry } from '../telemetry';
import type { NamespaceClient, WorkflowExecution } from '../temporal/namespace-client';
import type { OperationDependencies } from '../verb';
import { addProgress, noProgress } from './batch';
import type { BatchItem } from './batch';

export interface ItemsOfBatch {
  operationId: string;
  actor: Actor;
  requestId?: string;
  request: BatchRequest;
  items: BatchItem[];
}

export interface Pacing {
  /** Aborted when no further item may start. */
  stop: AbortSignal;
  /** Called whenever an item has ended: items before `next` are all done. */
  onProgress: (next: number, progress: BatchProgress) => void;
  pause?: (milliseconds: number) => Promise<unknown>;
}

/** How many items are executed at the same time, at most. */
const MAX_IN_FLIGHT = 50;

/** A passing failure is waited out this often before the item counts as failed. */
const MAX_ATTEMPTS = 12;

/**
 * How long one attempt at an item owns it before it records its target run, in milliseconds. Shorter than a function's: after
 * the death of a worker the next one waits for it. The lease for the change itself is in ledger/lease.ts.
 */
const LEASE_MS: Record<BatchRequest['action'], number> = { cancel: 3_000, terminate: 3_000, reset: 15_000 };

/**
 * Does what the batch asks to each item, at the asked rate. Each is an operation of the ledger whose key is made of the
 * batch and the workflow: an item that comes again, after a crash or because two of a workflow's runs matched, is not
 * done again.
 *
 * @param from index of the first item that may still be to do
 * @returns the progress of all items that were started; when stopped, of those before the first that was not
 */
export async function executeItems(
  dependencies: OperationDependencies,
  client: NamespaceClient,
  batch: ItemsOfBatch,
  { stop, onProgress, pause = wait }: Pacing,
  from: { next: number; progress: BatchProgress } = { next: 0, progress: noProgress },
): Promise<{ next: number; progress: BatchProgress }> {
  let { next, progress } = from;
  const ended = new Map<number, BatchProgress>();
  const inFlight = new Set<Promise<void>>();
  const interval = 1000 / batch.request.ratePerSecond;
  let due = Date.now();

  /** When Temporal throttles one item, all of them slow down. */
  let notBefore = 0;
  const slowDown = (milliseconds: number) => {
    notBefore = Math.max(notBefore, Date.now() + milliseconds);
  };

  async function perform(index: number, item: BatchItem): Promise<void> {
    ended.set(index, await executeItem(dependencies, client, batch, item, slowDown, pause));
    for (let done = ended.get(next); done; done = ended.get(next)) {
      ended.delete(next);
      next += 1;
      progress = addProgress(progress, done);
    }
    onProgress(next, progress);
  }

  for (let index = next; index < batch.items.length && !stop.aborted; index += 1) {
    const item = batch.items[index];
    if (!item) break;
    const early = Math.max(due, notBefore) - Date.now();
    if (early > 0) await pause(early);
    due = Math.max(due + interval, Date.now() - interval);
    const performing = perform(index, item);
    inFlight.add(performing);
    void performing.finally(() => inFlight.delete(performing));
    if (inFlight.size >= MAX_IN_FLIGHT) await Promise.race(inFlight);
  }
  await Promise.all(inFlight);
  return { next, progress };
}

async function executeItem(
  dependencies: OperationDependencies,
  client: NamespaceClient,
  batch: ItemsOfBatch,
  item: BatchItem,
  slowDown: (milliseconds: number) => void,
  pause: (milliseconds: number) => Promise<unknown>,
): Promise<BatchProgress> {
  const { telemetry = noopTelemetry } = dependencies;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const act = () => executeOn(dependencies, client, batch, item);
      const outcome = await telemetry.withSpan(`batch ${batch.request.action}`, act);
      if (outcome === undefined) return { ...noProgress, skipped: 1 };
      return { ...noProgress, done: 1, outcomes: { [outcome]: 1 } };
    } catch (error) {
      const kind = error instanceof OperationFailure ? error.kind : 'internal';
      if (failures[kind].retry !== 'soon' || attempt === MAX_ATTEMPTS)
        return { ...noProgress, done: 1, failed: { [kind]: 1 } };
      const seconds = error instanceof OperationFailure ? (error.details.retryAfterSeconds ?? 2) : 2;
      if (kind === 'throttled') slowDown(seconds * 1000);
      await pause(seconds * 1000);
    }
  }
}

/** @returns the operation's outcome, or nothing when the run is skipped */
async function executeOn(
  dependencies: OperationDependencies,
  client: NamespaceClient,
  { operationId: batchOperationId, actor, requestId, request: { action, reason, target } }: ItemsOfBatch,
  { workflowId, runId }: BatchItem,
): Promise<string | undefined> {
  const { ledger } = dependencies;
  const idempotencyKey = ['batch', batchOperationId, workflowId].join('\n');
  // Only open workflows are cancelled and terminated: there the run that matched is the latest. A reset's query matches
  // closed runs too, and resetting an old one terminates the live one.
  if (
    action === 'reset' &&
    runId !== undefined &&
    (await isOldRun(ledger, client, { workflowId, runId }, idempotencyKey))
  )
    return undefined;
  // Without a run id in the request the workflow is meant: what continues the run that matched is asked as well.
  const request = action === 'reset' ? { workflowId, runId, reason, target } : { workflowId, reason };
  const { record } = await executeOperation({ ...dependencies, leaseMs: LEASE_MS[action] }, client, verbs[action], {
    actor,
    request,
    idempotencyKey,
    requestId,
    batchOperationId,
    runId: action === 'reset' ? undefined : runId,
  });
  return record.outcome;
}

/** Whether the workflow has a later run, and this one is not the one that an earlier attempt at the item was about. */
async function isOldRun(
  ledger: OperationDependencies['ledger'],
  client: NamespaceClient,
  { workflowId, runId }: Required<BatchItem>,
  idempotencyKey: string,
): Promise<boolean> {
  if ((await describeExecution(client, { workflowId })).runId === runId) return false;
  const earlier = await ledger.find(keyedOperationId(client.namespace, idempotencyKey));
  return earlier === undefined || (earlier.request as WorkflowExecution).runId !== runId;
}
