import type { NamespaceConnection } from '../operations/temporal/namespace-connection';
import { configuredNamespaces, EnvironmentError, EnvironmentVariable, requiredVariable } from '../aws/environment';
import { defaultHealthPort, defaultTaskQueue } from './config';

/** Settings of a worker process. */
export interface WorkerSettings {
  /** The Temporal namespace, as in `prod.a1b2c`. */
  namespace: string;
  connection: NamespaceConnection;
  taskQueue: string;
  /** Port of `GET /ready`. */
  healthPort: number;
  /** Port of `GET /metrics` for Prometheus. Default: no metrics server. */
  metricsPort?: number;
  /** The worker's deployment version. Default: no worker versioning. */
  version?: { deploymentName: string; buildId: string };
}

const refused = (name: string, what: string) => new EnvironmentError(`environment variable ${name} ${what}`);

/**
 * Reads the worker's settings from the environment.
 * @throws {EnvironmentError} names the missing or invalid variable
 */
export function workerSettings(environment: Record<string, string | undefined> = process.env): WorkerSettings {
  const optional = (name: string) => environment[name] || undefined;

  const namespace = requiredVariable(EnvironmentVariable.workerNamespace, environment);
  const namespaces = configuredNamespaces(environment);
  const connection = namespaces.get(namespace);
  if (!connection) {
    const known = [...namespaces.keys()].join(', ');
    throw refused(
      EnvironmentVariable.workerNamespace,
      `is "${namespace}", which ${EnvironmentVariable.namespaces} does not have; it has ${known || 'none'}`,
    );
  }
  for (const key of ['address', 'secretArn'] as const) {
    if (typeof connection[key] !== 'string' || connection[key] === '') {
      throw refused(EnvironmentVariable.namespaces, `has no "${key}" for namespace ${namespace}`);
    }
  }

  const port = (name: string): number | undefined => {
    const text = optional(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (!Number.isInteger(value) || value < 1 || value > 65_535)
      throw refused(name, `is "${text}"; a port is 1 to 65535`);
    return value;
  };
  const [deploymentName, buildId] = [
    optional(EnvironmentVariable.deploymentName),
    optional(EnvironmentVariable.buildId),
  ];
  if (buildId && !deploymentName) {
    throw refused(EnvironmentVariable.deploymentName, `is not set, but ${EnvironmentVariable.buildId} is`);
  }

  return {
    namespace,
    connection,
    taskQueue: optional(EnvironmentVariable.taskQueue) ?? defaultTaskQueue,
    healthPort: port(EnvironmentVariable.healthPort) ?? defaultHealthPort,
    metricsPort: port(EnvironmentVariable.metricsPort),
    version: buildId && deploymentName ? { deploymentName, buildId } : undefined,
  };
}
