import type { Ledger } from '../operations/ledger/ledger';

const unused = () => Promise.reject(new Error('no benchmark uses this method of the ledger'));

/** A ledger that takes every operation as new and takes no time, so that everything else is measured. */
export const instantLedger: Ledger = {
  clockOffsetMs: 0,
  createIfAbsent: () => Promise.resolve(undefined),
  recordTargetRun: (record, runId, lease) => Promise.resolve({ ...record, runId, ...lease }),
  complete: (record, result) => Promise.resolve({ ...record, ...result }),
  update: (record, changes) => Promise.resolve({ ...record, ...changes }),
  acquireLock: () => Promise.resolve(undefined),
  takeOver: unused,
  postpone: unused,
  find: unused,
  findAll: unused,
  search: unused,
  updateBatch: unused,
  requestBatchStop: unused,
  setBatchSuspended: unused,
  storeListPage: unused,
  findListPage: unused,
  due: () => {
    throw new Error('no benchmark uses this method of the ledger');
  },
  listUnsettled: unused,
};
