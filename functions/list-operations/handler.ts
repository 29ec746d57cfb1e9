import { listOperations } from '../../operations/find-operations';
import { httpFunction } from '../http/http-function';
import type { LedgerFunctionDependencies } from '../http/ledger-function';
import { listOperationsRequest } from './request';

/** `GET …/operations?workflowId=&pageSize=&pageToken=` */
export const createHandler = (dependencies: LedgerFunctionDependencies) =>
  httpFunction(dependencies, listOperationsRequest, async ({ namespace, input }) => ({
    status: 200,
    body: await listOperations(dependencies.ledger, namespace.name, input.workflowId, {
      size: input.pageSize,
      token: input.pageToken,
    }),
  }));
