import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { NamespaceConnection } from '../operations/temporal/namespace-connection';
import type { Triggers } from '../operations/trigger';

/** The environment variables of the functions and the worker. lib/ sets them. */
export const EnvironmentVariable = {
  /** Name of the control stack, which is the dimension `stack` of all metrics. */
  stack: 'REWIND_STACK',
  /** JSON: `{ [namespace]: { address, secretArn, tlsServerName?, webUiUrl? } }`, see {@link NamespaceConnection}. */
  namespaces: 'REWIND_NAMESPACES',
  /** Name of the ledger's DynamoDB table. */
  ledgerTable: 'REWIND_LEDGER_TABLE',
  /** How long the ledger keeps a record, in days. */
  ledgerRetentionDays: 'REWIND_LEDGER_RETENTION_DAYS',
  /** JSON: `{ [name]: Trigger }`, for triggers with values that are only known at deployment. */
  triggers: 'REWIND_TRIGGERS',
  /** URL of the SQS queue to which triggers send events. */
  eventQueueUrl: 'REWIND_EVENT_QUEUE_URL',
  /** How long a retryable event is retried, in seconds. */
  eventRetrySeconds: 'REWIND_EVENT_RETRY_SECONDS',
  /** How long the ledger keeps a rejected event, in days. */
  rejectedEventRetentionDays: 'REWIND_REJECTED_EVENT_RETENTION_DAYS',
  /** URL of the SQS queue for messages that cannot be recorded as a rejected event. */
  deadLetterQueueUrl: 'REWIND_DEAD_LETTER_QUEUE_URL',
  /** Maximum number of concurrent requests that wait for a workflow. */
  maxWaiting: 'REWIND_MAX_WAITING',
  /** Name of the event bus for Rewind's own events. */
  eventBus: 'REWIND_EVENT_BUS',
  /** Worker only: the namespace that it polls. */
  workerNamespace: 'REWIND_WORKER_NAMESPACE',
  /** The task queue that the worker polls and that batch operations use. */
  taskQueue: 'REWIND_TASK_QUEUE',
  /** Worker only: port of `GET /ready` on the loopback interface; 8080 when not set. */
  healthPort: 'REWIND_HEALTH_PORT',
  /** Worker only: port of `GET /metrics` for Prometheus. No metrics server runs when not set. */
  metricsPort: 'REWIND_METRICS_PORT',
  /** Worker only: name of its Temporal worker deployment. Set together with the build id. */
  deploymentName: 'REWIND_DEPLOYMENT_NAME',
  /** Worker only: build id of its image. Enables worker versioning. */
  buildId: 'REWIND_BUILD_ID',
} as const;

type Environment = Record<string, string | undefined>;

/** An environment variable is missing or invalid. The message names it. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

/** @throws {EnvironmentError} when the variable is missing or empty */
export function requiredVariable(name: string, environment: Environment = process.env): string {
  const value = environment[name];
  if (value === undefined || value === '') throw new EnvironmentError(`environment variable ${name} is not set`);
  return value;
}

/** @throws {EnvironmentError} when the variable is missing or not a number */
export function requiredNumber(name: string): number {
  const value = Number(requiredVariable(name));
  if (Number.isFinite(value)) return value;
  throw new EnvironmentError(`environment variable ${name} is not a number`);
}

/**
 * Name of the file with the configuration, in the directory of a function's bundle. Values that are only known at deployment
 * are in environment variables instead, which Lambda limits to 4 KB in total.
 */
export const CONFIGURATION_FILE = 'configuration.json';

/** The content of {@link CONFIGURATION_FILE}. */
export interface FunctionConfiguration {
  namespaces?: Record<string, NamespaceConnection>;
  triggers?: Triggers;
}

/**
 * Returns the namespaces of the deployment by name, from the configuration file and the environment variable.
 * @param folder directory of the configuration file
 * @throws {EnvironmentError} when both are missing or the variable is not JSON
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
 * Returns the triggers of the deployment by name, from the configuration file and the environment variable.
 * @param folder directory of the configuration file
 * @throws {EnvironmentError} when the variable is not JSON
 */
export function configuredTriggers(environment: Environment = process.env, folder = __dirname): Triggers {
  return { ...configurationFile(folder).triggers, ...objectIn(EnvironmentVariable.triggers, environment) };
}

function configurationFile(folder: string): FunctionConfiguration {
  const file = path.join(folder, CONFIGURATION_FILE);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as FunctionConfiguration) : {};
}

/** Parses a variable as JSON. Returns an empty object when it is not set. */
function objectIn(variable: string, environment: Environment): object {
  try {
    return JSON.parse(environment[variable] || '{}') as object;
  } catch {
    throw new EnvironmentError(`environment variable ${variable} is not a JSON object`);
  }
}
