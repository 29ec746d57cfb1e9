import { setTimeout as wait } from 'node:timers/promises';
import type { Ledger } from '../ledger/ledger';
import type { Plan, Verb, ChangeRequest } from '../verb';

/** Oldest look into the ledger on which a workflow is begun, in milliseconds. */
const MAX_AGE_MS = 500;

/**
 * How long after a stop is recorded it is answered, in milliseconds: by then every item that was begun on an older look
 * has been begun.
 */
export const STOP_MARGIN_MS = 2 * MAX_AGE_MS;

/** How often to look while the batch operation is suspended, and after how long not to wait any longer, in milliseconds. */
const SUSPENSION_POLL_MS = 1_000;
const MAX_SUSPENSION_WAIT_MS = 10_000;

/** How long to wait for a ledger that does not answer, in milliseconds. Without it no item can be begun. */
const LEDGER_PAUSE_MS = 1_000;

/**
 * Whether a batch operation may begin another workflow, asked right before it does: not once it was asked to stop, and not
 * once it has ended, however its workflow came to run again. While it is suspended, this waits a little, and answers
 * `suspended` when that lasts: a worker is not to be kept from its end by a batch operation that does nothing.
 *
 * @param stop aborted when nothing is to be begun for another reason
 */
export function stopGuard(
  ledger: Ledger,
  operationId: string,
  stop: AbortSignal,
  pause: (milliseconds: number, stop: AbortSignal) => Promise<unknown>,
): () => Promise<Permission> {
  let lookedAt = -Infinity;
  let running = true;
  let suspendedSince: number | undefined;
  return async () => {
    while (running && !stop.aborted && performance.now() - lookedAt > MAX_AGE_MS) {
      const askedAt = performance.now();
      try {
        const record = await ledger.find(operationId);
        running = record !== undefined && record.stopRequestedAt === undefined && isRunning(record.batch?.state);
        suspendedSince = record?.suspendedAt === undefined ? undefined : (suspendedSince ?? askedAt);
        if (!running || suspendedSince === undefined) lookedAt = askedAt;
        else if (askedAt - suspendedSince < MAX_SUSPENSION_WAIT_MS) await pause(SUSPENSION_POLL_MS, stop);
        else return 'suspended';
      } catch {
        await pause(LEDGER_PAUSE_MS, stop);
      }
    }
    return running && !stop.aborted ? 'proceed' : 'stop';
  };
}

/** Whether another workflow may be begun. */
export type Permission = 'proceed' | 'stop' | 'suspended';

const isRunning = (state = 'running') => state === 'running';

/**
 * The verb that stops the workflow behind a batch operation, after the stop is in the ledger: whatever becomes of the
 * workflow's cancellation, a worker begins nothing after that.
 */
export function stoppingBatch<Request extends ChangeRequest, Answer extends object, P extends Plan>(
  ledger: Ledger,
  operationId: string,
  verb: Verb<Request, Answer, P>,
): Verb<Request, Answer, P> {
  return {
    ...verb,
    async execute(call, plan, dependencies) {
      await ledger.requestBatchStop(operationId);
      const [result] = await Promise.all([verb.execute(call, plan, dependencies), wait(STOP_MARGIN_MS)]);
      return result;
    },
  };
}
