/**
 * What a caller has to be allowed to do to use a route. IAM policies are made for these: a person on call may be
 * given `read` and `cancel`, a deploy pipeline `reset`.
 */
export type Access = 'read' | 'cancel' | 'terminate' | 'reset' | 'batch';

export interface Route {
  method: 'GET' | 'POST';
  /** Below {@link NAMESPACE_PATH}, with no slash at its start. */
  path: string;
  /** Folder below functions/ of the function that answers. */
  function: string;
  access: Access;
}

/** Every route is below this: so that IAM can allow each verb on each namespace. */
export const NAMESPACE_PATH = 'namespaces/{namespace}';

/** Every route of the HTTP API, by its operation id in docs/openapi.json. The one place where a route is declared. */
export const routes = {
  describeWorkflow: { method: 'GET', path: 'workflows/describe', function: 'describe', access: 'read' },
  listResetPoints: { method: 'GET', path: 'workflows/reset-points', function: 'reset-points', access: 'read' },
  cancelWorkflow: { method: 'POST', path: 'workflows/cancel', function: 'cancel', access: 'cancel' },
  terminateWorkflow: { method: 'POST', path: 'workflows/terminate', function: 'terminate', access: 'terminate' },
  resetWorkflow: { method: 'POST', path: 'workflows/reset', function: 'reset', access: 'reset' },
  listOperations: { method: 'GET', path: 'operations', function: 'list-operations', access: 'read' },
  getOperation: { method: 'GET', path: 'operations/{operationId}', function: 'get-operation', access: 'read' },
  startBatchOperation: {
    method: 'POST',
    path: 'batch-operations',
    function: 'start-batch-operation',
    access: 'batch',
  },
  getBatchOperation: {
    method: 'GET',
    path: 'batch-operations/{operationId}',
    function: 'get-batch-operation',
    access: 'read',
  },
  listBatchItems: {
    method: 'GET',
    path: 'batch-operations/{operationId}/items',
    function: 'list-batch-items',
    access: 'read',
  },
  cancelBatchOperation: {
    method: 'POST',
    path: 'batch-operations/{operationId}/cancel',
    function: 'cancel-batch-operation',
    access: 'batch',
  },
  retryBatchOperation: {
    method: 'POST',
    path: 'batch-operations/{operationId}/retry',
    function: 'retry-batch-operation',
    access: 'batch',
  },
} as const satisfies Record<string, Route>;
