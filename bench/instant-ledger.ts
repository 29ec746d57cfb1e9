import type { Ledger } from '../operations/ledger/ledger';

const unasked = () => Promise.reject(new Error('no request of a benchmark asks the ledger for this'));

/** A ledger that takes every operation as new and takes no time: what is measured with it is all the rest. */
export const instantLedger: Ledger = {
  clockOffsetMs: 0,
  createIfAbsent: () => Promise.resolve(undefined),
  recordTargetRun: () => Promise.resolve(true),
  complete: () => Promise.resolve(),
  update: () => Promise.resolve(),
  takeOver: unasked,
  find: unasked,
  list: unasked,
  listItems: unasked,
  updateBatch: unasked,
  listDue: unasked,
  listUnsettled: unasked,
};
