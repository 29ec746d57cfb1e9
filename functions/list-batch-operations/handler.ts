import { listBatchOperations as route } from '../../api/batch-operations';
import { listBatches } from '../../operations/batch/follow';
import type { LedgerDependencies } from '../http/dependencies';
import { readHandler } from '../http/http-handler';

export const createHandler = (dependencies: LedgerDependencies) =>
  readHandler(dependencies, route, ({ namespace, input: { state, pageSize: size, pageToken: token } }) =>
    listBatches(dependencies.ledger, namespace.name, state, { size, token }),
  );
