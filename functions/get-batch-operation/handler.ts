import { getBatch } from '../../operations/batch/follow';
import { getOperationRequest } from '../get-operation/request';
import { httpFunction, pathParameter } from '../http/http-function';
import type { HttpFunctionDependencies } from '../http/http-function';
import type { Ledger } from '../../operations/ledger/ledger';

/** `GET …/batch-operations/{operationId}` */
export const createHandler = (dependencies: HttpFunctionDependencies & { ledger: Ledger }) =>
  httpFunction(dependencies, getOperationRequest, async ({ namespace, event, until }) => ({
    status: 200,
    body: await getBatch(dependencies.ledger, await namespace.connect(until), pathParameter(event, 'operationId')),
  }));
