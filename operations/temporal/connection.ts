// Not from the package's index: that loads the clients for workflows, schedules and activities too, for every request.
import { Connection } from '@temporalio/client/lib/connection';
import type { ConnectionOptions } from '@temporalio/client/lib/connection';
import { parseCredentials } from './credentials';
import type { TemporalCredentials } from './credentials';

/** Where a namespace is and which secret opens it: deployment configuration, no secret in it. */
export interface NamespaceConnection {
  /** `host:port` of the Temporal frontend, e.g. `prod.a1b2c.tmprl.cloud:7233`. */
  address: string;
  /** ARN of the Secrets Manager secret with the namespace's credentials. */
  secretArn: string;
  /** Server name for SNI and certificate verification, where it differs from the address's host (regional endpoints). */
  tlsServerName?: string;
  /** Base of the Temporal Web UI, for links in answers. */
  webUiUrl?: string;
}

/** Reads a secret's current text. Its errors are the caller's to explain. */
export type ReadSecret = (secretArn: string) => Promise<string>;

/** What `@temporalio/client` needs to reach the namespace with these credentials. */
export function connectionOptions(namespace: NamespaceConnection, credentials: TemporalCredentials): ConnectionOptions {
  const tls = {
    ...(namespace.tlsServerName && { serverNameOverride: namespace.tlsServerName }),
    ...(credentials.ca && { serverRootCACertificate: Buffer.from(credentials.ca) }),
  };
  return {
    address: namespace.address,
    ...(credentials.kind === 'apiKey'
      ? { apiKey: credentials.apiKey, tls }
      : {
          tls: {
            ...tls,
            clientCertPair: { crt: Buffer.from(credentials.certificate), key: Buffer.from(credentials.privateKey) },
          },
        }),
    channelArgs: {
      // The client sets this without its `grpc.` prefix, so grpc-js keeps its 4 MiB and large histories fail.
      'grpc.max_receive_message_length': 128 * 1024 * 1024,
      // Otherwise a new connection to the same address may be the old one underneath.
      'grpc.use_local_subchannel_pool': 1,
    },
  };
}

/**
 * A connection that dials at its first call and repeats nothing by itself: that a reset is never repeated blindly is for
 * one place to see to, `KeptConnection`.
 */
export function lazyConnection(namespace: NamespaceConnection, credentials: TemporalCredentials): Connection {
  return Connection.lazy({ ...connectionOptions(namespace, credentials), interceptors: [] });
}

/** Reads the namespace's secret and makes a connection for a few reading calls, which the client library repeats. */
export async function openConnection(namespace: NamespaceConnection, readSecret: ReadSecret): Promise<Connection> {
  const credentials = parseCredentials(await readSecret(namespace.secretArn), namespace.secretArn);
  return Connection.lazy(connectionOptions(namespace, credentials));
}

export type { Connection };
