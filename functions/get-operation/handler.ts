import { getOperation } from '../../operations/find-operations';
import { httpFunction, pathParameter } from '../http/http-function';
import type { LedgerFunctionDependencies } from '../http/ledger-function';
import { getOperationRequest } from './request';

/** `GET …/operations/{operationId}` */
export const createHandler = (dependencies: LedgerFunctionDependencies) =>
  httpFunction(dependencies, getOperationRequest, async ({ namespace, event }) => ({
    status: 200,
    body: await getOperation(dependencies.ledger, namespace.name, pathParameter(event, 'operationId')),
  }));
