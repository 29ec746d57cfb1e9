import type { Connection } from '@temporalio/client/lib/connection';
import type { Calls } from '../../operations/temporal/managed-connection';
import { callOver } from '../../operations/temporal/rpcs';

/** Makes calls over a single connection. Only the connection's own interceptors retry them. */
export function callsOver(connection: Connection): Calls {
  return { call: (rpc, request, { deadline }) => callOver(connection, rpc, request, deadline) };
}
