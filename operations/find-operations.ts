import { DEFAULT_RANGE_DAYS } from '../api/operations';
import type { ListOperationsRequest, Operation, OperationsPage } from '../api/operations';
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

/** Lists the matching operations, newest first. Without `workflowId` and `since`, covers `DEFAULT_RANGE_DAYS` before `until`. */
export async function listOperations(
  ledger: Ledger,
  namespace: string,
  { pageSize: size, pageToken: token, state, ...search }: ListOperationsRequest,
): Promise<OperationsPage> {
  const { workflowId, until } = search;
  const end = until === undefined ? Date.now() : Date.parse(until);
  const defaultSince =
    workflowId === undefined ? new Date(end - DEFAULT_RANGE_DAYS * 86_400_000).toISOString() : undefined;
  const { operations, nextPageToken } = await ledger.search(
    namespace,
    { ...search, states: state && [state] },
    { size, token, defaultSince },
  );
  return { namespace, operations: operations.map(toResource), nextPageToken };
}

export function toResource(record: OperationRecord): Operation {
  const {
    fingerprint: _1,
    owner: _2,
    leaseUntil: _3,
    mayExecuteUntil: _4,
    version: _5,
    batchPosition: _6,
    askedAt: _7,
    stopRequestedBy: _8,
    suspensionChanges: _9,
    ...shown
  } = record;
  // The compiler refuses this if a record has a field that the schema of the response does not have.
  const documented: Exclude<keyof typeof shown, keyof Operation> extends never ? object : never = shown;
  // The record types requests and answers as `object`. Their actual types are those of the verb's schemas.
  return documented as Operation;
}
