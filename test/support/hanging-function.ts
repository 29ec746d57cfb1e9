import { callsOver } from './calls-over';
import { NamespaceClient } from '../../operations/temporal/namespace-client';
import { DynamoDbLedger } from '../../aws/dynamodb-ledger';
import { withHangingCall } from './hanging-ledger';
import { Rewind } from './rewind';
import { connectToTestServer, namespace } from './scripted-workflow';

/*
 * A separate process, for a test to kill: it cancels a workflow and hangs before it records the result.
 * Arguments: the ledger's table, the workflow id, the idempotency key. Prints a line once it hangs.
 */
const [tableName = '', workflowId = '', idempotencyKey = ''] = process.argv.slice(2);
const { ledger, hung } = withHangingCall(new DynamoDbLedger({ tableName, retentionDays: 400 }), 'complete');
const client = new NamespaceClient(namespace, callsOver(connectToTestServer()));

void new Rewind(ledger).cancel({ client, workflowId }, {}, { idempotencyKey });
void hung.then(() => console.log('executed, not recorded'));
