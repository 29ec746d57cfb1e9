import type { BatchAction, BatchProgress } from '../../api/batch-operation';
import type { BatchRequest } from '../../api/batch-operations';
import type { ResetRequest } from '../../api/reset';
import { executeOperation } from '../execute-operation';
import { failureKind, failures, OperationFailure } from '../../api/failures';
import { verbs } from '../index';
import type { OperationRecord } from '../ledger/ledger';
import { describeExecution } from '../temporal/executions';
import { noopTelemetry } from '../telemetry';
import { epochMilliseconds } from '../temporal/time';
import type { NamespaceClient, WorkflowExecution } from '../temporal/namespace-client';
import type { ChangeRequest, OperationDependencies } from '../verb';
import { addProgress, countFailures, noProgress } from './batch';
import type { BatchInput, BatchItem } from './batch';
import { itemKey, itemOperationId } from './item-id';
import { failedItem } from './item-records';
import { rollbackReset } from './rollback';
import { stopGuard, waitUnless } from './stop';
import type { Pause, Permission } from './stop';

/** A page of a batch operation's items. */
export interface ItemsOfBatch extends Pick<
  BatchInput,
  'operationId' | 'actor' | 'requestId' | 'request' | 'askedAt' | 'listedAt'
> {
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
export function executeItems(
  dependencies: OperationDependencies,
  client: NamespaceClient,
  batch: ItemsOfBatch,
  pacing: Pacing,
  from: { next: number; progress: BatchProgress } = { next: 0, progress: noProgress },
): Promise<{ next: number; progress: BatchProgress; suspended: boolean; tooManyFailures?: string }> {
  return new ItemsExecution(dependencies, client, batch, pacing, from).run();
}

/** An item with its position in the batch operation. */
type PositionedItem = BatchItem & { position?: number };

/** Progress of an item whose workflow was handled at another position, where it is counted. */
const countedElsewhere = noProgress;

class ItemsExecution {
  private next: number;
  private progress: BatchProgress;
  private suspended = false;
  private tooManyFailures: string | undefined;
  /** Workflows of the batch operation that are done or in flight. */
  private begun: number;
  private readonly inFlight = new Set<Promise<void>>();
  /** Progress of the items that ended while an item before them is in flight, by index. */
  private readonly ended = new Map<number, BatchProgress>();
  /** When the next item may start at the requested rate, and while Temporal throttles. In milliseconds since the epoch. */
  private due = Date.now();
  private notBefore = 0;
  private readonly permission: () => Promise<Permission>;

  constructor(
    private readonly dependencies: OperationDependencies,
    private readonly client: NamespaceClient,
    private readonly batch: ItemsOfBatch,
    private readonly pacing: Pacing,
    from: { next: number; progress: BatchProgress },
  ) {
    this.next = from.next;
    this.progress = from.progress;
    this.begun = (batch.before ?? noProgress).done + from.progress.done;
    this.permission = stopGuard(dependencies.ledger, batch.operationId, pacing.stop, pacing.pause);
  }

  async run() {
    for (const [index, item] of [...this.batch.items.entries()].slice(this.next)) {
      await this.untilDue();
      await this.checkMaximum(item);
      if ((await this.mayProceed()) !== 'proceed' || this.tooManyFailures !== undefined) break;
      const interval = 1000 / this.batch.request.ratePerSecond;
      this.due = Math.max(this.due + interval, Date.now() - interval);
      const performing = this.perform(index, item);
      this.inFlight.add(performing);
      void performing.finally(() => this.inFlight.delete(performing));
      if (this.inFlight.size >= MAX_IN_FLIGHT) await Promise.race(this.inFlight);
    }
    await Promise.all(this.inFlight);
    const { next, progress, suspended, tooManyFailures } = this;
    return { next, progress, suspended, tooManyFailures };
  }

  private async untilDue(): Promise<void> {
    const early = Math.max(this.due, this.notBefore) - Date.now();
    if (early > 0) await this.pause(Math.min(early, MAX_TIMER_MS));
  }

  private pause(milliseconds: number): Promise<unknown> {
    const { pause = waitUnless, stop } = this.pacing;
    return pause(milliseconds, stop);
  }

  private async mayProceed(): Promise<Permission> {
    const permitted = await this.permission();
    if (permitted === 'suspended') this.suspended = true;
    return permitted;
  }

  /** Stops before the item if it would be one workflow more than `maxWorkflows`. Items in flight may turn out not to count. */
  private async checkMaximum(item: BatchItem): Promise<void> {
    const maximum = maximumOf(this.batch.request);
    if (this.begun < maximum) return;
    await Promise.all(this.inFlight);
    const isExceeded = this.begun >= maximum && (await this.isAnother(item));
    if (isExceeded) this.tooManyFailures ??= maximumExceeded(this.batch.request);
  }

  private async perform(index: number, item: BatchItem): Promise<void> {
    const { firstPosition } = this.batch;
    this.begun += 1;
    const position = firstPosition === undefined ? undefined : firstPosition + index;
    const itemProgress = await this.executeItem({ ...item, position });
    if (!itemProgress) return;
    this.begun -= 1 - itemProgress.done;
    this.ended.set(index, itemProgress);
    for (let done = this.ended.get(this.next); done; done = this.ended.get(this.next)) {
      this.ended.delete(this.next);
      this.next += 1;
      this.progress = addProgress(this.progress, done);
    }
    this.pacing.onProgress(this.next, this.progress);
    this.tooManyFailures ??= failureRateExceeded(this.batch, this.progress);
  }

  /** @returns undefined for an item to retry when the batch operation is resumed */
  private async executeItem(item: PositionedItem): Promise<BatchProgress | undefined> {
    const { telemetry = noopTelemetry } = this.dependencies;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await telemetry.withSpan(`batch ${this.batch.request.action}`, () => this.executeOn(item));
      } catch (error) {
        const kind = failureKind(error);
        const failed = failedItem(item, kind, (error as Error).message);
        if (failures[kind].retry !== 'soon' || attempt === MAX_ATTEMPTS) {
          return (await this.isCountedElsewhere(item)) ? countedElsewhere : failed;
        }
        const seconds = error instanceof OperationFailure ? (error.details.retryAfterSeconds ?? 2) : 2;
        if (kind === 'throttled') this.notBefore = Math.max(this.notBefore, Date.now() + seconds * 1000);
        await this.pause(seconds * 1000);
        const permitted = await this.mayProceed();
        if (permitted === 'suspended') return undefined;
        if (permitted === 'stop') return failed;
      }
    }
  }

  private async executeOn({ position: batchPosition, ...item }: PositionedItem): Promise<BatchProgress> {
    const { operationId: batchOperationId, actor, requestId, request, webUiUrl, listedAt } = this.batch;
    const { workflowId, runId } = item;
    // The other actions match only open runs, which are the latest of their workflow. A reset also matches closed runs, and the
    // reset of an older run would terminate the live run.
    const isResetOfRun = request.action === 'reset' && runId !== undefined;
    const place = isResetOfRun ? await this.placeInWorkflow({ workflowId, runId }) : 'latest';
    if (place === 'old') return { ...noProgress, skipped: 1 };
    const dependencies = { ...this.dependencies, leaseMs: LEASE_MS[request.action] };
    const { record } = await executeOperation(dependencies, this.client, verbs[request.action], {
      actor,
      request: await this.requestFor(item, place),
      idempotencyKey: itemKey(batchOperationId, workflowId),
      requestId,
      batchOperationId,
      batchPosition,
      webUiUrl,
      runId: request.action === 'reset' ? undefined : runId,
      askedAt: this.batch.askedAt ?? item.askedAt ?? (runId === undefined ? listedAt : undefined),
    });
    if (differs(record.batchPosition, batchPosition)) return countedElsewhere;
    const { outcome = record.state } = record;
    return { ...noProgress, done: 1, outcomes: { [outcome]: 1 } };
  }

  private async requestFor(item: BatchItem, place: Place): Promise<ChangeRequest> {
    const rollback = await rollbackReset(this.client, this.batch.request, item);
    if (rollback) return rollback;
    return { ...itemRequest(this.batch.request, item), ...(place === 'overtaken' && { ifCurrentRunId: item.runId }) };
  }

  /**
   * Whether the workflow was handled as another item: a query can match several runs of a workflow, and visibility can list a
   * run twice when it closes during the listing.
   */
  private async isCountedElsewhere(item: PositionedItem): Promise<boolean> {
    const record = await this.recordOf(item).catch(() => undefined);
    return differs(record?.batchPosition, item.position);
  }

  /** Whether the item would change a workflow that the batch operation has not changed yet. */
  private async isAnother({ workflowId, runId }: BatchItem): Promise<boolean> {
    if (await this.recordOf({ workflowId })) return false;
    if (this.batch.request.action !== 'reset' || runId === undefined) return true;
    return (await this.placeInWorkflow({ workflowId, runId })) !== 'old';
  }

  private recordOf({ workflowId }: BatchItem): Promise<OperationRecord | undefined> {
    const id = itemOperationId(this.client.namespace, this.batch.operationId, workflowId);
    return this.dependencies.ledger.find(id);
  }

  private async placeInWorkflow({ workflowId, runId }: Required<WorkflowExecution>): Promise<Place> {
    const { items, matchedAt, request } = this.batch;
    const current = await describeExecution(this.client, { workflowId });
    if (current.runId === runId) return 'latest';
    const earlier = await this.recordOf({ workflowId });
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

/** Returns the request for an item. Only resets name the run; other actions also apply to a run that continues it. */
function itemRequest(request: BatchRequest, { workflowId, runId }: BatchItem) {
  const { action, reason, target, until, excludeReapply, versioningOverride, orphanedChildren } = request;
  const same = { workflowId, reason };
  if (action === 'pause') return { ...same, until };
  if (action === 'updateOptions') return { ...same, versioningOverride };
  if (action !== 'reset') return same;
  return { workflowId, runId, reason, target, excludeReapply, versioningOverride, orphanedChildren };
}

function differs(recorded: number | undefined, position: number | undefined): boolean {
  return recorded !== undefined && position !== undefined && recorded !== position;
}

/** Later passes of a rollback change what has reached the bad build since. */
const maximumOf = ({ rollback, maxWorkflows }: BatchRequest): number => (rollback ? Infinity : maxWorkflows);

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
