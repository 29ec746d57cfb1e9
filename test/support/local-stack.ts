import { Client, Connection } from '@temporalio/client';
import type { LocalDetails } from '../../local/details';
import { localDetails, RewindApi } from './rewind-api';

/**
 * The local stack, as the tests of a file use it: the deployed API, and a Temporal client that needs no certificate. Its
 * connection is closed after the tests of the file, or of the `describe`, that calls this.
 */
export function localStack(): { details: LocalDetails; api: RewindApi; client: Client } {
  const details = localDetails();
  const connection = Connection.lazy({ address: details.temporal.plaintextAddress ?? '' });
  afterAll(() => connection.close());
  return { details, api: new RewindApi(details), client: new Client({ connection, namespace: details.namespace }) };
}
