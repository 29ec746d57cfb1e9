import { OperationFailure } from '../../api/failures';
import type { NamespaceConnection, ReadSecret } from './connection';
import { ManagedConnection } from './managed-connection';
import type { ConnectionTiming } from './managed-connection';
import { NamespaceClient } from './namespace-client';
import { noopTelemetry } from '../telemetry';
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
  /**
   * @param until when whoever asks has to have an answer, in milliseconds since the epoch; no call outlives it
   * @throws {OperationFailure} what kept the namespace's secret from being used
   */
  connect(until?: number): Promise<NamespaceClient>;
}

export interface NamespacesOptions extends Partial<ConnectionTiming> {
  /** Told why the credentials in use could not be renewed. */
  onRefreshError?: (namespace: string, error: unknown) => void;
  telemetry?: Telemetry;
}

/** The namespaces a process serves. Each has one connection, which is made when it is first needed. */
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
    const configuration = configurationOf(this.configured, name);
    return {
      name,
      webUiUrl: configuration.webUiUrl,
      connect: async (until) => {
        const connection = this.connection(name);
        await connection.open();
        return new NamespaceClient(name, connection, until);
      },
    };
  }

  /**
   * When the namespace's client certificate stops being valid; nothing for an API key, which does not tell. Asks nobody
   * but the secret's keeper, and that rarely.
   * @throws {OperationFailure} `namespace-not-configured`, or what kept the secret from being used
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
    const { onRefreshError, telemetry = noopTelemetry, ...timing } = this.options;
    const made = new ManagedConnection(
      name,
      configuration,
      {
        readSecret: this.readSecret,
        startCall: (method) => telemetry.startCall('temporal', method, name),
        onRefreshError: (error) => onRefreshError?.(name, error),
      },
      timing,
    );
    this.connections.set(name, made);
    return made;
  }
}
