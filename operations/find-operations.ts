import type { Operation, OperationsPage } from '../api/operations';
import { OperationFailure } from '../api/failures';
import type { Ledger, OperationRecord } from './ledger/ledger';

/** @throws {OperationFailure} `operation-not-found`, also for an operation of another namespace */
export async function getOperation(ledger: Ledger, namespace: string, operationId: string): Promise<Operation> {
  const record = await ledger.find(operationId);
  if (record?.namespace === namespace) return toResource(record);
  throw new OperationFailure(
    'operation-not-found',
    `Namespace ${namespace} has no operation ${JSON.stringify(operationId)}.`,
    {
      field: 'operationId',
      value: operationId,
      allowed: 'an operationId of this namespace that the ledger still keeps',
    },
  );
}

export async function listOperations(
  ledger: Ledger,
  namespace: string,
  workflowId: string,
  page: { size: number; token?: string },
): Promise<OperationsPage> {
  const { operations, nextPageToken } = await ledger.list(namespace, workflowId, page);
  return { namespace, workflowId, operations: operations.map(toResource), nextPageToken };
}

export function toResource(record: OperationRecord): Operation {
  const {
    fingerprint: _1,
    owner: _2,
    leaseUntil: _3,
    mayExecuteUntil: _4,
    version: _5,
    batchPosition: _6,
    ...shown
  } = record;
  // The ledger keeps requests and answers of any verb as objects; each is what its verb's schema describes.
  return shown as Operation;
}
