import { openConnection } from '../operations/temporal/connection';
import type { Connection } from '../operations/temporal/connection';
import { configuredNamespaces, EnvironmentError, EnvironmentVariable, requiredVariable } from './environment';
import { secretsManagerReader } from './secrets-manager';

/** The namespace that the worker polls, for the functions of the worker stack. */
export interface WorkerNamespace {
  namespace: string;
  /** Opens a connection for the call and closes it afterwards: a kept one may have been dropped while Lambda froze the process. */
  withConnection: <T>(call: (connection: Connection) => Promise<T>) => Promise<T>;
}

/** @throws {EnvironmentError} when the environment does not configure the worker's namespace */
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
