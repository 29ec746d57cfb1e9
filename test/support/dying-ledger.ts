import type { Ledger } from '../../operations/ledger/ledger';
import { withCall } from './with-call';

/** Ends the calls of functions that died, once the tests of a file are over: a timer of theirs keeps the process alive. */
const ends: (() => void)[] = [];
if (typeof afterAll === 'function') afterAll(() => ends.forEach((end) => end()));

/**
 * The ledger of a function that dies in this call: the call does not return, so nothing that comes after it happens.
 * `died` settles when the call was made.
 */
export function dyingIn(ledger: Ledger, call: keyof Ledger): { ledger: Ledger; died: Promise<void> } {
  let die = () => {};
  const died = new Promise<void>((resolve) => {
    die = resolve;
  });
  const hang = () => {
    die();
    return untilTheEnd();
  };
  return { ledger: withCall(ledger, call, hang), died };
}

/** Does not return while the tests of this file run, and then fails. */
export function untilTheEnd(): Promise<never> {
  return new Promise<never>((_, reject) => {
    ends.push(() => reject(new Error('the function has died')));
  });
}
