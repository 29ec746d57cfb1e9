import { getBatchOperation } from '../../api/batch-operations';
import { getBatch } from '../../operations/batch/follow';
import type { Ledger } from '../../operations/ledger/ledger';
import { readHandler } from '../http/http-handler';
import type { HttpDependencies } from '../http/http-handler';

export const createHandler = (dependencies: HttpDependencies & { ledger: Ledger }) =>
  readHandler(dependencies, getBatchOperation, async ({ namespace, operationId, deadline }) =>
    getBatch(dependencies.ledger, await namespace.connect(deadline), operationId),
  );
