import { OperationFailure } from '../failures';
import { openConnection } from './connection';
import type { Connection, NamespaceConnection, ReadSecret } from './connection';
import { NamespaceClient } from './namespace-client';

/** A namespace ready to be worked on. */
export interface OpenNamespace {
  client: NamespaceClient;
  webUiUrl?: string;
}

/**
 * The namespaces a process serves. Each gets one connection, made when it is first asked for and kept for the life of
 * the process; a start that failed is forgotten, so that the next request tries anew.
 */
export class Namespaces {
  private readonly connections = new Map<string, Promise<Connection>>();

  constructor(
    private readonly configured: ReadonlyMap<string, NamespaceConnection>,
    private readonly readSecret: ReadSecret,
  ) {}

  /** @throws {OperationFailure} `namespace-not-configured`, or what kept the namespace's secret from being used */
  async open(namespace: string): Promise<OpenNamespace> {
    const configuration = this.configured.get(namespace);
    if (!configuration) {
      throw new OperationFailure('namespace-not-configured', `Rewind does not serve a namespace "${namespace}".`, {
        field: 'namespace',
        value: namespace,
        allowed: `one of: ${[...this.configured.keys()].join(', ')}`,
      });
    }
    const connection = await this.connect(namespace, configuration);
    return { client: new NamespaceClient(namespace, connection), webUiUrl: configuration.webUiUrl };
  }

  async close(): Promise<void> {
    const connections = await Promise.allSettled(this.connections.values());
    this.connections.clear();
    for (const opened of connections) if (opened.status === 'fulfilled') await opened.value.close();
  }

  private connect(namespace: string, configuration: NamespaceConnection): Promise<Connection> {
    const known = this.connections.get(namespace);
    if (known) return known;
    const started = openConnection(configuration, this.readSecret);
    this.connections.set(namespace, started);
    started.catch(() => this.connections.delete(namespace));
    return started;
  }
}
