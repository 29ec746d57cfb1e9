import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Connection } from '@temporalio/client';
import Long from 'long';
import { cachedFolder, cacheFolder } from '../../local/installed/cache-folder';
import { goInstall } from '../../local/installed/go-install';
import { createInstanceFolder } from '../../local/processes/instance-folder';
import { freePort, withFreshPorts } from '../../local/processes/ports';
import { startProcess, waitUntilReady } from '../../local/processes/processes';
import { findOnPath } from '../../local/temporal/temporal-cli';

/*
 * A Temporal server newer than the development server of the CLI. Without a binary release, Go builds it into the cache,
 * which takes minutes: `node --import tsx test/support/build-servers.ts`.
 */

export const VERSION = '1.32.2';
const MODULE = 'go.temporal.io/server/cmd/server';
/** The toolchain that the module requires. */
const GO_TOOLCHAIN = 'go1.26.10';

const READY_TIMEOUT_MS = 90_000;
const folderName = `temporal-server-${VERSION}`;

/** Path of the program, or undefined before it is built. */
export function builtServer(): string | undefined {
  const program = path.join(cacheFolder(), folderName, 'server');
  return existsSync(program) ? program : undefined;
}

/** `describe`, or `describe.skip` with how to build the server. */
export function describeOnNewerServer(name: string, tests: (program: string) => void): void {
  const program = builtServer();
  if (program !== undefined) return describe(name, () => tests(program));
  const how = `Temporal ${VERSION} is not built: node --import tsx test/support/build-servers.ts`;
  // Jest collects skipped tests too; they never use the program.
  describe.skip(`${name} (${how})`, () => tests(''));
}

/** Builds the program unless it is cached. @returns undefined without Go */
export async function buildServer(progress: (doing: string) => void): Promise<string | undefined> {
  const built = builtServer();
  if (built !== undefined) return built;
  const go = await findOnPath('go', process.env);
  if (go === undefined) return undefined;
  progress(`building Temporal server ${VERSION} with Go, which takes minutes`);
  const environment = { ...process.env, GOTOOLCHAIN: GO_TOOLCHAIN };
  const folder = await cachedFolder(folderName, (draft) =>
    goInstall(go, `${MODULE}@v${VERSION}`, draft, { environment }),
  );
  return path.join(folder, 'server');
}

/**
 * Starts the server with in-memory storage and the namespace `default`.
 * @param dynamicConfig dynamic configuration of the server, by key
 */
export async function startNewerServer(
  program: string,
  dynamicConfig: Record<string, unknown>,
): Promise<{ address: string; stop(): Promise<void> }> {
  const folder = await createInstanceFolder();
  try {
    const server = await withFreshPorts(() => startOnce(program, folder.path, dynamicConfig));
    return {
      address: server.address,
      stop: async () => {
        await server.stop();
        await folder.remove();
      },
    };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

/**
 * Like the development server. By default, ten calls a second per namespace can query visibility, and each task queue has four
 * partitions: tests would wait, and the server would use half as much CPU time again.
 */
const developmentServerLimits = {
  'frontend.namespaceRPS.visibility': 10_000,
  'matching.numTaskqueueReadPartitions': 1,
  'matching.numTaskqueueWritePartitions': 1,
};

/** Like the development server: where handlers of Nexus operations send results to. */
const nexusCallbacks = (httpPort: number) => ({
  'component.nexusoperations.callback.endpoint.template': `http://127.0.0.1:${httpPort}/namespaces/{{.NamespaceName}}/nexus/callback`,
});

async function startOnce(program: string, folder: string, dynamicConfig: Record<string, unknown>) {
  const ports = await Promise.all(Array.from({ length: 9 }, () => freePort()));
  const address = `127.0.0.1:${ports[0]}`;
  const switches = path.join(folder, 'dynamic-config.yaml');
  const config = path.join(folder, 'config.yaml');
  // JSON is YAML.
  const entries = Object.entries({ ...developmentServerLimits, ...nexusCallbacks(ports[1]!), ...dynamicConfig }).map(
    ([name, value]) => [name, [{ value }]],
  );
  await writeFile(switches, JSON.stringify(Object.fromEntries(entries)));
  await writeFile(config, JSON.stringify(serverConfig(ports, switches)));
  const server = await startProcess(program, ['--config-file', config, '--allow-no-auth', 'start'], {
    name: 'The newer Temporal server',
    logFile: path.join(folder, 'temporal-server.log'),
    env: process.env,
  });
  try {
    await waitUntilReady(server, () => registerDefault(address), {
      what: 'the newer Temporal server',
      timeoutMs: READY_TIMEOUT_MS,
    });
  } catch (error) {
    await server.stop();
    throw error;
  }
  return { address, stop: () => server.stop() };
}

/** Like config/development-sqlite.yaml of the server. */
function serverConfig(ports: number[], dynamicConfigFile: string): object {
  const [frontend, http, ...others] = ports;
  const sqlite = {
    sql: {
      pluginName: 'sqlite',
      databaseName: 'default',
      connectAddr: 'localhost',
      connectProtocol: 'tcp',
      connectAttributes: { mode: 'memory', cache: 'private' },
      maxConns: 1,
      maxIdleConns: 1,
      maxConnLifetime: '1h',
    },
  };
  const rpc = (grpcPort: number | undefined, membershipPort: number | undefined) => ({
    rpc: { grpcPort, membershipPort, bindOnLocalHost: true },
  });
  return {
    log: { stdout: true, level: 'warn' },
    persistence: {
      defaultStore: 'default',
      visibilityStore: 'visibility',
      numHistoryShards: 1,
      datastores: { default: sqlite, visibility: sqlite },
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: '127.0.0.1' } },
    services: {
      frontend: { rpc: { ...rpc(frontend, others[0]).rpc, httpPort: http } },
      matching: rpc(others[1], others[2]),
      history: rpc(others[3], others[4]),
      worker: rpc(others[5], others[6]),
    },
    clusterMetadata: {
      enableGlobalNamespace: false,
      failoverVersionIncrement: 10,
      masterClusterName: 'active',
      currentClusterName: 'active',
      clusterInformation: {
        active: { enabled: true, initialFailoverVersion: 1, rpcName: 'frontend', rpcAddress: `localhost:${frontend}` },
      },
    },
    dcRedirectionPolicy: { policy: 'noop' },
    dynamicConfigClient: { filepath: dynamicConfigFile, pollInterval: '10s' },
  };
}

/** The server accepts calls before a newly registered namespace is usable. */
async function registerDefault(address: string): Promise<boolean> {
  // Without retries, which would throw after the connection is closed.
  const connection = await Connection.connect({ address, connectTimeout: 2000, interceptors: [] });
  try {
    const namespace = 'default';
    const workflowExecutionRetentionPeriod = { seconds: Long.fromNumber(86_400) };
    await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod }).catch(() => {});
    await connection.workflowService.describeNamespace({ namespace });
    await connection.workflowService.listWorkflowExecutions({ namespace });
    return true;
  } finally {
    await connection.close();
  }
}
