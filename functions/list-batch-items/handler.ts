import { listBatchItems } from '../../operations/batch/follow';
import { httpFunction, pathParameter } from '../http/http-function';
import type { LedgerFunctionDependencies } from '../http/ledger-function';
import { listBatchItemsRequest } from './request';

/** `GET …/batch-operations/{operationId}/items?outcome=&pageSize=&pageToken=` */
export const createHandler = (dependencies: LedgerFunctionDependencies) =>
  httpFunction(dependencies, listBatchItemsRequest, async ({ namespace, event, input }) => {
    const page = { outcome: input.outcome, size: input.pageSize, token: input.pageToken };
    const operationId = pathParameter(event, 'operationId');
    return { status: 200, body: await listBatchItems(dependencies.ledger, namespace.name, operationId, page) };
  });
