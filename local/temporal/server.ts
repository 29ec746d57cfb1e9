import { Connection } from '@temporalio/client';
import path from 'node:path';
import { createInstanceFolder } from '../processes/instance-folder';
import { freePort, withFreshPorts } from '../processes/ports';
import { startProcess, waitUntilReady } from '../processes/processes';

const READY_TIMEOUT_MS = 60_000;

export interface TemporalServerOptions {
  /** Path of the Temporal CLI, see `findTemporalCli`. */
  cli: string;
  /** Namespaces to create in addition to `default`. */
  namespaces?: string[];
  /** Dynamic configuration of the server, as `key=JSON value`, e.g. `frontend.namespaceRPS=100`. */
  dynamicConfig?: string[];
  /** Folder for the server's log; a temporary folder when absent. */
  folder?: string;
  signal?: AbortSignal | undefined;
}

export interface TemporalServer {
  /** `127.0.0.1:port` of the frontend: plaintext gRPC, no credentials. */
  address: string;
  /** Base URL of the Web UI, without a trailing slash. */
  webUiUrl: string;
  /** Resolves when the server has ended, with a description. */
  failure: Promise<string>;
  /** Stops the server. Its data is in memory and is lost. */
  stop(): Promise<void>;
}

/** Starts a development server, which keeps its data in memory, on free ports, and waits until it is ready. */
export async function startTemporalServer(options: TemporalServerOptions): Promise<TemporalServer> {
  const ownFolder = options.folder === undefined ? await createInstanceFolder() : undefined;
  const logFile = path.join(options.folder ?? ownFolder?.path ?? '', 'temporal-server.log');
  try {
    const server = await withFreshPorts(() => startOnce(options, logFile));
    return {
      ...server,
      stop: async () => {
        await server.stop();
        await ownFolder?.remove();
      },
    };
  } catch (error) {
    await ownFolder?.remove();
    throw error;
  }
}

async function startOnce(options: TemporalServerOptions, logFile: string): Promise<TemporalServer> {
  const { cli, namespaces = [], dynamicConfig = [], signal } = options;
  const ports = {
    '--port': await freePort(),
    '--ui-port': await freePort(),
    '--http-port': await freePort(),
    '--metrics-port': await freePort(),
  };
  const server = await startProcess(
    cli,
    [
      'server',
      'start-dev',
      '--ip=127.0.0.1',
      '--log-level=warn',
      ...Object.entries(ports).map(([flag, port]) => `${flag}=${port}`),
      ...namespaces.map((namespace) => `--namespace=${namespace}`),
      ...dynamicConfig.map((value) => `--dynamic-config-value=${value}`),
    ],
    { name: 'The Temporal server', logFile, env: withoutClientSettings(process.env) },
  );
  const address = `127.0.0.1:${ports['--port']}`;
  try {
    await waitUntilReady(server, () => serves(address, ['default', ...namespaces]), {
      what: 'the Temporal server',
      timeoutMs: READY_TIMEOUT_MS,
      signal,
    });
  } catch (error) {
    await server.stop();
    throw error;
  }
  return {
    address,
    webUiUrl: `http://localhost:${ports['--ui-port']}`,
    failure: server.end.then(({ how }) => how),
    stop: () => server.stop(),
  };
}

/** Removes the user's settings for the CLI as a client (`TEMPORAL_ADDRESS`, …), which are for other servers. */
function withoutClientSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('TEMPORAL_')));
}

/** Whether all namespaces exist; the server creates them after it starts to listen. */
async function serves(address: string, namespaces: string[]): Promise<boolean> {
  // Without retries, because a retry after the connection was closed would throw.
  const connection = await Connection.connect({ address, connectTimeout: 2000, interceptors: [] });
  try {
    await Promise.all(namespaces.map((namespace) => connection.workflowService.describeNamespace({ namespace })));
    return true;
  } finally {
    await connection.close();
  }
}
