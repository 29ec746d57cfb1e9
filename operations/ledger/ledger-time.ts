import type { OperationDependencies } from '../verb';

/** Returns the time by the ledger's clock, which all machines share, in milliseconds since the epoch; see `clockOffsetMs`. */
export function ledgerTime({ ledger, now = Date.now }: Pick<OperationDependencies, 'ledger' | 'now'>): number {
  return now() + ledger.clockOffsetMs;
}
