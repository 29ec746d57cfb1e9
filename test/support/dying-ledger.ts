import type { Ledger } from '../../operations/ledger/ledger';
import { withCall } from './with-call';

/**
 * The ledger of a function that dies in this call: the call never returns, so nothing that comes after it happens.
 * `died` settles when the call was made.
 */
export function dyingIn(ledger: Ledger, call: keyof Ledger): { ledger: Ledger; died: Promise<void> } {
  let die = () => {};
  const died = new Promise<void>((resolve) => {
    die = resolve;
  });
  return { ledger: withCall(ledger, call, () => new Promise<never>(() => die())), died };
}
