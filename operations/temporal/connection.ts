// Not from the package's index, which loads the clients for workflows, schedules and activities too.
import { Connection } from '@temporalio/client/lib/connection';
import type { ConnectionOptions } from '@temporalio/client/lib/connection';
import { parseCredentials } from './credentials';
import type { TemporalCredentials } from './credentials';
import type { NamespaceConnection } from './namespace-connection';

/** Reads a secret's current text. Throws an `OperationFailure` that can be passed to the caller. */
export type ReadSecret = (secretArn: string) => Promise<string>;

/** Options of `@temporalio/client` for the namespace with these credentials. */
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
      // The client sets this without its `grpc.` prefix, so grpc-js keeps its 4 MiB and large histories fail.
      'grpc.max_receive_message_length': 128 * 1024 * 1024,
      // Otherwise a new connection to the same address can share the old one's socket.
      'grpc.use_local_subchannel_pool': 1,
      // A service configuration in DNS could have grpc-js repeat calls, and cost a query for each new connection.
      'grpc.service_config_disable_resolution': 1,
    },
  };
}

function clientCertPair({ certificate, privateKey }: { certificate: string; privateKey: string }) {
  return { crt: Buffer.from(certificate), key: Buffer.from(privateKey) };
}

/** A connection that connects at its first call and retries nothing: retries are `ManagedConnection`'s. */
export function lazyConnection(namespace: NamespaceConnection, credentials: TemporalCredentials): Connection {
  return Connection.lazy({ ...connectionOptions(namespace, credentials), interceptors: [] });
}

/** Reads the namespace's secret and makes a connection for a few reads, which the client library retries. */
export async function openConnection(namespace: NamespaceConnection, readSecret: ReadSecret): Promise<Connection> {
  const credentials = parseCredentials(await readSecret(namespace.secretArn), namespace.secretArn);
  return Connection.lazy(connectionOptions(namespace, credentials));
}

export type { Connection };
