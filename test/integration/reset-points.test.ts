import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import { eventually } from '../support/eventually';
import { listResetPoints } from '../../operations/reset-points';
import type { ResetPoint } from '../../api/reset-point';
import {
  completeWorkflow,
  testConnection,
  continueAsNew,
  failWorkflow,
  goLocalActivityMarker,
  javaLocalActivityMarker,
  localActivityMarker,
  marker,
  scheduleActivity,
  ScriptedWorkflow,
  startChild,
  startTimer,
  versionMarker,
} from '../support/scripted-workflow';

const connection = testConnection();

/** All reset points of the run, read in pages of this size. */
async function allPoints({ client, workflowId, runId }: ScriptedWorkflow, size = 100): Promise<ResetPoint[]> {
  const points: ResetPoint[] = [];
  let token: string | undefined;
  do {
    const page = await listResetPoints(client, { workflowId, runId }, { size, token });
    points.push(...page.resetPoints);
    token = page.nextPageToken;
  } while (token !== undefined);
  return points;
}

const attribution = () => ({ reason: 'try', identity: 'test', temporalRequestId: randomUUID() });
const reset = (workflow: ScriptedWorkflow, eventId: number) => workflow.client.reset(workflow, eventId, attribution());
const terminate = (workflow: ScriptedWorkflow) => workflow.client.terminate(workflow, attribution());

/** A history, and the event ids and labels of its reset points, newest first. */
interface HistoryCase {
  record: (workflow: ScriptedWorkflow) => Promise<void>;
  labels: string[];
  /** 60 by default, so that no workflow task times out. */
  taskTimeoutSeconds?: number;
}

const histories: Record<string, HistoryCase> = {
  'activities that complete and fail': {
    record: async (workflow) => {
      await workflow.completeTask(scheduleActivity('reserveStock', workflow.taskQueue));
      await workflow.completeActivity();
      await workflow.completeTask(scheduleActivity('chargeCard', workflow.taskQueue, { attempts: 3 }));
      await workflow.failActivity('card declined', { retryable: true });
      await workflow.failActivity('card declined', { retryable: true });
      await workflow.failActivity('card declined', { retryable: true });
      await workflow.completeTask(failWorkflow('order failed'));
    },
    labels: [
      '16 before the workflow failed: order failed',
      '10 before chargeCard (activity, attempt 3 failed: card declined)',
      '4 first workflow task, before reserveStock (activity)',
    ],
  },
  'an activity that fails after later tasks have completed': {
    record: async (workflow) => {
      await workflow.completeTask(scheduleActivity('chargeCard', workflow.taskQueue));
      await workflow.signal('approve');
      await workflow.completeTask();
      await workflow.failActivity('card declined');
      await workflow.completeTask(completeWorkflow);
    },
    labels: [
      '14 before the workflow completed',
      '9 after signal approve',
      '4 first workflow task, before chargeCard (activity, attempt 1 failed: card declined)',
    ],
  },
  'failed workflow tasks': {
    record: async (workflow) => {
      await workflow.completeTask(startTimer('reminder', 1));
      await workflow.failTask('Nondeterminism error');
      await workflow.failTask('Nondeterminism error');
      await workflow.completeTask(startTimer('2', 600_000));
      await workflow.signal('approve');
      await workflow.failTask('bug');
    },
    labels: [
      '17 after signal approve, the workflow task failed: bug',
      '12 before timer 2',
      '9 after timer reminder, the workflow task failed: Nondeterminism error',
      '4 first workflow task, before timer reminder',
    ],
  },
  'no completed workflow task at all': {
    record: async (workflow) => {
      await workflow.failTask('bug');
      await workflow.failTask('bug');
    },
    labels: ['4 first workflow task, the workflow task failed: bug'],
  },
  'timed-out workflow tasks': {
    // Long enough to complete the other tasks.
    taskTimeoutSeconds: 4,
    record: async (workflow) => {
      await workflow.completeTask(startTimer('reminder', 600_000));
      await workflow.signal('approve');
      await workflow.timeOutTask();
      await workflow.completeTask(completeWorkflow);
    },
    labels: [
      '12 before the workflow completed',
      '9 after signal approve, the workflow task timed out',
      '4 first workflow task, before timer reminder',
    ],
  },
  'a task that its worker never started': {
    record: async (workflow) => {
      await workflow.completeTaskAsStickyWorker(startTimer('reminder', 600_000));
      await workflow.signal('approve');
      await eventually(async () =>
        (await workflow.history()).some((event) => event.workflowTaskTimedOutEventAttributes),
      );
      await workflow.completeTask(completeWorkflow);
    },
    labels: [
      '11 before the workflow completed',
      '8 after signal approve, the workflow task timed out',
      '4 first workflow task, before timer reminder',
    ],
  },
  'signals, also while a task is in progress': {
    record: async (workflow) => {
      await workflow.completeTask(scheduleActivity('pack', workflow.taskQueue));
      await workflow.signal('approve');
      await workflow.signal('approve');
      await workflow.completeTaskAfter(() => workflow.signal('late'), startTimer('1', 600_000));
      await workflow.completeTask();
    },
    labels: [
      '15 after signal late',
      '10 before timer 1',
      '4 first workflow task, before pack (activity, attempt 1 pending)',
    ],
  },
  'a task that the server failed because a signal arrived just before it completed': {
    record: async (workflow) => {
      await workflow.completeTaskAfter(() => workflow.signal('wait'), completeWorkflow).catch(() => {});
      await workflow.completeTask(completeWorkflow);
    },
    labels: ['8 before the workflow completed', '4 first workflow task'],
  },
  updates: {
    record: async (workflow) => {
      await workflow.completeTask(startTimer('reminder', 600_000));
      await workflow.update('addItem', scheduleActivity('pack', workflow.taskQueue));
      await workflow.completeActivity();
      await workflow.completeTask();
      await workflow.update('close');
      await workflow.update('again', completeWorkflow);
    },
    labels: [
      '24 before update again, the workflow completed',
      '19 before update close',
      '16 after pack completed',
      '8 before update addItem, pack (activity)',
      '4 first workflow task, before timer reminder',
    ],
  },
  timers: {
    record: async (workflow) => {
      await workflow.completeTask(startTimer('reminder', 1));
      await workflow.completeTask(startTimer('deadline', 1));
      await workflow.completeTask();
    },
    labels: ['14 after timer deadline', '9 before timer deadline', '4 first workflow task, before timer reminder'],
  },
  children: {
    record: async (workflow) => {
      const childQueue = `children-${randomUUID()}`;
      const child = ScriptedWorkflow.attach(connection, childQueue);
      await workflow.completeTask(startChild('ship', childQueue, child));
      await workflow.completeTask(startChild('invoice', `never-${childQueue}`));
      await workflow.completeTask();
      await child.completeTask(completeWorkflow);
      await workflow.completeTask();
    },
    labels: [
      '18 after ship (child workflow) completed',
      '14 after invoice (child workflow) started',
      '9 before invoice (child workflow)',
      '4 first workflow task, before ship (child workflow)',
    ],
  },
  'continue-as-new': {
    record: async (workflow) => {
      await workflow.completeTask(startTimer('reminder', 1));
      await workflow.completeTask(continueAsNew);
      await workflow.completeTask(startTimer('reminder', 1));
    },
    labels: ['9 before the workflow continued as new', '4 first workflow task, before timer reminder'],
  },
  'a run that was terminated before a worker polled': {
    record: (workflow) => terminate(workflow),
    labels: ['3 first workflow task, which has not ended'],
  },
  'a run that was signalled, requested to cancel and terminated before a worker polled': {
    record: async (workflow) => {
      await workflow.signal('approve');
      await workflow.client.requestCancel(workflow, attribution());
      await terminate(workflow);
    },
    labels: ['3 first workflow task, which has not ended'],
  },
  'a run that was terminated during its first workflow task': {
    record: async (workflow) => {
      await workflow.pollTask();
      await terminate(workflow);
    },
    labels: ['4 first workflow task, the workflow task failed: no message'],
  },
  'an open run that was signalled before a worker polled': {
    record: (workflow) => workflow.signal('approve'),
    labels: ['3 first workflow task, which has not ended'],
  },
  'local activities of every SDK': {
    record: (workflow) =>
      workflow.completeTask(
        localActivityMarker('core'),
        javaLocalActivityMarker('java'),
        goLocalActivityMarker('go'),
        versionMarker('change-id', 'goChange'),
        versionMarker('changeId', 'javaChange'),
        completeWorkflow,
      ),
    labels: [
      '4 first workflow task, before core (local activity), java (local activity), go (local activity) and 3 more',
    ],
  },
  versions: {
    record: (workflow) =>
      workflow.completeTask(versionMarker('change-id', 'go'), versionMarker('changeId', 'java'), completeWorkflow),
    labels: ['4 first workflow task, before version of go, version of java, the workflow completed'],
  },
  'local activities and markers': {
    record: async (workflow) => {
      await workflow.completeTask(localActivityMarker('lookUp'), marker('Version'), startTimer('1', 1));
      await workflow.completeTask(localActivityMarker('lookUp'), completeWorkflow);
    },
    labels: [
      '11 before lookUp (local activity), the workflow completed',
      '4 first workflow task, before lookUp (local activity), marker Version, timer 1',
    ],
  },
  'a cancellation request': {
    record: async (workflow) => {
      await workflow.completeTask(startTimer('1', 600_000));
      await workflow.client.requestCancel(workflow, { reason: 'r', identity: 'i', temporalRequestId: randomUUID() });
      await workflow.completeTask();
    },
    labels: ['9 after the cancellation request', '4 first workflow task, before timer 1'],
  },
};

describe.each(Object.entries(histories))('the reset points of a history with %s', (_name, history) => {
  const { record, labels, taskTimeoutSeconds = 60 } = history;
  let workflow: ScriptedWorkflow;
  beforeAll(async () => {
    workflow = await ScriptedWorkflow.start(connection, { workflowTaskTimeoutSeconds: taskTimeoutSeconds });
    await record(workflow);
  });

  test('are listed with event ids and labels that say what happened there', async () => {
    expect((await allPoints(workflow)).map(({ eventId, label }) => `${eventId} ${label}`)).toEqual(labels);
  });

  test('are the same in pages of each size', async () => {
    const whole = await allPoints(workflow);
    expect(await allPoints(workflow, 1)).toEqual(whole);
    expect(await allPoints(workflow, 2)).toEqual(whole);
  });

  test('are accepted by the server, as are those of the new runs', async () => {
    const points = await allPoints(workflow);
    const newRunIds: string[] = [];
    for (const { eventId } of points) newRunIds.push(await reset(workflow, eventId));
    expect(new Set(newRunIds).size).toBe(points.length);
    for (const runId of newRunIds.slice(0, 3)) {
      const newPoints = await allPoints(workflow.withRunId(runId));
      expect(newPoints[0]?.label).toContain('where an earlier reset started');
      for (const { eventId } of newPoints) await reset(workflow.withRunId(runId), eventId);
    }
  });
});

describe('a listing of reset points', () => {
  async function withTwoPoints(): Promise<ScriptedWorkflow> {
    const workflow = await ScriptedWorkflow.start(connection);
    await workflow.completeTask();
    await workflow.signal('one');
    await workflow.completeTask();
    return workflow;
  }

  test('has the build of each task, and whether the server lists the build as resettable', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    await workflow.completeTaskAs('build-1', startChild('ship', 'unpolled'));
    await workflow.signal('a');
    await workflow.completeTaskAs('build-1');
    await workflow.signal('b');
    await workflow.completeTaskAs('build-2');

    const points = await allPoints(workflow);

    expect(points.map(({ buildId, resettable }) => [buildId, resettable])).toEqual([
      // The child is pending: the server then lists the build as not resettable.
      ['build-2', false],
      ['build-1', true],
      ['build-1', true],
    ]);
  });

  test('continues with the run of the page token if the request names no run', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    await workflow.completeTask();
    await workflow.signal('go');
    await workflow.completeTask(continueAsNew);
    const { client, workflowId, runId } = workflow;
    const first = await listResetPoints(client, { workflowId, runId }, { size: 1 });

    const second = await listResetPoints(client, { workflowId }, { size: 1, token: first.nextPageToken });

    expect(second.runId).toBe(runId);
    expect(second.resetPoints).toMatchObject([{ label: 'first workflow task' }]);
    expect(second.nextPageToken).toBeUndefined();
  });

  test('continues at the same point although the run has new events', async () => {
    const workflow = await withTwoPoints();
    const { client, workflowId } = workflow;
    const first = await listResetPoints(client, { workflowId }, { size: 1 });
    await workflow.signal('two');
    await workflow.completeTask();

    const second = await listResetPoints(client, { workflowId }, { size: 1, token: first.nextPageToken });

    expect(first.resetPoints).toMatchObject([{ label: 'after signal one' }]);
    expect(second.resetPoints).toMatchObject([{ label: 'first workflow task' }]);
  });

  interface Page {
    workflowId: string;
    runId?: string;
    token: string;
  }
  test.each<[what: string, change: (page: Page) => Promise<Partial<Page>>]>([
    ['that is garbage', async () => ({ token: 'x' })],
    ['that was modified', async ({ token }) => ({ token: token.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')) })],
    ['of another run', async () => ({ runId: randomUUID() })],
    [
      'of another workflow',
      async () => ({ workflowId: (await ScriptedWorkflow.start(connection)).workflowId, runId: undefined }),
    ],
  ])('refuses a page token %s', async (_what, change) => {
    const { client, workflowId, runId } = await withTwoPoints();
    const { nextPageToken: token = '' } = await listResetPoints(client, { workflowId, runId }, { size: 1 });
    const page: Page = { workflowId, runId, token };

    const { token: changed, ...run } = { ...page, ...(await change(page)) };

    await expect(listResetPoints(client, run, { size: 1, token: changed })).rejects.toMatchObject({
      kind: 'invalid-request',
      details: { field: 'pageToken' },
    });
  });

  test('is empty for an open run that has only been started', async () => {
    expect(await allPoints(await ScriptedWorkflow.start(connection))).toEqual([]);
  });
});

test('the server accepts every reset point of generated histories', async () => {
  const actions: Record<string, (workflow: ScriptedWorkflow) => Promise<void>> = {
    timer: (workflow) => workflow.completeTask(localActivityMarker('lookUp'), startTimer(randomUUID(), 600_000)),
    child: (workflow) => workflow.completeTask(scheduleActivity('pack', 'unpolled'), startChild('ship', 'unpolled')),
    late: (workflow) => workflow.completeTaskAfter(() => workflow.signal('late'), marker('Version')),
    failure: (workflow) => workflow.failTask('bug'),
    nothing: (workflow) => workflow.completeTask(),
  };
  const step = fc.record({
    signalFirst: fc.boolean(),
    action: fc.constantFrom(...Object.keys(actions)),
    trigger: fc.constantFrom('update' as const, 'signal' as const),
  });
  const steps = fc.array(step, { minLength: 12, maxLength: 12 });

  await fc.assert(
    fc.asyncProperty(steps, async (generated) => {
      const workflow = await ScriptedWorkflow.start(connection);
      const hasTask = async () => Boolean((await workflow.describe()).pendingWorkflowTask);
      for (const { signalFirst, action, trigger } of generated) {
        if (signalFirst) await workflow.signal('early');
        await ((await hasTask()) ? actions[action]!(workflow) : workflow[trigger]('trigger'));
      }
      if (await hasTask()) await workflow.completeTask(completeWorkflow).catch(() => {});

      const points = await allPoints(workflow);

      expect(points.length).toBeGreaterThan(0);
      for (const { eventId } of points) expect(await reset(workflow, eventId)).toEqual(expect.any(String));
    }),
    { numRuns: 6 },
  );
});
