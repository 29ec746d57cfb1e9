import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { NamespaceConnection } from '../operations/temporal/namespace-connection';
import type { Triggers } from '../operations/trigger';

/** The environment variables of Rewind's processes: lib/ sets them, and functions/ and worker/ read them. */
export const EnvironmentVariable = {
  /** Name of the control stack: the dimension `stack` of all metrics. */
  stack: 'REWIND_STACK',
  /** JSON: `{ [namespace]: { address, secretArn, tlsServerName?, webUiUrl? } }`, see {@link NamespaceConnection}. */
  namespaces: 'REWIND_NAMESPACES',
  /** Name of the DynamoDB table that is the operation ledger. */
  ledgerTable: 'REWIND_LEDGER_TABLE',
  /** How long the ledger keeps a record, in days. */
  ledgerRetentionDays: 'REWIND_LEDGER_RETENTION_DAYS',
  /** JSON: `{ [name]: Trigger }`, for triggers with values that are known at deployment only. */
  triggers: 'REWIND_TRIGGERS',
  /** URL of the queue with the events that triggers accept. */
  eventQueueUrl: 'REWIND_EVENT_QUEUE_URL',
  /** How long an event is tried again that can succeed later, in seconds. */
  eventRetrySeconds: 'REWIND_EVENT_RETRY_SECONDS',
  /** How long the ledger keeps a rejected event, in days. */
  rejectedEventRetentionDays: 'REWIND_REJECTED_EVENT_RETENTION_DAYS',
  /** URL of the queue for what cannot be recorded as a rejected event. */
  deadLetterQueueUrl: 'REWIND_DEAD_LETTER_QUEUE_URL',
  /** How many requests may wait for a workflow at once. */
  maxWaiting: 'REWIND_MAX_WAITING',
  /** Name of the event bus for Rewind's own events. */
  eventBus: 'REWIND_EVENT_BUS',
  /** Worker only: which of those namespaces it polls. */
  workerNamespace: 'REWIND_WORKER_NAMESPACE',
  /** The task queue that the worker polls, and on which batch operations are started. */
  taskQueue: 'REWIND_TASK_QUEUE',
  /** Worker only: port of `GET /ready` on the loopback interface, 8080 when not set. */
  healthPort: 'REWIND_HEALTH_PORT',
  /** Worker only: port of Prometheus' `GET /metrics`; no metrics server without it. */
  metricsPort: 'REWIND_METRICS_PORT',
  /** Worker only: name of the Temporal worker deployment it belongs to; goes with the build id. */
  deploymentName: 'REWIND_DEPLOYMENT_NAME',
  /** Worker only: the image's build id. Worker versioning is on when it is set. */
  buildId: 'REWIND_BUILD_ID',
} as const;

type Environment = Record<string, string | undefined>;

/** The process cannot start; the message names the environment variable at fault. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

/** @throws {EnvironmentError} when the variable is missing or empty */
export function requiredVariable(name: string, environment: Environment = process.env): string {
  const value = environment[name];
  if (value === undefined || value === '') throw new EnvironmentError(`environment variable ${name} is not set`);
  return value;
}

/** @throws {EnvironmentError} when the variable is missing or is no number */
export function requiredNumber(name: string, environment: Environment = process.env): number {
  const value = Number(requiredVariable(name, environment));
  if (Number.isFinite(value)) return value;
  throw new EnvironmentError(`environment variable ${name} is not a number`);
}

/**
 * File beside a function's bundle with the configuration that is known at synthesis: Lambda allows 4 KB for all variables,
 * which have the rest.
 */
export const CONFIGURATION_FILE = 'configuration.json';

/** What a function reads of the deployment's configuration. */
export interface FunctionConfiguration {
  namespaces?: Record<string, NamespaceConnection>;
  triggers?: Triggers;
}

/**
 * The namespaces this process may work on, by name: those of the file, and those of the variable.
 * @param folder of the file, where there is one
 * @throws {EnvironmentError} when both are missing, or the variable is not JSON
 */
export function configuredNamespaces(
  environment: Environment = process.env,
  folder = __dirname,
): Map<string, NamespaceConnection> {
  const { namespaces: inFile } = configurationFile(folder);
  if (!inFile) requiredVariable(EnvironmentVariable.namespaces, environment);
  return new Map(Object.entries({ ...inFile, ...objectIn(EnvironmentVariable.namespaces, environment) }));
}

/**
 * The configured triggers, by name: those of the file, and those of the variable.
 * @param folder of the file, where there is one
 * @throws {EnvironmentError} when the variable is not JSON
 */
export function configuredTriggers(environment: Environment = process.env, folder = __dirname): Triggers {
  return { ...configurationFile(folder).triggers, ...objectIn(EnvironmentVariable.triggers, environment) };
}

function configurationFile(folder: string): FunctionConfiguration {
  const file = path.join(folder, CONFIGURATION_FILE);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as FunctionConfiguration) : {};
}

/** The JSON object in a variable; nothing without the variable. */
function objectIn(variable: string, environment: Environment): object {
  try {
    return JSON.parse(environment[variable] || '{}') as object;
  } catch {
    throw new EnvironmentError(`environment variable ${variable} is not a JSON object`);
  }
}
