import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import { isGrpcServiceError } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { MAX_CHILDREN_LISTED } from '../../api/reset';
import type { ResetRequest } from '../../api/reset';
import { OperationFailure } from '../../api/failures';
import { LEASE_MS } from '../../operations/ledger/lease';
import { keyedOperationId } from '../../operations/ledger/operation-id';
import { eventually } from '../support/eventually';
import { changedBefore, hangingCall, losingResponse } from '../support/interrupted-calls';
import { testLedger } from '../support/ledger-table';
import { Rewind } from '../support/rewind';
import {
  abandon,
  cancelWorkflowExecution,
  completeWorkflow,
  continueAsNew,
  continueAsNewAfter,
  failWorkflow,
  namespace,
  ScriptedWorkflow,
  startChild,
  testConnection,
} from '../support/scripted-workflow';
import { withCall } from '../support/with-call';

const connection = testConnection();
const ledger = testLedger();
const rewind = new Rewind(ledger);

const start = () => ScriptedWorkflow.start(connection);
const first = { at: 'firstWorkflowTask' } as const;
const last = { at: 'lastWorkflowTask' } as const;

const isClosed = async ({ client, workflowId }: ScriptedWorkflow) =>
  Boolean((await client.describe({ workflowId })).workflowExecutionInfo?.closeTime);

const promisedChild = () => ScriptedWorkflow.attach(connection, `children-${randomUUID()}`);

/** The default parent close policy. */
const terminatePolicy = temporal.api.enums.v1.ParentClosePolicy.PARENT_CLOSE_POLICY_TERMINATE;
const requestCancel = temporal.api.enums.v1.ParentClosePolicy.PARENT_CLOSE_POLICY_REQUEST_CANCEL;

/** Children that are started by the workflow's first task (`kept`) and by its second (`orphans`). */
interface Family {
  kept?: ScriptedWorkflow[];
  orphans?: ScriptedWorkflow[];
  policy?: temporal.api.enums.v1.ParentClosePolicy;
}

/** A parent whose children are running. */
async function parentOf({ kept = [], orphans = [], policy = abandon }: Family): Promise<ScriptedWorkflow> {
  const workflow = await start();
  const starts = (children: ScriptedWorkflow[]) =>
    children.map(({ taskQueue, workflowId }) =>
      startChild('ship', taskQueue, { workflowId, parentClosePolicy: policy }),
    );
  await workflow.completeTask(...starts(kept));
  await workflow.signal('go');
  await workflow.completeTask(...starts(orphans));
  await eventually(async () => {
    const { pendingChildren, pendingWorkflowTask } = await workflow.describe();
    return (
      pendingChildren.length === kept.length + orphans.length &&
      pendingChildren.every(({ runId }) => runId) &&
      !pendingWorkflowTask?.startedTime
    );
  }, 'the children to start');
  if ((await workflow.describe()).pendingWorkflowTask) await workflow.completeTask();
  return workflow;
}

/** The reset point after the start of the kept children and before that of the orphans. */
async function pointBetween(workflow: ScriptedWorkflow): Promise<ResetRequest['target']> {
  const ends = (await workflow.history()).filter(({ workflowTaskCompletedEventAttributes: end }) => end);
  return { eventId: Number(ends[1]?.eventId) };
}

async function fail(workflow: ScriptedWorkflow): Promise<void> {
  await workflow.signal('end');
  await workflow.completeTask(failWorkflow('bug'));
}

/** Resolves a promise when a call arrives, and blocks the call until the test releases it. */
function blockingCall() {
  let arrive = () => {};
  let release = () => {};
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  const released = new Promise<void>((resolve) => (release = resolve));
  return { arrive, release, arrived, released };
}

/** Completes the old run's remaining tasks without commands, and starts the child in the new run's first task. */
async function startInNewRun(workflow: ScriptedWorkflow, child: ScriptedWorkflow): Promise<void> {
  const startChildOfNewRun = ({ workflowExecution }: { workflowExecution?: { runId?: string | null } | null }) =>
    workflowExecution?.runId === workflow.runId
      ? []
      : [startChild('ship', child.taskQueue, { workflowId: child.workflowId })];
  // The server no longer has a task whose run the reset has terminated.
  const ignoreEndedTask = (error: unknown) => {
    if (isGrpcServiceError(error) && error.code === status.NOT_FOUND) return false;
    throw error;
  };
  for (let newRun = false; !newRun;)
    newRun = await workflow.completeTaskWith(startChildOfNewRun).catch(ignoreEndedTask);
}

describe('orphaned children', () => {
  test('keep running after a reset by default, and are listed', async () => {
    const child = promisedChild();
    const workflow = await parentOf({ orphans: [child] });

    const { answer } = await rewind.reset(workflow, { target: first });

    expect(answer.orphanedChildren).toEqual([
      {
        workflowId: child.workflowId,
        runId: expect.any(String),
        workflowType: 'ship',
        parentClosePolicy: 'Abandon',
        parentRunId: workflow.runId,
      },
    ]);
    expect(await isClosed(child)).toBe(false);
  });

  test('exclude a child that was running at the reset point: the new run receives its result', async () => {
    const child = promisedChild();
    const workflow = await parentOf({ kept: [child] });

    const { answer } = await rewind.reset(workflow, { target: last });
    expect(answer).toMatchObject({ orphanedChildren: [], missingChildResults: [] });
    await child.completeTask(completeWorkflow);

    await eventually(async () =>
      (await workflow.history(answer.newRunId)).some((event) => event.childWorkflowExecutionCompletedEventAttributes),
    );
  });

  test('make the new run fail to start a child with the same workflow id', async () => {
    const child = promisedChild();
    const workflow = await parentOf({ orphans: [child] });

    const { answer } = await rewind.reset(workflow, { target: first });
    await startInNewRun(workflow, child);

    const failure = await eventually(async () =>
      (await workflow.history(answer.newRunId)).find((event) => event.startChildWorkflowExecutionFailedEventAttributes),
    );
    expect(failure.startChildWorkflowExecutionFailedEventAttributes).toMatchObject({ workflowId: child.workflowId });
  });

  test.each([
    ['terminate', 'open'],
    ['terminate', 'closed'],
    ['cancel', 'open'],
    ['cancel', 'closed'],
  ] as const)(
    'with action %s and parent state %s do not prevent the new run from starting a child with the same workflow id',
    async (action, state) => {
      const child = promisedChild();
      const workflow = await parentOf({ orphans: [child] });
      if (state === 'closed') await fail(workflow);
      await child.completeTask();

      const [{ answer }] = await Promise.all([
        rewind.reset(workflow, { target: first, orphanedChildren: action }),
        startInNewRun(workflow, child),
        action === 'cancel' ? child.completeTask(cancelWorkflowExecution) : undefined,
      ]);

      expect(answer.orphanedChildren).toMatchObject([{ workflowId: child.workflowId, operation: expect.any(Object) }]);
      const { starts, failures } = await eventually(async () => {
        const events = await workflow.history(answer.newRunId);
        const found = {
          starts: events.filter((event) => event.childWorkflowExecutionStartedEventAttributes).length,
          failures: events.filter((event) => event.startChildWorkflowExecutionFailedEventAttributes).length,
        };
        return found.starts + found.failures > 0 && found;
      });
      expect({ starts, failures }).toEqual({ starts: 1, failures: 0 });
    },
  );

  test.each([
    ['cancel', 'requested'],
    ['terminate', 'terminated'],
  ] as const)(
    'with action %s are each ended once, by an operation of their own in the ledger',
    async (action, outcome) => {
      const child = promisedChild();
      const workflow = await parentOf({ orphans: [child] });
      const options = { idempotencyKey: randomUUID() };

      const { answer } = await rewind.reset(workflow, { target: first, orphanedChildren: action }, options);
      const repeated = await rewind.reset(workflow, { target: first, orphanedChildren: action }, options);

      const [orphan] = answer.orphanedChildren;
      expect(orphan).toMatchObject({ workflowId: child.workflowId, operation: { outcome } });
      expect(await rewind.operationsOn(child)).toMatchObject([
        {
          operationId: orphan?.operation?.operationId,
          verb: action,
          state: 'completed',
          reason: expect.stringContaining(answer.operationId),
        },
      ]);
      expect(await isClosed(child)).toBe(action === 'terminate');
      expect(repeated.answer).toEqual(answer);
      expect(await ledger.find(answer.operationId)).toMatchObject({ answer });
    },
  );

  test('are all ended, and only the first are listed, if there are many with long ids', async () => {
    const { taskQueue } = promisedChild();
    const orphans = Array.from({ length: MAX_CHILDREN_LISTED + 10 }, () =>
      ScriptedWorkflow.attach(connection, taskQueue, `${randomUUID()}-${'x'.repeat(900)}`),
    );
    const workflow = await parentOf({ orphans });

    const { answer, record } = await rewind.reset(workflow, { target: first, orphanedChildren: 'terminate' });

    expect(answer.orphanedChildren).toHaveLength(MAX_CHILDREN_LISTED);
    expect(answer.orphanedChildrenTotal).toBe(orphans.length);
    expect(await Promise.all(orphans.map(isClosed))).toEqual(orphans.map(() => true));
    expect(await ledger.find(record.operationId)).toMatchObject({ state: 'completed', answer });
  });

  test('that continued as new are ended in their current run', async () => {
    const child = promisedChild();
    const workflow = await parentOf({ orphans: [child] });
    await child.completeTask(continueAsNew);

    const { answer } = await rewind.reset(workflow, { target: first, orphanedChildren: 'terminate' });

    expect(answer.orphanedChildren).toMatchObject([{ operation: { outcome: 'terminated' } }]);
    expect(await isClosed(child)).toBe(true);
  });

  test('are ended although requests use keys derived from the reset’s operation id', async () => {
    const [child, other] = [promisedChild(), await ScriptedWorkflow.start(connection)];
    const workflow = await parentOf({ orphans: [child] });
    const idempotencyKey = randomUUID();
    const operationId = keyedOperationId(namespace, idempotencyKey);
    const runId = await child.currentRunId();
    for (const name of ['orphan', 'orphans']) {
      await rewind.cancel(other, {}, { idempotencyKey: `${operationId}/${name}/${runId}` });
      await rewind.cancel(other, {}, { idempotencyKey: `${name}/${operationId}/${runId}` });
    }

    const request = { target: first, orphanedChildren: 'terminate' } as const;
    await rewind.reset(workflow, request, { idempotencyKey });

    expect(await isClosed(child)).toBe(true);
  });

  test('are ended once if a function crashes after ending them: the next attempt only resets', async () => {
    const child = promisedChild();
    const workflow = await parentOf({ orphans: [child] });
    const options = { idempotencyKey: randomUUID() };
    const request = { target: first, orphanedChildren: 'terminate' } as const;
    void rewind.reset(hangingCall(workflow, 'reset'), request, options).catch(() => {});
    await eventually(() => isClosed(child));

    const { answer } = await rewind.afterLease().reset(workflow, request, options);

    expect(answer).toMatchObject({ outcome: 'reset', runId: workflow.runId });
    expect(await workflow.runIds()).toHaveLength(2);
    expect(await rewind.operationsOn(child)).toMatchObject([{ verb: 'terminate', state: 'completed' }]);
  });

  test('are ended, but the workflow is not reset, by an attempt whose operation another attempt has taken over', async () => {
    const child = promisedChild();
    const workflow = await parentOf({ orphans: [child] });
    const { workflowId, client } = workflow;
    const options = { idempotencyKey: randomUUID() };
    const request = { target: first, orphanedChildren: 'terminate' } as const;
    const terminated = blockingCall();
    const reset = blockingCall();
    const slow = withCall(client, 'terminate', async (...args) => {
      await client.terminate(...args);
      await terminated.released;
    });
    const blocked = withCall(client, 'reset', async (...args) => {
      reset.arrive();
      await reset.released;
      return client.reset(...args);
    });
    const slowAttempt = rewind.reset({ client: slow, workflowId }, request, options);
    await eventually(() => isClosed(child));
    const secondAttempt = rewind.afterLease().reset({ client: blocked, workflowId }, request, options);
    await reset.arrived;

    terminated.release();
    await expect(slowAttempt).rejects.toMatchObject({ kind: 'operation-in-progress' });
    reset.release();

    expect((await secondAttempt).answer.outcome).toBe('reset');
    expect(await workflow.runIds()).toHaveLength(2);
  });

  test('may take longer to end than the reset’s lease lasts', async () => {
    const child = promisedChild();
    const workflow = await parentOf({ orphans: [child] });
    const { workflowId, client } = workflow;
    let passed = 0;
    const slow = withCall(client, 'terminate', async (...args) => {
      await client.terminate(...args);
      passed = LEASE_MS;
    });

    const { answer } = await new Rewind(ledger, { now: () => Date.now() + passed }).reset(
      { client: slow, workflowId },
      { target: first, orphanedChildren: 'terminate' },
    );

    expect(answer).toMatchObject({ orphanedChildren: [{ operation: { outcome: 'terminated' } }] });
  });

  test('prevent the reset if one cannot be ended; the error names those that were, and a retry with the same key continues', async () => {
    const children = [promisedChild(), promisedChild()];
    const [one, other] = children as [ScriptedWorkflow, ScriptedWorkflow];
    const workflow = await parentOf({ orphans: children });
    const { workflowId, client } = workflow;
    const options = { idempotencyKey: randomUUID() };
    const request = { target: first, orphanedChildren: 'terminate' } as const;
    const throttling = withCall(client, 'terminate', (execution, ...args) =>
      execution.workflowId === other.workflowId
        ? Promise.reject(new OperationFailure('throttled', 'Temporal is limiting calls. Nothing was done; try again.'))
        : client.terminate(execution, ...args),
    );

    const refused = await rewind
      .reset({ client: throttling, workflowId }, request, options)
      .catch((error: unknown) => error);

    expect(refused).toMatchObject({
      kind: 'throttled',
      message: `Orphaned child "${other.workflowId}" could not be ended: Temporal is limiting calls. The workflow was not reset. Before that, these children were terminated: "${one.workflowId}".`,
    });
    expect(await workflow.runIds()).toHaveLength(1);
    expect(await rewind.operationsOn(workflow)).toMatchObject([{ state: 'failed', outcome: 'throttled' }]);

    const { answer } = await rewind.reset(workflow, request, options);

    expect(answer.orphanedChildren).toMatchObject([
      { workflowId: other.workflowId, operation: { outcome: 'terminated' } },
    ]);
    expect(await workflow.runIds()).toHaveLength(2);
  });

  test('prevent the reset if Temporal throttles the wait for their end; the error names those that were ended', async () => {
    const child = promisedChild();
    const workflow = await parentOf({ orphans: [child] });
    const { workflowId, client } = workflow;
    const describe = async (...call: Parameters<typeof client.describe>) => {
      const isEnded = call[0].workflowId === child.workflowId && (await child.cancelRequests()).length > 0;
      if (!isEnded) return client.describe(...call);
      throw new OperationFailure('throttled', 'Temporal is limiting calls. Nothing was done; try again.');
    };

    const refused = rewind.reset(
      { client: withCall(client, 'describe', describe), workflowId },
      { target: first, orphanedChildren: 'cancel' },
    );

    await expect(refused).rejects.toMatchObject({
      kind: 'throttled',
      message: `Temporal is limiting calls. Before that, these children were requested to cancel: "${child.workflowId}".`,
    });
    expect(await workflow.runIds()).toHaveLength(1);
  });

  test('that cannot be ended before the deadline are ended by a retry with the same key', async () => {
    const child = promisedChild();
    const workflow = await parentOf({ orphans: [child] });
    const options = { idempotencyKey: randomUUID() };
    const request = { target: first, orphanedChildren: 'terminate' } as const;

    await expect(rewind.reset(workflow, request, { ...options, deadline: Date.now() + 9_500 })).rejects.toMatchObject({
      kind: 'operation-in-progress',
      message: '1 of 1 orphaned children could not be ended in time. The workflow was not reset.',
    });

    expect(await isClosed(child)).toBe(false);
    expect((await rewind.reset(workflow, request, options)).answer.outcome).toBe('reset');
    expect(await isClosed(child)).toBe(true);
  });

  test('prevent the reset if their parent continues as new when they end', async () => {
    const child = promisedChild();
    const workflow = await parentOf({ orphans: [child] });
    const { workflowId, client } = workflow;
    const reacting = withCall(client, 'terminate', async (...args) => {
      await client.terminate(...args);
      await workflow.completeTask(continueAsNew);
    });

    const refused = rewind.reset({ client: reacting, workflowId }, { target: first, orphanedChildren: 'terminate' });

    await expect(refused).rejects.toMatchObject({
      kind: 'conflict',
      message: expect.stringContaining(`these children were terminated: "${child.workflowId}"`),
    });
    const { workflowExecutionInfo: current } = await workflow.describe();
    expect(current).toMatchObject({ closeTime: null });
    expect(current?.execution?.runId).not.toBe(workflow.runId);
  });

  test('that start during the reset are ended after it', async () => {
    const children = [promisedChild(), promisedChild()];
    const [child, late] = children as [ScriptedWorkflow, ScriptedWorkflow];
    const workflow = await parentOf({ orphans: [child] });
    const racing = changedBefore(workflow, 'reset', async () => {
      await workflow.completeTask(
        startChild('ship', late.taskQueue, { workflowId: late.workflowId, parentClosePolicy: abandon }),
      );
      await eventually(async () => (await workflow.describe()).pendingChildren.some(({ runId }) => runId));
    });

    const { answer } = await rewind.reset(racing, { target: first, orphanedChildren: 'terminate' });

    expect(answer.orphanedChildren).toMatchObject([
      { workflowId: child.workflowId, operation: { outcome: 'terminated' } },
      { workflowId: late.workflowId, operation: { outcome: 'terminated' } },
    ]);
    expect(await isClosed(late)).toBe(true);
  });

  test('of a closed run are its abandoned children that are still running', async () => {
    const kept = promisedChild();
    const ended = promisedChild();
    const workflow = await parentOf({ orphans: [kept, ended] });
    await fail(workflow);
    await ended.completeTask(completeWorkflow);

    const { answer } = await rewind.reset(workflow, { target: first });

    expect(answer.orphanedChildren).toMatchObject([{ workflowId: kept.workflowId, parentClosePolicy: 'Abandon' }]);
  });

  test('of the live run that is terminated are its children that the server does not terminate by their policy', async () => {
    const old = await start();
    await old.completeTask(completeWorkflow);
    const live = await ScriptedWorkflow.start(connection, { workflowId: old.workflowId });
    const [child, cancelled, ended] = [promisedChild(), promisedChild(), promisedChild()];
    await live.completeTask(
      startChild('ship', child.taskQueue, { workflowId: child.workflowId, parentClosePolicy: abandon }),
      startChild('ship', cancelled.taskQueue, { workflowId: cancelled.workflowId, parentClosePolicy: requestCancel }),
      startChild('ship', ended.taskQueue, { workflowId: ended.workflowId }),
    );
    await eventually(async () => (await live.describe()).pendingChildren.filter(({ runId }) => runId).length === 3);
    const request = { target: last, runId: old.runId, terminateRunId: live.runId };
    const orphans = [
      { workflowId: child.workflowId, parentRunId: live.runId, parentClosePolicy: 'Abandon' },
      { workflowId: cancelled.workflowId, parentRunId: live.runId, parentClosePolicy: 'RequestCancel' },
    ];

    const preview = await rewind.preview(old, request);
    expect(preview).toMatchObject({ orphanedChildren: orphans, orphanedChildrenTotal: 2, endedChildrenTotal: 2 });
    const byPolicy = { workflowType: 'ship', runId: expect.any(String) };
    expect(preview.endedChildren).toEqual([
      { ...byPolicy, workflowId: cancelled.workflowId, parentClosePolicy: 'RequestCancel' },
      { ...byPolicy, workflowId: ended.workflowId, parentClosePolicy: 'Terminate' },
    ]);
    expect(await rewind.preview(live, { target: last })).not.toHaveProperty('endedChildren');
    const { answer } = await rewind.reset(old, request);
    expect(answer).toMatchObject({ orphanedChildren: orphans, orphanedChildrenTotal: 2 });
    await eventually(() => isClosed(ended));
    await eventually(async () => (await cancelled.describe()).workflowExtendedInfo?.cancelRequested);
    expect([await isClosed(child), await isClosed(cancelled)]).toEqual([false, false]);
  });

  test('of the live run that is terminated are also those that it has inherited by a reset, which the server does not end', async () => {
    const old = await start();
    await old.completeTask(completeWorkflow);
    const parent = await ScriptedWorkflow.start(connection, { workflowId: old.workflowId });
    const [cancelled, terminated, own] = [promisedChild(), promisedChild(), promisedChild()];
    await parent.completeTask(
      startChild('ship', cancelled.taskQueue, { workflowId: cancelled.workflowId, parentClosePolicy: requestCancel }),
      startChild('ship', terminated.taskQueue, { workflowId: terminated.workflowId }),
    );
    await eventually(async () => (await parent.describe()).pendingChildren.filter(({ runId }) => runId).length === 2);
    await parent.completeTask();
    const live = (await rewind.reset(parent, { target: last })).answer.newRunId;
    await parent.completeTask(startChild('ship', own.taskQueue, { workflowId: own.workflowId }));
    await eventually(async () => (await parent.describe()).pendingChildren.filter(({ runId }) => runId).length === 3);
    const request = { target: last, runId: old.runId, terminateRunId: live };
    const orphans = [
      { workflowId: cancelled.workflowId, parentRunId: parent.runId, parentClosePolicy: 'RequestCancel' },
      { workflowId: terminated.workflowId, parentRunId: parent.runId, parentClosePolicy: 'Terminate' },
    ];

    const preview = await rewind.preview(old, request);
    expect(preview).toMatchObject({ orphanedChildren: orphans, endedChildren: [{ workflowId: own.workflowId }] });
    const { answer } = await rewind.reset(old, request);
    expect(answer).toMatchObject({ orphanedChildren: orphans, orphanedChildrenTotal: 2 });
    // The same server task ends the children of the live run, or leaves them.
    await eventually(() => isClosed(own));
    expect([await isClosed(terminated), await isClosed(cancelled)]).toEqual([false, false]);
    expect((await cancelled.describe()).workflowExtendedInfo?.cancelRequested).toBe(false);
  });

  test('of a run that a reset has ended are those that it left, whatever their policy', async () => {
    const workflow = await start();
    await workflow.completeTask(continueAsNewAfter(0));
    const second = await workflow.currentRun();
    const child = promisedChild();
    await workflow.completeTask();
    await workflow.signal('go');
    await workflow.completeTask(startChild('ship', child.taskQueue, { workflowId: child.workflowId }));
    await eventually(async () => (await workflow.describe()).pendingChildren.some(({ runId }) => runId));
    const live = (await rewind.reset(workflow, { target: { back: 1 } })).answer.newRunId;
    const request = { target: { at: 'lastContinuedAsNew' }, terminateRunId: live } as const;
    const orphans = [{ workflowId: child.workflowId, parentRunId: second.runId, parentClosePolicy: 'Terminate' }];

    expect(await rewind.preview(workflow, request)).toMatchObject({ orphanedChildren: orphans, endedChildren: [] });
    const { answer } = await rewind.reset(workflow, { ...request, orphanedChildren: 'terminate' });
    expect(answer).toMatchObject({ runId: workflow.runId, orphanedChildren: orphans, orphanedChildrenTotal: 1 });
    expect(await isClosed(child)).toBe(true);
  });

  test.each([
    ['the run that is reset', false, 'leave'],
    ['a later run', true, 'terminate'],
  ] as const)('of a run that a reset of %s started are those that it left', async (_, isLater, orphanedChildren) => {
    const workflow = await start();
    if (isLater) await workflow.completeTask(continueAsNewAfter(0));
    await workflow.completeTask();
    const between = (await rewind.reset(workflow, { target: last })).answer.newRunId;
    const child = promisedChild();
    await workflow.completeTask(
      startChild('ship', child.taskQueue, { workflowId: child.workflowId, parentClosePolicy: abandon }),
    );
    await eventually(async () => (await workflow.describe()).pendingChildren.some(({ runId }) => runId));
    await workflow.completeTask(continueAsNewAfter(0));
    await workflow.completeTask();
    const live = await workflow.currentRunId();
    const request = { target: first, runId: workflow.runId, terminateRunId: live };
    const orphans = [{ workflowId: child.workflowId, parentRunId: between }];

    expect(await rewind.preview(workflow, request)).toMatchObject({ orphanedChildren: orphans });
    const { answer } = await rewind.reset(workflow, { ...request, orphanedChildren });
    expect(answer).toMatchObject({ orphanedChildren: orphans, orphanedChildrenTotal: 1 });
    expect(await isClosed(child)).toBe(orphanedChildren === 'terminate');
  });

  test('are listed once if the reset run and the run that an earlier reset started both have them', async () => {
    const child = promisedChild();
    const workflow = await parentOf({ orphans: [child] });
    const live = (await rewind.reset(workflow, { target: last })).answer.newRunId;

    const { answer } = await rewind.reset(workflow, { target: first, runId: workflow.runId, terminateRunId: live });

    expect(answer).toMatchObject({ orphanedChildren: [{ workflowId: child.workflowId }], orphanedChildrenTotal: 1 });
    expect(await isClosed(child)).toBe(false);
  });
});

test('orphaned children of later runs in the chain are those that are still running, also after a requested cancellation', async () => {
  const workflow = await start();
  await workflow.completeTask(continueAsNewAfter(0));
  const middle = await workflow.currentRun();
  const [kept, cancelled, done, ended] = [promisedChild(), promisedChild(), promisedChild(), promisedChild()];
  await workflow.completeTask(
    startChild('ship', kept.taskQueue, { workflowId: kept.workflowId, parentClosePolicy: abandon }),
    startChild('ship', cancelled.taskQueue, { workflowId: cancelled.workflowId, parentClosePolicy: requestCancel }),
    startChild('ship', done.taskQueue, { workflowId: done.workflowId, parentClosePolicy: abandon }),
    startChild('ship', ended.taskQueue, { workflowId: ended.workflowId }),
  );
  await done.completeTask(completeWorkflow);
  await eventually(async () => {
    const { pendingChildren, pendingWorkflowTask } = await workflow.describe();
    return pendingChildren.length === 3 && pendingChildren.every(({ runId }) => runId) && pendingWorkflowTask;
  });
  await workflow.completeTask(continueAsNewAfter(0));
  await workflow.completeTask();
  const live = await workflow.currentRun();
  const request = { target: first, runId: workflow.runId, terminateRunId: live.runId };
  await eventually(async () => (await cancelled.describe()).workflowExtendedInfo?.cancelRequested);
  const orphans = [
    { workflowId: kept.workflowId, parentRunId: middle.runId, parentClosePolicy: 'Abandon' },
    { workflowId: cancelled.workflowId, parentRunId: middle.runId, parentClosePolicy: 'RequestCancel' },
  ];

  const preview = await rewind.preview(workflow, request);
  expect(preview).toMatchObject({ orphanedChildren: orphans, orphanedChildrenTotal: 2 });
  const { answer } = await rewind.reset(workflow, { ...request, orphanedChildren: 'terminate' });
  expect(answer).toMatchObject({ orphanedChildren: orphans, orphanedChildrenTotal: 2 });
  expect([await isClosed(kept), await isClosed(cancelled)]).toEqual([true, true]);
  // The server applied the parent close policy when the run continued as new.
  expect(await isClosed(ended)).toBe(true);
});

describe('children whose results the new run does not receive', () => {
  test('are those that closed after their parent run; preview and result list them, and the new run is stuck', async () => {
    const [before, after, open] = [promisedChild(), promisedChild(), promisedChild()] as const;
    const workflow = await parentOf({ kept: [before, after, open] });
    await before.completeTask(completeWorkflow);
    await workflow.completeTask();
    await fail(workflow);
    // The server sends a child's result to the run that is current then, so wait until it is sent before the reset. The same server
    // task ends the child's own children afterwards.
    const grandchild = promisedChild();
    await after.completeTask(startChild('box', grandchild.taskQueue, { workflowId: grandchild.workflowId }));
    await after.completeTask(completeWorkflow);
    await eventually(() => isClosed(grandchild), 'the result to be sent');
    const target = await pointBetween(workflow);
    const missing = [
      {
        workflowId: after.workflowId,
        runId: expect.any(String),
        workflowType: 'ship',
        status: 'Completed',
        closeTime: expect.any(String),
      },
    ];

    const preview = await rewind.preview(workflow, { target });
    const reset = rewind.reset(workflow, { target, waitSeconds: 3 });
    await workflow.completeTask();
    const { answer } = await reset;
    await open.completeTask(completeWorkflow);

    expect(preview.missingChildResults).toEqual(missing);
    expect(answer.missingChildResults).toEqual(missing);
    expect(answer.newRun).toMatchObject({
      progress: 'stuck',
      stuck: [
        { kind: 'childResultMissing', workflowId: after.workflowId, status: 'Completed' },
        { kind: 'childStuck', workflowId: open.workflowId },
      ],
    });
    await eventually(async () =>
      (await workflow.history(answer.newRunId)).some(
        ({ childWorkflowExecutionCompletedEventAttributes: completed }) =>
          completed?.workflowExecution?.workflowId === open.workflowId,
      ),
    );
    const results = (await workflow.history(answer.newRunId)).flatMap(
      ({ childWorkflowExecutionCompletedEventAttributes: completed }) => completed?.workflowExecution?.workflowId ?? [],
    );
    expect(new Set(results)).toEqual(new Set([before.workflowId, open.workflowId]));
  });

  test('exclude those that closed right before the reset, if their results arrived', async () => {
    // The server sends the result before or after the reset. Repeat until it was after a few times.
    for (let late = 0; late < 4;) {
      const child = promisedChild();
      const workflow = await parentOf({ kept: [child] });
      await fail(workflow);
      const target = await pointBetween(workflow);
      const hasArrived = async (runId: string) =>
        (await workflow.history(runId)).some((event) => event.childWorkflowExecutionCompletedEventAttributes);
      const { taskToken } = await child.pollTask();
      const complete = { namespace, taskToken, commands: [completeWorkflow] };
      const racing = withCall(workflow.client, 'reset', async (...args) => {
        const completed = connection.workflowService.respondWorkflowTaskCompleted(complete);
        const newRunId = await workflow.client.reset(...args);
        await completed;
        await sleep(300);
        return newRunId;
      });

      const { answer } = await rewind.reset({ client: racing, workflowId: workflow.workflowId }, { target });

      const wasLate = await hasArrived(answer.newRunId);
      if (wasLate) late += 1;
      expect(answer.missingChildResults).toHaveLength(wasLate ? 0 : 1);
    }
  });

  test('include those that the server ended with the run by the parent close policy', async () => {
    const child = promisedChild();
    const workflow = await parentOf({ kept: [child], policy: terminatePolicy });
    await fail(workflow);
    await eventually(() => isClosed(child));

    expect(
      (await rewind.preview(workflow, { target: await pointBetween(workflow) })).missingChildResults,
    ).toMatchObject([{ workflowId: child.workflowId, status: 'Terminated' }]);
  });

  test('exclude those that the run started after the reset point', async () => {
    const child = promisedChild();
    const workflow = await parentOf({ orphans: [child] });
    await fail(workflow);
    await child.completeTask(completeWorkflow);

    expect(await rewind.preview(workflow, { target: first })).toMatchObject({
      orphanedChildren: [],
      missingChildResults: [],
    });
  });

  test('are found after a lost response, without those that closed since', async () => {
    const [after, open] = [promisedChild(), promisedChild()] as const;
    const workflow = await parentOf({ kept: [after, open] });
    await fail(workflow);
    await after.completeTask(completeWorkflow);
    const { answer } = await rewind.reset(
      losingResponse(workflow, 'reset', () => open.completeTask(completeWorkflow)),
      { target: await pointBetween(workflow) },
    );

    expect(answer.why).toContain('earlier attempt');
    expect(answer.missingChildResults).toMatchObject([{ workflowId: after.workflowId }]);
  });
});
