import type { BatchEngineName } from '../../api/batch-operation';
import type { BatchRequest } from '../../api/batch-operations';
import type { NamespaceClient } from '../temporal/namespace-client';
import type { BatchEngine } from './engine';
import { serverEngine } from './server-engine';
import { workerEngine } from './worker-engine';

const engines: Record<BatchEngineName, (client: NamespaceClient) => BatchEngine> = {
  worker: workerEngine,
  server: serverEngine,
};

/** Returns the engine that the request names. Default: the worker. */
export function engineOf(client: NamespaceClient, { engine = 'worker' }: BatchRequest): BatchEngine {
  return engines[engine](client);
}
