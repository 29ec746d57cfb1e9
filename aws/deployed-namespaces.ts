import { OperationFailure } from '../api/failures';
import type { Telemetry } from '../operations/telemetry';
import { Namespaces } from '../operations/temporal/namespaces';
import type { NamespacesOptions } from '../operations/temporal/namespaces';
import { configuredNamespaces } from './environment';
import { logger } from './logger';
import { secretsManagerReader } from './secrets-manager';

/** Returns the namespaces that this process's environment configures. Their credentials are in Secrets Manager. */
export function deployedNamespaces(
  telemetry: Telemetry,
  options: Pick<NamespacesOptions, 'readsHistory'> = {},
): Namespaces {
  return new Namespaces(configuredNamespaces(), secretsManagerReader(undefined, telemetry), {
    ...options,
    startCall: (method, namespace) => telemetry.startCall('temporal', method, namespace),
    onRefreshError: (namespace, error) => {
      const why = (error instanceof OperationFailure && error.details.operatorDetail) || 'credentials were not renewed';
      logger.error(why, { namespace, error: error as Error });
    },
  });
}
