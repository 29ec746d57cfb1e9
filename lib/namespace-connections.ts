import type { NamespaceConnection } from '../operations/temporal/connection';
import type { RewindConfig } from './config';

/** The Web UI of Temporal Cloud, for namespaces that are there. */
const TEMPORAL_CLOUD_WEB_UI = 'https://cloud.temporal.io';

/** What functions and worker are told of the configured namespaces. */
export function namespaceConnections(namespaces: RewindConfig['namespaces']): Record<string, NamespaceConnection> {
  return Object.fromEntries(
    Object.entries(namespaces).map(([name, { address, secretArn, tlsServerName, webUiUrl }]) => {
      const ui =
        webUiUrl ?? (/\.(tmprl\.cloud|api\.temporal\.io):\d+$/.test(address) ? TEMPORAL_CLOUD_WEB_UI : undefined);
      return [
        name,
        {
          address,
          secretArn,
          ...(tlsServerName !== undefined && { tlsServerName }),
          ...(ui !== undefined && { webUiUrl: ui }),
        },
      ];
    }),
  );
}
