import { openConnection } from '../operations/temporal/connection';
import type { Connection } from '../operations/temporal/connection';
import { configuredNamespaces, EnvironmentError, EnvironmentVariable, requiredVariable } from './environment';
import { secretsManagerReader } from './secrets-manager';

/** The namespace that the worker polls, for the worker stack's functions. */
export interface WorkerNamespace {
  namespace: string;
  /** Uses a new connection for each invocation: an old one may have been dropped while the process was frozen. */
  withConnection: <T>(call: (connection: Connection) => Promise<T>) => Promise<T>;
}

/** @throws {EnvironmentError} when the environment has no such namespace */
export function workerNamespace(): WorkerNamespace {
  const namespace = requiredVariable(EnvironmentVariable.workerNamespace);
  const connection = configuredNamespaces().get(namespace);
  if (!connection) throw new EnvironmentError(`${EnvironmentVariable.namespaces} has no "${namespace}"`);
  const readSecret = secretsManagerReader();
  return {
    namespace,
    withConnection: async (call) => {
      const opened = await openConnection(connection, readSecret);
      try {
        return await call(opened);
      } finally {
        await opened.close();
      }
    },
  };
}
