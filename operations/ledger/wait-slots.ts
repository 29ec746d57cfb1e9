import { randomInt, randomUUID } from 'node:crypto';
import { OperationFailure } from '../../api/failures';
import type { Ledger } from './ledger';

/** How many slots are tried before a request is refused: a flood finds none free, and a few that wait find one at once. */
const TRIES = 6;

/** Seconds after which a refused request may find a slot. */
const RETRY_AFTER_SECONDS = 5;

/**
 * Takes one of the slots for requests that wait for a workflow. Each keeps an execution of a function busy, of which an account
 * has a limited number: without slots, a flood of them would leave none for requests that do not wait, and for events. The
 * slots are locks in the ledger, so a function that dies frees its slot in the end.
 *
 * @param until when the request is over, in milliseconds since the epoch
 * @returns frees the slot
 * @throws {OperationFailure} `too-many-waiting`; `ledger-unavailable`
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
      // The slot is free after its time anyway.
      await ledger.acquireLock(name, { operationId, until: 0 }, now()).catch(() => {});
    };
  }
  throw new OperationFailure(
    'too-many-waiting',
    'Too many requests wait for a workflow. Nothing was done; try again later, or without waitSeconds.',
    { retryAfterSeconds: RETRY_AFTER_SECONDS },
  );
}

/** Spreads the tries over all slots, each tried once. */
const stride = (slots: number) => Math.max(1, Math.floor(slots / TRIES));
