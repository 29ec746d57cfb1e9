import { randomInt, randomUUID } from 'node:crypto';
import { OperationFailure } from '../../api/failures';
import type { Ledger } from './ledger';

/** Slots to try before a request is refused. A few tries find a free slot, unless nearly all are taken. */
const TRIES = 6;

const RETRY_AFTER_SECONDS = 5;

/**
 * Acquires a slot for a request that waits for a workflow. Such a request occupies a concurrent Lambda execution, of which an
 * account has a limited number. The slots reserve the rest for events and for requests that do not wait. They are locks in
 * the ledger, so the slot of a crashed function expires.
 *
 * @param until when the request ends at the latest, in milliseconds since the epoch
 * @returns a function that releases the slot
 * @throws {OperationFailure} `too-many-waiting` when no slot is free; `ledger-unavailable`
 */
export async function takeWaitSlot(
  ledger: Pick<Ledger, 'acquireLock' | 'clockOffsetMs'>,
  slots: number,
  until: number,
): Promise<() => Promise<void>> {
  const operationId = randomUUID();
  const now = () => Date.now() + ledger.clockOffsetMs;
  const first = slots > 0 ? randomInt(slots) : 0;
  for (let tried = 0; tried < Math.min(TRIES, slots); tried += 1) {
    const name = `wait ${(first + tried * stride(slots)) % slots}`;
    const holder = await ledger.acquireLock(name, { operationId, until: until + ledger.clockOffsetMs }, now());
    if (holder) continue;
    return async () => {
      // If this fails, the lock expires at `until`.
      await ledger.acquireLock(name, { operationId, until: 0 }, now()).catch(() => {});
    };
  }
  throw new OperationFailure(
    'too-many-waiting',
    'Too many requests wait for a workflow. Nothing was done; try again later, or without waitSeconds.',
    { retryAfterSeconds: RETRY_AFTER_SECONDS },
  );
}

/** Spreads the tries over all slots, without trying one twice. */
const stride = (slots: number) => Math.max(1, Math.floor(slots / TRIES));
