import { OperationFailure } from '../failures';
import { openConnection } from './connection';
import type { NamespaceConnection, OpenedConnection, ReadSecret } from './connection';
import { NamespaceClient } from './namespace-client';
import { silent } from '../telemetry';
import type { Telemetry } from '../telemetry';

export type ConfiguredNamespaces = ReadonlyMap<string, NamespaceConnection>;

/** @throws {OperationFailure} `namespace-not-configured` */
export function configurationOf(configured: ConfiguredNamespaces, namespace: string): NamespaceConnection {
  const configuration = configured.get(namespace);
  if (configuration) return configuration;
  throw new OperationFailure(
    'namespace-not-configured',
    `Rewind does not serve a namespace ${JSON.stringify(namespace)}.`,
    { field: 'namespace', value: namespace, allowed: `one of: ${[...configured.keys()].join(', ')}` },
  );
}

/** A namespace that Rewind serves. */
export interface Namespace {
  name: string;
  webUiUrl?: string;
  /** @throws {OperationFailure} what kept the namespace's secret from being used */
  connect(): Promise<NamespaceClient>;
}

/**
 * The namespaces a process serves. Each gets one connection, made when it is first needed and kept for the life of the
 * process; a start that failed is forgotten, so that the next request tries anew.
 */
export class Namespaces {
  private readonly connections = new Map<string, Promise<OpenedConnection>>();

  constructor(
    private readonly configured: ConfiguredNamespaces,
    private readonly readSecret: ReadSecret,
    private readonly telemetry: Telemetry = silent,
  ) {}

  /** @throws {OperationFailure} `namespace-not-configured` */
  find(name: string): Namespace {
    const configuration = configurationOf(this.configured, name);
    return {
      name,
      webUiUrl: configuration.webUiUrl,
      connect: async () => {
        const opened = this.connection(name, configuration);
        const { connection, refusal } = await opened;
        return new NamespaceClient(name, connection, async () => {
          const refused = await refusal();
          // The secret may have been mended by the next request; a connection keeps the credentials it was made with.
          if (refused && this.connections.get(name) === opened) this.connections.delete(name);
          return refused;
        });
      },
    };
  }

  async close(): Promise<void> {
    const connections = await Promise.allSettled(this.connections.values());
    this.connections.clear();
    for (const opened of connections) if (opened.status === 'fulfilled') await opened.value.connection.close();
  }

  private connection(namespace: string, configuration: NamespaceConnection): Promise<OpenedConnection> {
    const known = this.connections.get(namespace);
    if (known) return known;
    const started = openConnection(configuration, this.readSecret, (method) =>
      this.telemetry.calling('temporal', method, namespace),
    );
    this.connections.set(namespace, started);
    started.catch(() => this.connections.delete(namespace));
    return started;
  }
}
