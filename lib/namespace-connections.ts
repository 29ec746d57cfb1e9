import type { NamespaceConnection } from '../operations/temporal/namespace-connection';
import type { RewindConfig } from './config';

/** The default Web UI of namespaces on Temporal Cloud. */
const TEMPORAL_CLOUD_WEB_UI = 'https://cloud.temporal.io';

/** Converts the configured namespaces to the format that the functions and the worker read. */
export function namespaceConnections(namespaces: RewindConfig['namespaces']): Record<string, NamespaceConnection> {
  return Object.fromEntries(
    Object.entries(namespaces).map(([name, { address, secretArn, tlsServerName, webUiUrl }]) => {
      const ui =
        webUiUrl ?? (/\.(tmprl\.cloud|api\.temporal\.io):\d+$/.test(address) ? TEMPORAL_CLOUD_WEB_UI : undefined);
      return [name, { address, secretArn, tlsServerName, webUiUrl: ui }];
    }),
  );
}
