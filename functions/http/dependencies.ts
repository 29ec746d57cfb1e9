import { Namespaces } from '../../operations/temporal/namespaces';
import { configuredNamespaces } from '../../runtime/environment';
import { logger } from '../../runtime/logger';
import { secretsManagerReader } from '../../runtime/secrets-manager';
import type { HttpFunctionDependencies } from './http-function';

/** What a deployed HTTP function works with, made once per container. */
export function httpDependencies(): HttpFunctionDependencies {
  return { namespaces: new Namespaces(configuredNamespaces(), secretsManagerReader()), logger };
}
