import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { Connection } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import type { Stuck } from '../../api/stuck';
import { describeWorkflow } from '../../operations/describe';
import { explainStuck } from '../../operations/stuck';
import { describeExecution } from '../../operations/temporal/executions';
import { callsOver } from '../support/calls-over';
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
import { withCall } from '../support/with-call';

const { DescribeTaskQueueResponse } = temporal.api.workflowservice.v1;
const VERSIONED = temporal.api.enums.v1.WorkerVersioningMode.WORKER_VERSIONING_MODE_VERSIONED;
const connection = testConnection();

// A task that no worker has started is reported after a second: on this clock, at once.
const realNow = Date.now;
beforeAll(() => jest.spyOn(Date, 'now').mockImplementation(() => realNow() + 1_200));
afterAll(() => jest.restoreAllMocks());

/** The reasons that a cancellation returns. Checks that a description returns the same. */
async function stuckOf({ client, workflowId }: ScriptedWorkflow) {
  const read = async () => {
    const run = await describeExecution(client, { workflowId });
    const stuck = await explainStuck(client, run);
    const described = await describeWorkflow(client, { workflowId });
    const listed = run.cancelRequested ? stuck : stuck.filter(({ kind }) => kind !== 'activityNotHeartbeating');
    return { stuck, described: described.stuck?.map(withoutRemedy), listed: listed.map(withoutRemedy) };
  };
  const result = await read();
  // A task can become stuck between the two reads.
  const { stuck, described, listed } = isDeepStrictEqual(result.described, result.listed) ? result : await read();
  expect(described).toEqual(listed);
  return stuck;
}

/** The last sentence differs between a cancellation and a description. */
const withoutRemedy = ({ explanation, ...reason }: Stuck) => ({
  ...reason,
  explanation: explanation.replace(/(?<=\.) [^.]*\.$/, ''),
});

/** The reasons, once there are any. */
async function onceStuck(workflow: ScriptedWorkflow) {
  return eventually(async () => {
    const stuck = await stuckOf(workflow);
    return stuck.length > 0 && stuck;
  }, 'the workflow to be stuck');
}

const version = (buildId: string) => ({ deploymentName: `orders-${randomUUID()}`, buildId });

describe('a run whose workflow task waits for a worker', () => {
  /** The reason that is returned while workers of this version poll. */
  async function reasonWhilePolledAs(workflow: ScriptedWorkflow, worker: ReturnType<typeof version>) {
    const firstReason = async () => {
      await eventually(async () => {
        const { pollers } = await workflow.client.describeTaskQueue(workflow.taskQueue, 'workflow');
        return pollers.length > 0;
      }, 'the server to list the poller');
      return (await onceStuck(workflow))[0];
    };
    return workflow.withPollers(worker, firstReason, 8);
  }

  test('is stuck if it is pinned to a version and only workers of another version poll', async () => {
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

  test('is stuck if it is not pinned and workers poll only as a version that is not current', async () => {
    const workflow = await ScriptedWorkflow.start(connection);

    const reason = await reasonWhilePolledAs(workflow, version('1.0'));

    expect(reason).toMatchObject({
      kind: 'noPoller',
      explanation: expect.stringContaining('No worker without a version polls'),
    });
    expect(reason).not.toHaveProperty('deploymentVersion');
  });

  test('is stuck if it is pinned and no worker polls', async () => {
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

  test('is stuck with the time of the last poll if a worker polled before', async () => {
    const name = `polled-${randomUUID()}`;
    const poll = { namespace, taskQueue: { name }, identity: 'test' };
    // The server records only polls that wait; with a deadline of 2 s it responds at once.
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

  test('is not stuck if a worker of its version has started the task', async () => {
    const pinned = version('1.0');
    const workflow = await ScriptedWorkflow.start(connection, { pinned, workflowTaskTimeoutSeconds: 60 });
    const isStarted = async () => Boolean((await workflow.describe()).pendingWorkflowTask?.startedTime);
    await workflow.withPollers(pinned, () => eventually(isStarted, 'the task to start'));

    expect(await stuckOf(workflow)).toEqual([]);
    // The server forgets pollers, while the worker still executes the task.
    const forgetful = withCall(workflow.client, 'describeTaskQueue', async () => DescribeTaskQueueResponse.create());
    const run = await describeExecution(forgetful, workflow);
    expect(await explainStuck(forgetful, run)).toEqual([]);
  });
});

describe('a run that waits for an activity', () => {
  test('is stuck if the activity is paused, whether it is scheduled or started', async () => {
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

  test('is stuck if no worker polls the activity’s task queue', async () => {
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

  test('is stuck if it is pinned to a version that serves the activity’s task queue, and only other workers poll', async () => {
    const pinned = version('1.0');
    const workflow = await ScriptedWorkflow.start(connection, { pinned });
    const [ofVersion, ofOthers] = [`shared-${randomUUID()}`, `separate-${randomUUID()}`];
    const poll = (taskQueue: string, seconds: number, deploymentVersion?: typeof pinned) =>
      connection.withDeadline(realNow() + seconds * 1_000, () =>
        connection.workflowService.pollActivityTaskQueue({
          namespace,
          taskQueue: { name: taskQueue },
          identity: 'test',
          ...(deploymentVersion && { deploymentOptions: { ...deploymentVersion, workerVersioningMode: VERSIONED } }),
        }),
      );
    const isRegistered = async () => (await workflow.client.taskQueuesOf(pinned, 'activity')).includes(ofVersion);
    // With a deadline of 2 s, the server responds at once and registers nothing.
    while (!(await isRegistered())) await poll(ofVersion, 5, pinned).catch(() => {});

    const [waiting, taken] = [poll(ofVersion, 6), poll(ofOthers, 6)];
    await workflow.completeTaskOfVersion(
      pinned,
      scheduleActivity('pack', ofVersion, { activityId: 'p', heartbeat: 30 }),
      scheduleActivity('mail', ofOthers, { activityId: 'm', heartbeat: 30 }),
    );
    expect((await taken).taskToken).not.toHaveLength(0);

    expect(await onceStuck(workflow)).toMatchObject([
      {
        kind: 'noActivityPoller',
        activityId: 'p',
        explanation: expect.stringContaining(
          `No worker of version ${pinned.deploymentName}:1.0, to which the run is pinned, polls task queue "${ofVersion}", workers of other versions do; the last such poll was at 2`,
        ),
      },
    ]);
    await workflow.client.terminate(workflow, { reason: 'done', identity: 'test', temporalRequestId: randomUUID() });
    await waiting;
  });

  test('is stuck for the first ten of many activities, in the order of their ids', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    const activities = Array.from({ length: 12 }, (_, index) =>
      scheduleActivity('pack', 'unpolled', { activityId: String(index + 1) }),
    );
    await workflow.completeTask(...activities);

    expect((await stuckOf(workflow)).map((reason) => 'activityId' in reason && reason.activityId)).toEqual(
      Array.from({ length: 10 }, (_, index) => String(index + 1)),
    );
  });

  test('is stuck if the activity runs without heartbeats, because it may not receive the cancellation', async () => {
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

  test('is not stuck if the activity runs with heartbeats', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    await workflow.completeTask(scheduleActivity('pack', workflow.taskQueue, { heartbeat: 30 }));
    await workflow.pollActivity();

    expect(await stuckOf(workflow)).toEqual([]);
  });
});

describe('a run that waits for a child', () => {
  async function parentOf(taskQueue: string, parent?: ScriptedWorkflow) {
    const workflow = parent ?? (await ScriptedWorkflow.start(connection));
    const child = ScriptedWorkflow.attach(connection, taskQueue);
    await workflow.completeTask(startChild('ship', taskQueue, { workflowId: child.workflowId }));
    // The child's start schedules a task of the parent.
    await workflow.completeTask();
    return { workflow, child };
  }

  test('is stuck if no worker polls the child’s task queue', async () => {
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

  test('is stuck if no worker polls the grandchild’s task queue', async () => {
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

  test('is not stuck by the child while it has a workflow task, which may need no child', async () => {
    const { workflow } = await parentOf(`children-${randomUUID()}`);
    await onceStuck(workflow);
    await workflow.signal('go');

    const kinds = (await onceStuck(workflow)).map(({ kind }) => kind);
    expect(kinds).toEqual(['noPoller']);
    await workflow.completeTask();
    expect(await onceStuck(workflow)).toMatchObject([{ kind: 'childStuck' }]);
  });

  test('is stuck if the child closed a while ago and its result has not arrived, and not right after', async () => {
    const { workflow, child } = await parentOf(`children-${randomUUID()}`);
    // Described before the result arrives, like a run whose server does not deliver it.
    const waiting = await describeExecution(workflow.client, workflow);
    await child.completeTask(completeWorkflow);

    expect(await explainStuck(workflow.client, waiting)).toEqual([]);
    jest.spyOn(Date, 'now').mockImplementation(() => realNow() + 12_000);
    const stuck = await explainStuck(workflow.client, waiting);
    jest.spyOn(Date, 'now').mockImplementation(() => realNow() + 1_200);
    expect(stuck).toMatchObject([
      { kind: 'childResultMissing', workflowId: child.workflowId, status: 'Completed', closeTime: expect.any(String) },
    ]);
  });

  test('is stuck if the child’s workflow task fails', async () => {
    const { workflow, child } = await parentOf(`children-${randomUUID()}`);
    await child.failTask('bug');
    await child.failTask('bug');

    const [reason] = await stuckOf(workflow);
    expect(reason).toMatchObject({ kind: 'childStuck', explanation: expect.stringContaining(': bug') });
  });

  test('is stuck if the child waits for a paused activity', async () => {
    const { workflow, child } = await parentOf(`children-${randomUUID()}`);
    await child.completeTask(scheduleActivity('pack', child.taskQueue, { activityId: 'pack' }));
    await child.pauseActivity('pack', 'wrong parcel');

    expect(await stuckOf(workflow)).toMatchObject([{ kind: 'childStuck', childKinds: ['activityPaused'] }]);
  });

  test('is stuck if the child continued as new and no worker polls for its new run', async () => {
    const { workflow, child } = await parentOf(`children-${randomUUID()}`);
    await child.completeTask(continueAsNew);

    // The server delays the first task of a run that continued as new within a second.
    expect(await onceStuck(workflow)).toMatchObject([{ kind: 'childStuck', childKinds: ['noPoller'] }]);
  });

  test('is not stuck if the child waits for a timer', async () => {
    const { workflow, child } = await parentOf(`children-${randomUUID()}`);
    await child.completeTask(startTimer('1', 600_000));

    expect(await stuckOf(workflow)).toEqual([]);
  });

  test('is not stuck if the child has completed', async () => {
    const { workflow, child } = await parentOf(`children-${randomUUID()}`);
    await child.completeTask(completeWorkflow);
    await eventually(async () => (await workflow.describe()).pendingWorkflowTask);
    await workflow.completeTask(startTimer('1', 600_000));

    expect(await stuckOf(workflow)).toEqual([]);
  });
});

/** The test server is too old to pause workflows: since 1.30 servers respond like this. */
describe('a paused workflow, as newer servers describe it', () => {
  const { DescribeWorkflowExecutionResponse } = temporal.api.workflowservice.v1;
  const PAUSED = temporal.api.enums.v1.WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_PAUSED;

  test('is stuck, with who paused it and why', async () => {
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
