import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { Connection } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import type { Stuck } from '../../api/stuck';
import { describeWorkflow } from '../../operations/describe';
import { explainStuck } from '../../operations/stuck';
import { describeExecution } from '../../operations/temporal/executions';
import { callsOver } from '../../operations/temporal/managed-connection';
import { NamespaceClient } from '../../operations/temporal/namespace-client';
import { eventually } from '../support/eventually';
import { GrpcProxy } from '../support/grpc-proxy';
import {
  completeWorkflow,
  continueAsNew,
  namespace,
  scheduleActivity,
  ScriptedWorkflow,
  startChild,
  startTimer,
  testConnection,
} from '../support/scripted-workflow';

const connection = testConnection();

/** The reasons that a cancellation gives. A description gives the same, and changes nothing. */
async function stuckOf({ client, workflowId }: ScriptedWorkflow) {
  const look = async () => {
    const run = await describeExecution(client, { workflowId });
    const stuck = await explainStuck(client, run);
    const described = await describeWorkflow(client, { workflowId });
    const listed = run.cancelRequested ? stuck : stuck.filter(({ kind }) => kind !== 'activityNotHeartbeating');
    return { stuck, described: described.stuck?.map(withoutRemedy), listed: listed.map(withoutRemedy) };
  };
  const seen = await look();
  // A task can have waited long enough between the two looks.
  const { stuck, described, listed } = isDeepStrictEqual(seen.described, seen.listed) ? seen : await look();
  expect(described).toEqual(listed);
  return stuck;
}

/** The last sentence depends on what the caller waits for. */
const withoutRemedy = ({ explanation, ...reason }: Stuck) => ({
  ...reason,
  explanation: explanation.replace(/(?<=\.) [^.]*\.$/, ''),
});

/** The reasons, once there are any: a task has to be scheduled, which for a child is after its parent has its start, and to wait. */
async function onceStuck(workflow: ScriptedWorkflow) {
  return eventually(async () => {
    const stuck = await stuckOf(workflow);
    return stuck.length > 0 && stuck;
  }, 'the workflow to be stuck');
}

/** Long enough for an idle worker to have taken a task. */
const untilUnclaimed = () =>
  new Promise((resolve) => {
    setTimeout(resolve, 1_200);
  });

const version = (buildId: string) => ({ deploymentName: `orders-${randomUUID()}`, buildId });

describe('a run whose workflow task no worker takes', () => {
  /** The reason that is found while workers of this version poll. */
  async function reasonWhilePolledAs(workflow: ScriptedWorkflow, worker: ReturnType<typeof version>) {
    const found = async () => {
      await eventually(async () => {
        const { pollers } = await workflow.client.describeTaskQueue(workflow.taskQueue, 'workflow');
        return pollers.length > 0;
      }, 'the server to list the poller');
      return (await onceStuck(workflow))[0];
    };
    return workflow.whilePolledAs(worker, found, 8);
  }

  test('is pinned to a version without workers, while another version polls', async () => {
    const pinned = version('1.0');
    const workflow = await ScriptedWorkflow.start(connection, { pinned });

    const reason = await reasonWhilePolledAs(workflow, { ...pinned, buildId: '2.0' });

    expect(reason).toMatchObject({
      kind: 'noPoller',
      taskQueue: workflow.taskQueue,
      deploymentVersion: pinned,
      explanation: expect.stringContaining(`of version ${pinned.deploymentName}:1.0, to which the run is pinned`),
    });
    expect(reason?.explanation).toContain('workers of other versions do');
    expect(reason).toMatchObject({ lastPollTime: undefined });
  });

  test('is not pinned, and workers poll only as a version that is not current', async () => {
    const workflow = await ScriptedWorkflow.start(connection);

    const reason = await reasonWhilePolledAs(workflow, version('1.0'));

    expect(reason).toMatchObject({
      kind: 'noPoller',
      explanation: expect.stringContaining('No worker without a version polls'),
    });
    expect(reason).not.toHaveProperty('deploymentVersion');
  });

  test('is pinned, and nothing polls at all', async () => {
    const pinned = version('1.0');
    const workflow = await ScriptedWorkflow.start(connection, { pinned });

    expect(await onceStuck(workflow)).toMatchObject([
      {
        kind: 'noPoller',
        deploymentVersion: pinned,
        explanation: expect.stringMatching(/^No worker polls task queue "[^"]+"\. The workflow receives/),
      },
    ]);
  });

  test('is on a task queue that a worker has polled, which has stopped or is at its limit of tasks', async () => {
    const name = `polled-${randomUUID()}`;
    const poll = { namespace, taskQueue: { name }, identity: 'test' };
    // The server records the polls that wait, and answers one with a deadline of 2 s at once.
    await connection
      .withDeadline(Date.now() + 5_000, () => connection.workflowService.pollWorkflowTaskQueue(poll))
      .catch(() => {});
    const workflow = await ScriptedWorkflow.start(connection, { taskQueue: name });

    expect(await onceStuck(workflow)).toMatchObject([
      {
        kind: 'noPoller',
        lastPollTime: expect.any(String),
        explanation: expect.stringMatching(
          /"; the last poll was at \S+Z, by a worker that has stopped or is at its limit of tasks\. /,
        ),
      },
    ]);
  });

  test('is not said of a task that a worker of the version has taken', async () => {
    const pinned = version('1.0');
    const workflow = await ScriptedWorkflow.start(connection, { pinned, workflowTaskTimeoutSeconds: 60 });
    const isTaken = async () => Boolean((await workflow.describe()).pendingWorkflowTask?.startedTime);
    await workflow.whilePolledAs(pinned, () => eventually(isTaken, 'the task to be taken'));
    await untilUnclaimed();

    expect(await stuckOf(workflow)).toEqual([]);
  });
});

describe('a run that waits for an activity', () => {
  test('that is paused, before and while it is at work', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const options = { heartbeat: 30, attempts: 3 };
    await workflow.completeTask(
      scheduleActivity('pack', workflow.taskQueue, { ...options, activityId: 'pack' }),
      scheduleActivity('ship', `${workflow.taskQueue}-other`, { ...options, activityId: 'ship' }),
    );
    await workflow.pollActivity();
    await workflow.pauseActivity('pack', 'wrong parcel');
    await workflow.pauseActivity('ship', 'no driver');

    expect(await stuckOf(workflow)).toEqual(
      [['pack', 'wrong parcel'] as const, ['ship', 'no driver'] as const].map(([name, reason]) => ({
        kind: 'activityPaused',
        activityId: name,
        activityType: name,
        pausedBy: 'ann',
        reason,
        pausedTime: expect.any(String),
        explanation: expect.stringMatching(`^Activity ${name} is paused by ann since .*: ${reason}`),
      })),
    );
  });

  test('whose task queue no worker polls', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const activityQueue = `activities-${randomUUID()}`;
    await workflow.completeTask(scheduleActivity('pack', activityQueue, { activityId: 'p' }));

    expect(await onceStuck(workflow)).toMatchObject([
      {
        kind: 'noActivityPoller',
        activityId: 'p',
        activityType: 'pack',
        taskQueue: activityQueue,
        explanation: expect.stringContaining(`No worker polls task queue "${activityQueue}"`),
      },
    ]);
  });

  test('of many, the first by their ids are looked at, in that order', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const activities = Array.from({ length: 12 }, (_, index) =>
      scheduleActivity('pack', 'unpolled', { activityId: String(index + 1) }),
    );
    await workflow.completeTask(...activities);
    await untilUnclaimed();

    expect((await stuckOf(workflow)).map((reason) => 'activityId' in reason && reason.activityId)).toEqual(
      Array.from({ length: 10 }, (_, index) => String(index + 1)),
    );
  });

  test('that is at work without heartbeats, which may not be told of the cancellation', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    await workflow.completeTask(scheduleActivity('pack', workflow.taskQueue));
    await workflow.pollActivity();

    expect(await stuckOf(workflow)).toMatchObject([
      {
        kind: 'activityNotHeartbeating',
        explanation: expect.stringContaining('may not receive the cancellation'),
      },
    ]);
  });

  test('that is at work with heartbeats is not stuck', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    await workflow.completeTask(scheduleActivity('pack', workflow.taskQueue, { heartbeat: 30 }));
    await workflow.pollActivity();
    await untilUnclaimed();

    expect(await stuckOf(workflow)).toEqual([]);
  });
});

describe('a run that waits for a child', () => {
  async function parentOf(taskQueue: string, parent?: ScriptedWorkflow) {
    const workflow = parent ?? (await ScriptedWorkflow.start(connection));
    const child = ScriptedWorkflow.promised(connection, taskQueue);
    await workflow.completeTask(startChild('ship', taskQueue, { workflowId: child.workflowId }));
    // The child's start wakes the parent.
    await workflow.completeTask();
    return { workflow, child };
  }

  test('whose task queue no worker polls', async () => {
    const { workflow, child } = await parentOf(`children-${randomUUID()}`);

    expect(await onceStuck(workflow)).toMatchObject([
      {
        kind: 'childStuck',
        workflowId: child.workflowId,
        workflowType: 'ship',
        runId: expect.any(String),
        childKinds: ['noPoller'],
        explanation: expect.stringContaining(`No worker polls task queue "${child.taskQueue}"`),
      },
    ]);
  });

  test('whose own child no worker takes', async () => {
    const { workflow, child } = await parentOf(`children-${randomUUID()}`);
    const { child: grandchild } = await parentOf(`grandchildren-${randomUUID()}`, child);

    expect(await onceStuck(workflow)).toMatchObject([
      {
        kind: 'childStuck',
        workflowId: child.workflowId,
        childKinds: ['childStuck'],
        explanation: expect.stringContaining(`No worker polls task queue "${grandchild.taskQueue}"`),
      },
    ]);
  });

  test('whose workflow task fails', async () => {
    const { workflow, child } = await parentOf(`children-${randomUUID()}`);
    await child.failTask('bug');
    await child.failTask('bug');

    const [reason] = await stuckOf(workflow);
    expect(reason).toMatchObject({ kind: 'childStuck', explanation: expect.stringContaining(': bug') });
  });

  test('that waits for a paused activity', async () => {
    const { workflow, child } = await parentOf(`children-${randomUUID()}`);
    await child.completeTask(scheduleActivity('pack', child.taskQueue, { activityId: 'pack' }));
    await child.pauseActivity('pack', 'wrong parcel');

    expect(await stuckOf(workflow)).toMatchObject([{ kind: 'childStuck', childKinds: ['activityPaused'] }]);
  });

  test('that continued as new, and whose new run no worker takes', async () => {
    const { workflow, child } = await parentOf(`children-${randomUUID()}`);
    await child.completeTask(continueAsNew);

    // The server delays the first task of a run that continued as new within a second.
    expect(await onceStuck(workflow)).toMatchObject([{ kind: 'childStuck', childKinds: ['noPoller'] }]);
  });

  test('that waits for a timer is not stuck', async () => {
    const { workflow, child } = await parentOf(`children-${randomUUID()}`);
    await child.completeTask(startTimer('1', 600_000));
    await untilUnclaimed();

    expect(await stuckOf(workflow)).toEqual([]);
  });

  test('that has completed is not stuck', async () => {
    const { workflow, child } = await parentOf(`children-${randomUUID()}`);
    await child.completeTask(completeWorkflow);
    await eventually(async () => (await workflow.describe()).pendingWorkflowTask);
    await workflow.completeTask(startTimer('1', 600_000));

    expect(await stuckOf(workflow)).toEqual([]);
  });
});

/** Servers from 1.30 on pause workflows; the server of these tests does not know that status. */
describe('a paused workflow, as newer servers describe it', () => {
  const { DescribeWorkflowExecutionResponse } = temporal.api.workflowservice.v1;
  const PAUSED = temporal.api.enums.v1.WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_PAUSED;

  test('is stuck until it is unpaused, whatever polls', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const { proxy, address } = await GrpcProxy.start();
    proxy.rewrites.set('DescribeWorkflowExecution', (response) => {
      const described = DescribeWorkflowExecutionResponse.decode(response);
      described.workflowExecutionInfo!.status = PAUSED;
      described.workflowExtendedInfo = {
        pauseInfo: { identity: 'ann', reason: 'investigating', pausedTime: described.workflowExecutionInfo?.startTime },
      };
      return DescribeWorkflowExecutionResponse.encode(described).finish();
    });
    const proxied = Connection.lazy({ address });
    try {
      const client = new NamespaceClient(namespace, callsOver(proxied));
      await untilUnclaimed();

      const stuck = await explainStuck(client, await describeExecution(client, { workflowId: workflow.workflowId }));

      expect(stuck).toMatchObject([
        {
          kind: 'workflowPaused',
          pausedBy: 'ann',
          reason: 'investigating',
          pausedTime: expect.any(String),
          explanation: expect.stringMatching(/^The workflow is paused by ann since .*: investigating/),
        },
      ]);
      expect(stuck[0]?.explanation).toContain('takes effect once it is unpaused');
      expect(await describeWorkflow(client, { workflowId: workflow.workflowId })).toMatchObject({
        status: 'Paused',
        paused: { pausedBy: 'ann', reason: 'investigating', pausedTime: expect.any(String) },
        stuck: [{ kind: 'workflowPaused', explanation: expect.stringContaining('It proceeds once it is unpaused') }],
      });
    } finally {
      await proxied.close();
      proxy.stop();
    }
  });
});
