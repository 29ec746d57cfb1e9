import { listBatchItems as route } from '../../api/batch-operations';
import { listBatchItems } from '../../operations/batch/follow';
import type { LedgerDependencies } from '../http/dependencies';
import { readHandler } from '../http/http-handler';

export const createHandler = (dependencies: LedgerDependencies) =>
  readHandler(dependencies, route, ({ namespace, operationId, input: { outcome, pageSize: size, pageToken: token } }) =>
    listBatchItems(dependencies.ledger, namespace.name, operationId, { outcome, size, token }),
  );
