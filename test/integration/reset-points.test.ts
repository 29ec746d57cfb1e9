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

/** All points of the run, read in pages of a size. */
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

/** Histories of every kind, and what the points in them are called, newest first. */
interface Play {
  play: (workflow: ScriptedWorkflow) => Promise<void>;
  labels: string[];
  /** A minute where no task is to time out. */
  taskTimeoutSeconds?: number;
}

const plays: Record<string, Play> = {
  'activities that complete and fail': {
    play: async (workflow) => {
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
  'an activity that fails when other tasks have ended since': {
    play: async (workflow) => {
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
    play: async (workflow) => {
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
    play: async (workflow) => {
      await workflow.failTask('bug');
      await workflow.failTask('bug');
    },
    labels: ['4 first workflow task, the workflow task failed: bug'],
  },
  'timed-out workflow tasks': {
    // The other tasks have to be answered within it.
    taskTimeoutSeconds: 4,
    play: async (workflow) => {
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
  'a task that its worker never took': {
    play: async (workflow) => {
      await workflow.completeTaskAndVanish(startTimer('reminder', 600_000));
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
  'signals, also while a task is at work': {
    play: async (workflow) => {
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
  'a task failed by the server because of a signal at the last moment': {
    play: async (workflow) => {
      await workflow.completeTaskAfter(() => workflow.signal('wait'), completeWorkflow).catch(() => {});
      await workflow.completeTask(completeWorkflow);
    },
    labels: ['8 before the workflow completed', '4 first workflow task'],
  },
  updates: {
    play: async (workflow) => {
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
    play: async (workflow) => {
      await workflow.completeTask(startTimer('reminder', 1));
      await workflow.completeTask(startTimer('deadline', 1));
      await workflow.completeTask();
    },
    labels: ['14 after timer deadline', '9 before timer deadline', '4 first workflow task, before timer reminder'],
  },
  children: {
    play: async (workflow) => {
      const childQueue = `children-${randomUUID()}`;
      const child = ScriptedWorkflow.promised(connection, childQueue);
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
    play: async (workflow) => {
      await workflow.completeTask(startTimer('reminder', 1));
      await workflow.completeTask(continueAsNew);
      await workflow.completeTask(startTimer('reminder', 1));
    },
    labels: ['9 before the workflow continued as new', '4 first workflow task, before timer reminder'],
  },
  'a run that was terminated before a worker took it': {
    play: (workflow) => terminate(workflow),
    labels: ['3 first workflow task, which has not ended'],
  },
  'a run that was signalled, asked to cancel and terminated before a worker took it': {
    play: async (workflow) => {
      await workflow.signal('approve');
      await workflow.client.requestCancel(workflow, attribution());
      await terminate(workflow);
    },
    labels: ['3 first workflow task, which has not ended'],
  },
  'a run that was terminated while a worker had its first task': {
    play: async (workflow) => {
      await workflow.pollTask();
      await terminate(workflow);
    },
    labels: ['4 first workflow task, the workflow task failed: no message'],
  },
  'an open run that was signalled before a worker took it': {
    play: (workflow) => workflow.signal('approve'),
    labels: ['3 first workflow task, which has not ended'],
  },
  'local activities of every SDK': {
    play: (workflow) =>
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
    play: (workflow) =>
      workflow.completeTask(versionMarker('change-id', 'go'), versionMarker('changeId', 'java'), completeWorkflow),
    labels: ['4 first workflow task, before version of go, version of java, the workflow completed'],
  },
  'local activities and markers': {
    play: async (workflow) => {
      await workflow.completeTask(localActivityMarker('lookUp'), marker('Version'), startTimer('1', 1));
      await workflow.completeTask(localActivityMarker('lookUp'), completeWorkflow);
    },
    labels: [
      '11 before lookUp (local activity), the workflow completed',
      '4 first workflow task, before lookUp (local activity), marker Version, timer 1',
    ],
  },
  'a cancellation request': {
    play: async (workflow) => {
      await workflow.completeTask(startTimer('1', 600_000));
      await workflow.client.requestCancel(workflow, { reason: 'r', identity: 'i', temporalRequestId: randomUUID() });
      await workflow.completeTask();
    },
    labels: ['9 after the cancellation request', '4 first workflow task, before timer 1'],
  },
};

describe.each(Object.entries(plays))('the reset points of a history with %s', (_name, kind) => {
  const { play, labels, taskTimeoutSeconds = 60 } = kind;
  let workflow: ScriptedWorkflow;
  beforeAll(async () => {
    workflow = await ScriptedWorkflow.start(connection, { workflowTaskTimeoutSeconds: taskTimeoutSeconds });
    await play(workflow);
  });

  test('have labels that a person understands', async () => {
    expect((await allPoints(workflow)).map(({ eventId, label }) => `${eventId} ${label}`)).toEqual(labels);
  });

  test('are the same when read page by page', async () => {
    const whole = await allPoints(workflow);
    expect(await allPoints(workflow, 1)).toEqual(whole);
    expect(await allPoints(workflow, 2)).toEqual(whole);
  });

  test('are all accepted by the server, and so are those of the runs that this makes', async () => {
    const points = await allPoints(workflow);
    const made: string[] = [];
    for (const { eventId } of points) made.push(await reset(workflow, eventId));
    expect(new Set(made).size).toBe(points.length);
    for (const runId of made.slice(0, 3)) {
      const again = await allPoints(workflow.ofRun(runId));
      expect(again[0]?.label).toContain('where an earlier reset started');
      for (const { eventId } of again) await reset(workflow.ofRun(runId), eventId);
    }
  });
});

describe('a listing of reset points', () => {
  test('has the build of each task, and whether a reset to the build is still possible', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    await workflow.completeTaskAs('build-1', startChild('ship', 'nobody'));
    await workflow.signal('a');
    await workflow.completeTaskAs('build-1');
    await workflow.signal('b');
    await workflow.completeTaskAs('build-2');

    const points = await allPoints(workflow);

    expect(points.map(({ buildId, resettable }) => [buildId, resettable])).toEqual([
      // The child is pending: of such a point the server says that it is not resettable.
      ['build-2', false],
      ['build-1', true],
      ['build-1', true],
    ]);
  });

  test('of the current run stays with that run from page to page', async () => {
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

  test('goes on where it was although the run has gone on meanwhile', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    await workflow.completeTask();
    await workflow.signal('one');
    await workflow.completeTask();
    const { client, workflowId } = workflow;
    const first = await listResetPoints(client, { workflowId }, { size: 1 });
    await workflow.signal('two');
    await workflow.completeTask();

    const second = await listResetPoints(client, { workflowId }, { size: 1, token: first.nextPageToken });

    expect(first.resetPoints).toMatchObject([{ label: 'after signal one' }]);
    expect(second.resetPoints).toMatchObject([{ label: 'first workflow task' }]);
  });

  test.each([
    ['garbage', () => 'x'],
    ['a changed token', (token: string) => token.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))],
  ])('refuses %s', async (_name, forge) => {
    const workflow = await ScriptedWorkflow.start(connection);
    await workflow.completeTask();
    await workflow.signal('go');
    await workflow.completeTask();
    const { client, workflowId, runId } = workflow;
    const { nextPageToken } = await listResetPoints(client, { workflowId, runId }, { size: 1 });

    await expect(
      listResetPoints(client, { workflowId, runId }, { size: 1, token: forge(nextPageToken!) }),
    ).rejects.toMatchObject({ kind: 'invalid-request', details: { field: 'pageToken' } });
  });

  test('refuses a token of another run', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    await workflow.completeTask();
    await workflow.signal('go');
    await workflow.completeTask();
    const { client, workflowId } = workflow;
    const { nextPageToken } = await listResetPoints(client, { workflowId }, { size: 1 });

    await expect(
      listResetPoints(client, { workflowId, runId: randomUUID() }, { size: 1, token: nextPageToken }),
    ).rejects.toMatchObject({ kind: 'invalid-request', details: { field: 'pageToken' } });
  });

  test('refuses a token of another workflow', async () => {
    const [one, other] = await Promise.all([ScriptedWorkflow.start(connection), ScriptedWorkflow.start(connection)]);
    await one.completeTask();
    await one.signal('go');
    await one.completeTask();
    const { nextPageToken } = await listResetPoints(one.client, { workflowId: one.workflowId }, { size: 1 });

    await expect(
      listResetPoints(one.client, { workflowId: other.workflowId }, { size: 1, token: nextPageToken }),
    ).rejects.toMatchObject({ kind: 'invalid-request', details: { field: 'pageToken' } });
  });

  test('of an open run in which nothing has happened is empty', async () => {
    expect(await allPoints(await ScriptedWorkflow.start(connection))).toEqual([]);
  });
});

/** Whatever happens in a history, every point is accepted. */
test('made-up histories have only points that the server accepts', async () => {
  const answers: Record<string, (workflow: ScriptedWorkflow) => Promise<void>> = {
    timer: (workflow) => workflow.completeTask(localActivityMarker('lookUp'), startTimer(randomUUID(), 600_000)),
    child: (workflow) => workflow.completeTask(scheduleActivity('pack', 'nobody'), startChild('ship', 'nobody')),
    late: (workflow) => workflow.completeTaskAfter(() => workflow.signal('late'), marker('Version')),
    failure: (workflow) => workflow.failTask('bug'),
    nothing: (workflow) => workflow.completeTask(),
  };
  const step = fc.record({
    early: fc.boolean(),
    answer: fc.constantFrom(...Object.keys(answers)),
    wake: fc.constantFrom('update' as const, 'signal' as const),
  });
  const steps = fc.array(step, { minLength: 12, maxLength: 12 });

  await fc.assert(
    fc.asyncProperty(steps, async (happening) => {
      const workflow = await ScriptedWorkflow.start(connection);
      const hasTask = async () => Boolean((await workflow.describe()).pendingWorkflowTask);
      for (const { early, answer, wake } of happening) {
        if (early) await workflow.signal('early');
        await ((await hasTask()) ? answers[answer]!(workflow) : workflow[wake]('wake'));
      }
      if (await hasTask()) await workflow.completeTask(completeWorkflow).catch(() => {});

      const points = await allPoints(workflow);

      expect(points.length).toBeGreaterThan(0);
      for (const { eventId } of points) expect(await reset(workflow, eventId)).toEqual(expect.any(String));
    }),
    { numRuns: 6 },
  );
});
