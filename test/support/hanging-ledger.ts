import type { Ledger } from '../../operations/ledger/ledger';
import { withCall } from './with-call';

/** Reject the hanging calls after the tests of a file: their timers would keep the process alive. */
const rejects: (() => void)[] = [];
if (typeof afterAll === 'function') afterAll(() => rejects.forEach((reject) => reject()));

/**
 * A ledger whose `call` does not return, as for a function that is killed during this call.
 * `hung` resolves when the call is made.
 */
export function withHangingCall(ledger: Ledger, call: keyof Ledger): { ledger: Ledger; hung: Promise<void> } {
  let onHang = () => {};
  const hung = new Promise<void>((resolve) => {
    onHang = resolve;
  });
  const onCall = () => {
    onHang();
    return hang();
  };
  return { ledger: withCall(ledger, call, onCall), hung };
}

/** Does not return while the tests of this file run, and then rejects. */
export function hang(): Promise<never> {
  return new Promise<never>((_, reject) => {
    rejects.push(() => reject(new Error('the function was killed')));
  });
}
