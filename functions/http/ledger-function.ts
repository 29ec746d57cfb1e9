import type { Ledger } from '../../operations/ledger/ledger';
import type { HttpFunctionDependencies } from './http-function';

/** What the HTTP functions that only read the ledger are given. They know namespaces by name alone. */
export interface LedgerFunctionDependencies extends HttpFunctionDependencies<{ name: string }> {
  ledger: Ledger;
}
