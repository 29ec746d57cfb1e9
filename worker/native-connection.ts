import { NativeConnection } from '@temporalio/worker';
import type { NativeConnectionOptions } from '@temporalio/worker';
import { connectionOptions } from '../operations/temporal/connection';
import type { NamespaceConnection } from '../operations/temporal/connection';
import type { TemporalCredentials } from '../operations/temporal/credentials';

/** The functions' connection options, as the worker's native client takes them. */
export function nativeConnectionOptions(
  namespace: NamespaceConnection,
  credentials: TemporalCredentials,
): NativeConnectionOptions {
  const { address, tls } = connectionOptions(namespace, credentials);
  return {
    address: address ?? namespace.address,
    tls: tls ?? null,
    ...(credentials.kind === 'apiKey' && { apiKey: credentials.apiKey }),
  };
}

/** Connects to the namespace at once; the caller closes it, after the workers on it have ended. */
export function connectNative(
  namespace: NamespaceConnection,
  credentials: TemporalCredentials,
): Promise<NativeConnection> {
  return NativeConnection.connect(nativeConnectionOptions(namespace, credentials));
}
