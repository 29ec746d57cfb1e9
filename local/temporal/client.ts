import { readFile } from 'node:fs/promises';
import { Client, Connection } from '@temporalio/client';
import { connectionOptions } from '../../operations/temporal/connection';
import { namespaceConnection } from '../deployment-config';
import type { LocalDetails } from '../details';

/** Connects a Temporal client to the local namespace, as an application that starts workflows does. */
export async function connectToTemporal(
  details: LocalDetails,
): Promise<{ client: Client; close: () => Promise<void> }> {
  const { caCertPath, clientCertPath, clientKeyPath } = details.temporal;
  const options = connectionOptions(namespaceConnection(details.namespace, details), {
    kind: 'mtls',
    certificate: await readFile(clientCertPath, 'utf8'),
    privateKey: await readFile(clientKeyPath, 'utf8'),
    ...(caCertPath !== undefined && { ca: await readFile(caCertPath, 'utf8') }),
  });
  const connection = await Connection.connect(options);
  return {
    client: new Client({ connection, namespace: details.namespace }),
    close: () => connection.close(),
  };
}
