import { OperationFailure } from '../../api/failures';
import type { ReadSecret } from './connection';
import type { NamespaceConnection } from './namespace-connection';
import { ManagedConnection } from './managed-connection';
import type { ConnectionTiming, EndCall, ManagedConnectionDependencies } from './managed-connection';
import { NamespaceClient } from './namespace-client';
import { rateLimited } from './rate-limit';
import type { RateLimit } from './rate-limit';

export type ConfiguredNamespaces = ReadonlyMap<string, NamespaceConnection>;

/**
 * Returns how to connect to a namespace.
 * @throws {OperationFailure} `namespace-not-configured`
 */
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
  /**
   * @param deadline time by which the caller needs a response, in milliseconds since the epoch; no call lasts longer
   * @param limit limits the rate of the client's calls. Default: no limit
   * @throws {OperationFailure} when the namespace's secret cannot be read or is invalid
   */
  connect(deadline?: number, limit?: RateLimit): Promise<NamespaceClient>;
}

export interface NamespacesOptions
  extends Partial<ConnectionTiming>, Pick<ManagedConnectionDependencies, 'readsHistory'> {
  /** Called when the credentials in use cannot be refreshed. */
  onRefreshError?: (namespace: string, error: unknown) => void;
  /** Called at the start of each attempt at a call. */
  startCall?: (method: string, namespace: string) => EndCall;
}

/** The namespaces that a process serves. Connections are created lazily, one for each namespace. */
export class Namespaces {
  private readonly connections = new Map<string, ManagedConnection>();

  constructor(
    private readonly configured: ConfiguredNamespaces,
    private readonly readSecret: ReadSecret,
    private readonly options: NamespacesOptions = {},
  ) {}

  get names(): string[] {
    return [...this.configured.keys()];
  }

  /** @throws {OperationFailure} `namespace-not-configured` */
  find(name: string): Namespace {
    const { webUiUrl } = configurationOf(this.configured, name);
    return {
      name,
      webUiUrl,
      connect: async (deadline, limit) => {
        const connection = this.connection(name);
        await connection.open();
        return new NamespaceClient(name, limit ? rateLimited(connection, limit) : connection, deadline);
      },
    };
  }

  /**
   * Returns when the namespace's client certificate expires; undefined for an API key. Does not call Temporal.
   * @throws {OperationFailure} `namespace-not-configured`, or when the secret cannot be read or is invalid
   */
  certificateExpiry(name: string): Promise<Date | undefined> {
    return this.connection(name).certificateExpiry();
  }

  async close(): Promise<void> {
    const connections = [...this.connections.values()];
    this.connections.clear();
    await Promise.all(connections.map((connection) => connection.close()));
  }

  private connection(name: string): ManagedConnection {
    const configuration = configurationOf(this.configured, name);
    const known = this.connections.get(name);
    if (known) return known;
    const { onRefreshError, startCall, readsHistory, ...timing } = this.options;
    const connection = new ManagedConnection(
      name,
      configuration,
      {
        readSecret: this.readSecret,
        startCall: (method) => startCall?.(method, name) ?? (() => {}),
        onRefreshError: (error) => onRefreshError?.(name, error),
        readsHistory,
      },
      timing,
    );
    this.connections.set(name, connection);
    return connection;
  }
}
