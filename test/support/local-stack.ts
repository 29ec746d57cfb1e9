import { Client, Connection } from '@temporalio/client';
import type { LocalDetails } from '../../local/details';
import { localDetails, RewindApi } from './rewind-api';

/**
 * The local stack: the deployed API, and a Temporal client without a certificate, whose connection is closed after the
 * tests of the calling file or `describe`.
 */
export function localStack(): { details: LocalDetails; api: RewindApi; client: Client } {
  const details = localDetails();
  const connection = Connection.lazy({ address: details.temporal.plaintextAddress ?? '' });
  afterAll(() => connection.close());
  return { details, api: new RewindApi(details), client: new Client({ connection, namespace: details.namespace }) };
}
