import { openConnection } from '../operations/temporal/connection';
import type { Connection } from '../operations/temporal/connection';
import { configuredNamespaces, EnvironmentError, EnvironmentVariable, requiredVariable } from './environment';
import { secretsManagerReader } from './secrets-manager';

/** The namespace that the worker polls, for functions that look after the worker. */
export interface WorkerNamespace {
  namespace: string;
  /** Calls with a connection made for this call: after minutes in the freezer an old one may be dead without knowing. */
  withConnection: <T>(call: (connection: Connection) => Promise<T>) => Promise<T>;
}

/** @throws {EnvironmentError} when the environment does not say which namespace that is, or where */
export function workerNamespace(): WorkerNamespace {
  const namespace = requiredVariable(EnvironmentVariable.workerNamespace);
  const whereItIs = configuredNamespaces().get(namespace);
  if (!whereItIs) throw new EnvironmentError(`${EnvironmentVariable.namespaces} has no "${namespace}"`);
  const readSecret = secretsManagerReader();
  return {
    namespace,
    withConnection: async (call) => {
      const connection = await openConnection(whereItIs, readSecret);
      try {
        return await call(connection);
      } finally {
        await connection.close();
      }
    },
  };
}
