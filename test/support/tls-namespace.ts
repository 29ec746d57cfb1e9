import { makeCertificates } from '../../local/temporal/certificates';
import type { Certificates } from '../../local/temporal/certificates';
import { Namespaces } from '../../operations/temporal/namespaces';
import type { NamespacesOptions } from '../../operations/temporal/namespaces';
import type { ReadSecret } from '../../operations/temporal/connection';
import { namespace } from './scripted-workflow';

export const serverName = 'namespace.temporal.test';

export const createNamespaceCertificates = (): Promise<Certificates> => makeCertificates(serverName);

/** The value of the namespace's secret. */
export const secretOf = ({ client, ca }: Certificates): string => JSON.stringify({ ...client, ca });

/** The tests' namespace, behind TLS at this address, as configured for a function. */
export function namespacesAt(address: string, readSecret: ReadSecret, options?: NamespacesOptions): Namespaces {
  const configured = new Map([[namespace, { address, secretArn: 'arn:test:namespace', tlsServerName: serverName }]]);
  return new Namespaces(configured, readSecret, options);
}
