import { getOperation as route } from '../../api/operations';
import { getOperation } from '../../operations/find-operations';
import type { LedgerDependencies } from '../http/dependencies';
import { readHandler } from '../http/http-handler';

export const createHandler = (dependencies: LedgerDependencies) =>
  readHandler(dependencies, route, ({ namespace, operationId }) =>
    getOperation(dependencies.ledger, namespace.name, operationId),
  );
