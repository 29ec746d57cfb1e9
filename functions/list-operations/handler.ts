import { listOperations as route } from '../../api/operations';
import { listOperations } from '../../operations/find-operations';
import type { LedgerDependencies } from '../http/dependencies';
import { readHandler } from '../http/http-handler';

export const createHandler = (dependencies: LedgerDependencies) =>
  readHandler(dependencies, route, ({ namespace, input }) =>
    listOperations(dependencies.ledger, namespace.name, input),
  );
