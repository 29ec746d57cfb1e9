import { randomUUID } from 'node:crypto';
import { describeWorkflow } from '../../operations/describe';
import { createLedger } from '../support/ledger-table';
import { Rewind } from '../support/rewind';
import {
  completeWorkflow,
  testConnection,
  namespace,
  scheduleActivity,
  ScriptedWorkflow,
} from '../support/scripted-workflow';

describe('a description', () => {
  const connection = testConnection();

  test('shows status, pending work and where to look', async () => {
    const workflow = await ScriptedWorkflow.start(connection, { workflowId: `a/b ${randomUUID()}` });
    const { client, workflowId, runId, taskQueue } = workflow;
    await workflow.completeTask(scheduleActivity('Pack', taskQueue, { activityId: 'pack-1', heartbeat: 30 }));
    await workflow.pollActivity();
    await new Rewind(await createLedger()).cancel(workflow);

    expect(await describeWorkflow(client, { workflowId }, 'http://localhost:8233/')).toMatchObject({
      namespace,
      workflowId,
      runId,
      firstExecutionRunId: runId,
      workflowType: 'scripted',
      taskQueue,
      status: 'Running',
      cancelRequested: true,
      pendingActivities: [
        { activityId: 'pack-1', activityType: 'Pack', state: 'Started', attempt: 1, heartbeatTimeoutSeconds: 30 },
      ],
      pendingWorkflowTask: { state: 'Scheduled', attempt: 1 },
      links: {
        webUi: `http://localhost:8233/namespaces/${namespace}/workflows/${encodeURIComponent(workflowId)}/${runId}/history`,
      },
    });
  });

  test('without a run id shows the latest run, with one that run', async () => {
    const first = await ScriptedWorkflow.start(connection);
    await first.completeTask(completeWorkflow);
    const { client, workflowId, runId } = first;
    const second = await ScriptedWorkflow.start(connection, { workflowId });

    expect(await describeWorkflow(client, { workflowId })).toMatchObject({ runId: second.runId, status: 'Running' });
    expect(await describeWorkflow(client, { workflowId, runId })).toMatchObject({ runId, status: 'Completed' });
  });
});
