import type { Ledger } from '../../operations/ledger/ledger';

/**
 * The ledger of a function that dies in this call: the call never returns, so nothing that comes after it happens.
 * `died` settles when the call was made.
 */
export function dyingIn(ledger: Ledger, call: keyof Ledger): { ledger: Ledger; died: Promise<void> } {
  let die = () => {};
  const died = new Promise<void>((resolve) => {
    die = resolve;
  });
  return { ledger: withCall(ledger, call, () => new Promise(() => die())), died };
}

/** The ledger, but with one of its calls replaced. */
export function withCall(ledger: Ledger, call: keyof Ledger, replacement: () => Promise<never>): Ledger {
  return new Proxy(ledger, {
    get(target, name) {
      if (name === call) return replacement;
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}
