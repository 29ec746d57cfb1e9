// The package's index would also load the clients for workflows, schedules and activities.
import { Connection } from '@temporalio/client/lib/connection';
import type { ConnectionOptions } from '@temporalio/client/lib/connection';
import { parseCredentials } from './credentials';
import type { TemporalCredentials } from './credentials';
import type { NamespaceConnection } from './namespace-connection';

/** Reads a secret's current value. Throws an `OperationFailure` that can be returned to the caller. */
export type ReadSecret = (secretArn: string) => Promise<string>;

/** Returns the connection options of `@temporalio/client` for a namespace. */
export function connectionOptions(namespace: NamespaceConnection, credentials: TemporalCredentials): ConnectionOptions {
  const tls = {
    serverNameOverride: namespace.tlsServerName,
    serverRootCACertificate: credentials.ca === undefined ? undefined : Buffer.from(credentials.ca),
  };
  const identity =
    credentials.kind === 'apiKey'
      ? { apiKey: credentials.apiKey, tls }
      : { tls: { ...tls, clientCertPair: clientCertPair(credentials) } };
  return {
    address: namespace.address,
    ...identity,
    channelArgs: {
      // The client sets this option without the `grpc.` prefix, so grpc-js would keep its default of 4 MiB.
      'grpc.max_receive_message_length': 128 * 1024 * 1024,
      // Otherwise a new connection to the same address can share the old one's socket.
      'grpc.use_local_subchannel_pool': 1,
      // A service config in DNS could make grpc-js retry calls, and costs a DNS query for each new connection.
      'grpc.service_config_disable_resolution': 1,
    },
  };
}

function clientCertPair({ certificate, privateKey }: { certificate: string; privateKey: string }) {
  return { crt: Buffer.from(certificate), key: Buffer.from(privateKey) };
}

/** Returns a connection that connects at its first call and does not retry: `ManagedConnection` does. */
export function lazyConnection(namespace: NamespaceConnection, credentials: TemporalCredentials): Connection {
  return Connection.lazy({ ...connectionOptions(namespace, credentials), interceptors: [] });
}

/** Reads the namespace's secret and returns a connection for a few reads, which the client library retries. */
export async function openConnection(namespace: NamespaceConnection, readSecret: ReadSecret): Promise<Connection> {
  const credentials = parseCredentials(await readSecret(namespace.secretArn), namespace.secretArn);
  return Connection.lazy(connectionOptions(namespace, credentials));
}

export type { Connection };
