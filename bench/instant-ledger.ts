import type { Ledger } from '../operations/ledger';

const unasked = () => Promise.reject(new Error('no request of a benchmark asks the ledger for this'));

/** A ledger that takes every operation as new and takes no time: what is measured with it is all the rest. */
export const instantLedger: Ledger = {
  clockAheadMs: 0,
  begin: () => Promise.resolve(undefined),
  pin: () => Promise.resolve(true),
  end: () => Promise.resolve(),
  amend: () => Promise.resolve(),
  takeOver: unasked,
  find: unasked,
  list: unasked,
  listItems: unasked,
  noteBatch: unasked,
  listDue: unasked,
  listUnsettled: unasked,
};
