import { ConfigError, readConfigFile } from '../lib/config';
import type { RewindConfigInput } from '../lib/config';
import { roleNames } from '../api/roles';
import type { NamespaceConnection } from '../operations/temporal/namespace-connection';
import { UserError } from './user-error';
import type { TemporalDetails } from './details';

/** The event source of the default triggers. */
export const localEventSource = 'local.orders';

/**
 * The configuration without `--config`: a trigger, cancellation requests by event, and a managed policy for each role on the
 * first namespace. {@link localDeployment} fills in the addresses.
 */
export const defaultConfig = ([namespace, ...others]: [string, ...string[]]): RewindConfigInput => ({
  namespaces: Object.fromEntries([namespace, ...others].map((name) => [name, { address: '', secretArn: '' }])),
  access: Object.fromEntries(roleNames.map((role) => [role.toLowerCase(), { roles: [role], namespaces: [namespace] }])),
  triggers: {
    'order-withdrawn': {
      sources: [localEventSource],
      eventPattern: { 'detail-type': ['OrderWithdrawn'] },
      namespace,
      workflowId: 'order-<$.detail.orderId>',
      reason: 'order withdrawn: <$.detail.because>',
    },
  },
  cancellationRequests: { sources: [localEventSource] },
});

/**
 * Reads a JSON file with a configuration, as under `rewind` in cdk.json.
 * @throws {UserError} if it cannot be read; if keys are invalid, with a line for each
 */
export function readConfig(file: string): RewindConfigInput {
  try {
    return readConfigFile(file);
  } catch (error) {
    throw error instanceof ConfigError ? new UserError(error.message) : error;
  }
}

/** The IAM user that `local/app.ts` creates for the worker. */
export const workerUserName = 'rewind-worker';

/** The namespaces of a configuration, the worker's first. */
export function namespacesOf({ namespaces, worker }: RewindConfigInput): string[] {
  const names = Object.keys(namespaces);
  return worker === undefined ? names : [worker.namespace, ...names.filter((name) => name !== worker.namespace)];
}

/** Connection details of the local namespaces. */
interface LocalNamespaces {
  secretArns: Record<string, string>;
  temporal: TemporalDetails;
  webUiUrl?: string;
}

/**
 * Keys that the local stack leaves out, by section: resources of AWS accounts, which it does not have, and what restricts the
 * network or the clients of the API.
 */
const leftOut = {
  ledger: ['kmsKeyArn', 'tableStreamArn'],
  api: ['cidrs', 'usagePlans', 'vpcEndpointIds', 'waf'],
  tracing: ['layerArn'],
} as const;

/** Returns the keys of a configuration that the local stack leaves out: `ledger.kmsKeyArn`. */
export function keysLeftOut(config: RewindConfigInput): string[] {
  return Object.entries(leftOut).flatMap(([section, keys]) => {
    const given: object = config[section as keyof typeof leftOut] ?? {};
    return keys.filter((key) => key in given).map((key) => `${section}.${key}`);
  });
}

/** Returns the sections of a configuration that have such keys, without them. */
function sectionsWithout(config: RewindConfigInput): Partial<RewindConfigInput> {
  const sections = Object.entries(leftOut).flatMap(([section, keys]: [string, readonly string[]]) => {
    const given = config[section as keyof typeof leftOut];
    return given === undefined
      ? []
      : [[section, Object.entries(given).filter(([key]) => !keys.includes(key))] as const];
  });
  return Object.fromEntries(sections.map(([section, entries]) => [section, Object.fromEntries(entries)]));
}

/** Replaces the addresses and secrets of a configuration's namespaces with the local ones, and leaves out {@link leftOut}. */
export function localDeployment(
  config: RewindConfigInput,
  place: LocalNamespaces & { namespace: string; taskQueue: string },
): RewindConfigInput {
  const { namespace, taskQueue } = place;
  const placed = Object.keys(config.namespaces).map((name) => [name, namespaceConnection(name, place)]);
  return {
    ...config,
    ...sectionsWithout(config),
    namespaces: Object.fromEntries(placed),
    worker: { ...config.worker, namespace, taskQueue },
  };
}

/**
 * The connection details of a local namespace for Rewind's functions and worker.
 * @throws {UserError} if the namespace is not served locally
 */
export function namespaceConnection(
  namespace: string,
  { secretArns, temporal: { address, tlsServerName }, webUiUrl }: LocalNamespaces,
): NamespaceConnection {
  const secretArn = secretArns[namespace];
  if (secretArn === undefined) {
    const served = Object.keys(secretArns).join(', ');
    throw new UserError(`namespace ${namespace} of the configuration is not served here, only ${served}`);
  }
  return {
    address,
    secretArn,
    tlsServerName,
    webUiUrl,
  };
}
