import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { NamespaceConnection } from '../../operations/temporal/namespace-connection';
import { defaultTaskQueue } from '../../worker/config';
import { connectionOpener, explain } from '../../worker/connect';
import type { KeyPair } from './certificates';
import { makeCertificates, writeClientFiles } from './certificates';
import type { TemporalDetails } from '../details';
import { UserError } from '../user-error';
import type { Steps } from '../steps';
import { findTemporalCli } from './temporal-cli';
import { startTemporalServer } from './server';
import { startTlsGateway } from './tls-gateway';

/** Names with dots, as in Temporal Cloud. There are two, so that access can be limited to one. */
const NAMESPACES: [string, ...string[]] = ['orders.local', 'billing.local'];
/** `.test` is reserved: no real host has this name. */
const SERVER_NAME = 'temporal.rewind.test';

/** Timeout for a connection to a service that already runs. */
const CHECK_TIMEOUT_MS = 10_000;

/** Namespaces behind mutual TLS, and their client certificate. */
export interface TemporalService {
  /** The namespaces; the worker polls the first. */
  namespaces: [string, ...string[]];
  /** The worker's task queue, which no other worker polls. */
  taskQueue: string;
  details: TemporalDetails;
  webUiUrl?: string;
  /** Path of the Temporal CLI that runs the server, if it was started here. */
  cli?: string;
  certificate: KeyPair & { ca?: string };
  /** Stops everything that was started for the service. */
  stop(): Promise<void>;
  /** Resolves when a part of the service has ended unexpectedly, with a description. */
  failure: Promise<string>;
}

export interface TemporalServiceOptions {
  /** Folder of this run, for keys and logs. */
  folder: string;
  steps: Steps;
  /** Namespaces to create on a server that is started here; two default namespaces when absent. */
  namespaces?: string[];
  /** See `TemporalServerOptions.dynamicConfig`. */
  dynamicConfig?: string[];
  /** Starts a proxy between the TLS gateway and the server at this address, and returns the proxy's address. */
  through?: (address: string) => Promise<string>;
  signal?: AbortSignal | undefined;
}

/**
 * Opens the Temporal service that `REWIND_TEMPORAL_ADDRESS` names, or starts a development server behind mutual TLS.
 * @throws {UserError} if settings are missing, or if the service does not accept the certificate
 */
export function openTemporalService(
  options: TemporalServiceOptions,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<TemporalService> {
  return environment['REWIND_TEMPORAL_ADDRESS'] ? useRunning(options, environment) : startOwn(options);
}

async function startOwn(options: TemporalServiceOptions) {
  const { folder, steps, namespaces = [], dynamicConfig = [], through, signal } = options;
  const [first, ...others] = namespaces;
  const served: [string, ...string[]] = first === undefined ? NAMESPACES : [first, ...others];
  const cli = await steps.run('Temporal CLI', async (step) => {
    const found = await findTemporalCli({ progress: step.progress, signal });
    step.result(found);
    return found;
  });
  const server = await steps.run('Temporal server', async (step) => {
    const started = await startTemporalServer({ cli, namespaces: served, dynamicConfig, folder, signal });
    step.result(`${started.address}, namespace ${served.join(', ')}`);
    return started;
  });
  try {
    return await steps.run('TLS gateway', async (step): Promise<TemporalService> => {
      const certificates = await makeCertificates(SERVER_NAME);
      const upstream = (await through?.(server.address)) ?? server.address;
      const gateway = await startTlsGateway({ upstream, ...certificates });
      const address = `127.0.0.1:${gateway.port}`;
      step.result(`${address}, requires a client certificate as Temporal Cloud does`);
      return {
        namespaces: served,
        taskQueue: defaultTaskQueue,
        details: {
          address,
          tlsServerName: SERVER_NAME,
          ...(await writeClientFiles(folder, certificates)),
          plaintextAddress: server.address,
        },
        webUiUrl: server.webUiUrl,
        cli,
        certificate: { ...certificates.client, ca: certificates.ca },
        failure: server.failure,
        stop: async () => {
          await gateway.stop();
          await server.stop();
        },
      };
    });
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function useRunning({ steps }: TemporalServiceOptions, environment: NodeJS.ProcessEnv): Promise<TemporalService> {
  const setting = (name: string) => environment[`REWIND_TEMPORAL_${name}`] || undefined;
  const required = (name: string) => {
    const value = setting(name);
    if (value !== undefined) return value;
    throw new UserError(
      `REWIND_TEMPORAL_ADDRESS is set, so REWIND_TEMPORAL_${name} must be set too. ` +
        'To use a Temporal service that already runs, set …_ADDRESS (host:port), …_NAMESPACE, …_CERT and …_KEY (PEM files), ' +
        'and if needed …_CA (PEM file) and …_SERVER_NAME.',
    );
  };
  return steps.run('Temporal service', async (step) => {
    const address = required('ADDRESS');
    const namespace = required('NAMESPACE');
    const clientCertPath = path.resolve(required('CERT'));
    const clientKeyPath = path.resolve(required('KEY'));
    const tlsServerName = setting('SERVER_NAME');
    const ca = setting('CA');
    const caCertPath = ca && path.resolve(ca);
    const certificate = {
      certificate: await pem('CERT', clientCertPath),
      privateKey: await pem('KEY', clientKeyPath),
      ca: caCertPath && (await pem('CA', caCertPath)),
    };
    const secretArn = `rewind/${namespace} (REWIND_TEMPORAL_CERT, REWIND_TEMPORAL_KEY)`;
    await checkCertificate({ address, secretArn, tlsServerName }, certificate);
    step.result(`${address}, namespace ${namespace}`);
    return {
      namespaces: [namespace],
      taskQueue: `${defaultTaskQueue}-${randomBytes(3).toString('hex')}`,
      details: {
        address,
        clientCertPath,
        clientKeyPath,
        tlsServerName,
        caCertPath,
      },
      webUiUrl: /\.tmprl\.cloud:\d+$/.test(address) ? 'https://cloud.temporal.io' : undefined,
      certificate,
      failure: new Promise(() => {}),
      stop: async () => {},
    };
  });
}

async function pem(name: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError(`REWIND_TEMPORAL_${name} cannot be read: ${why}`);
  }
}

/**
 * Checks the certificate before anything is deployed with it.
 * @throws {UserError} if Temporal does not respond or refuses the certificate
 */
async function checkCertificate(
  namespace: NamespaceConnection,
  certificate: TemporalService['certificate'],
): Promise<void> {
  const open = connectionOpener(async () => JSON.stringify(certificate));
  const late = new Promise<never>((_resolve, reject) => {
    setTimeout(() => reject(new Error(`${namespace.address} does not answer`)), CHECK_TIMEOUT_MS).unref();
  });
  try {
    const { connection } = await Promise.race([open(namespace), late]);
    await connection.close();
  } catch (error) {
    throw new UserError(explain(error));
  }
}
