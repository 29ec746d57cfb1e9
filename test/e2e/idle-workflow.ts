import { Client, Connection } from '@temporalio/client';
import { localDetails } from './rewind-api';

/** A workflow with this id that nobody works on. */
export async function idleWorkflow(workflowId: string): Promise<{ terminate(): Promise<void> }> {
  const { temporal, namespace } = localDetails();
  const connection = await Connection.connect({ address: temporal.plaintextAddress ?? '' });
  const handle = await new Client({ connection, namespace }).workflow.start('idle', {
    workflowId,
    taskQueue: 'nobody',
  });
  return {
    terminate: async () => {
      await handle.terminate('end of test');
      await connection.close();
    },
  };
}
