import { connectToTemporal } from '../../local/temporal-client';
import { localDetails } from './rewind-api';

/** Starts a workflow on a task queue without pollers. */
export async function idleWorkflow(workflowId: string): Promise<{ terminate(): Promise<void> }> {
  const { client, close } = await connectToTemporal(localDetails());
  const handle = await client.workflow.start('idle', { workflowId, taskQueue: 'nobody' });
  return {
    terminate: async () => {
      await handle.terminate('end of test');
      await close();
    },
  };
}
