import { randomUUID } from 'node:crypto';
import type { Ledger } from '../../operations/ledger/ledger';
import { verbs } from '../../operations';
import { OperationFailure } from '../../api/failures';
import { LATE_EXECUTION_MS, LEASE_MS } from '../../operations/ledger/lease';
import { reconcileOperations } from '../../operations/ledger/reconcile';
import type { NamespaceClient } from '../../operations/temporal/namespace-client';
import { eventually } from '../support/eventually';
import { createLedger } from '../support/ledger-table';
import { ann, Rewind } from '../support/rewind';
import {
  completeWorkflow,
  testConnection,
  continueAsNew,
  namespace,
  ScriptedWorkflow,
  startTimer,
} from '../support/scripted-workflow';
import { withCall } from '../support/with-call';

const connection = testConnection();
let ledger: Ledger;
let rewind: Rewind;
beforeAll(async () => {
  ledger = await createLedger();
  rewind = new Rewind(ledger);
});

const target = { at: 'lastWorkflowTask' } as const;

/** A running workflow that has done one task: its reset point is event 4. */
async function running(): Promise<ScriptedWorkflow> {
  const workflow = await ScriptedWorkflow.start(connection);
  await workflow.completeTask(startTimer('1', 600_000));
  return workflow;
}

/** An old run that is closed, and the live one of the same workflow id. */
async function closedAndLive(): Promise<{ old: ScriptedWorkflow; live: ScriptedWorkflow }> {
  const { workflowId } = await ScriptedWorkflow.start(connection).then(async (workflow) => {
    await workflow.completeTask(completeWorkflow);
    return workflow;
  });
  const old = await ScriptedWorkflow.start(connection, { workflowId });
  await old.completeTask(completeWorkflow);
  const live = await ScriptedWorkflow.start(connection, { workflowId });
  await live.completeTask(startTimer('1', 600_000));
  return { old, live };
}

const status = async ({ client, workflowId, runId }: ScriptedWorkflow) => {
  const { workflowExecutionInfo: info } = await client.describe({ workflowId, runId });
  return info?.closeTime ? 'closed' : 'open';
};

const operationsOn = async ({ workflowId }: ScriptedWorkflow) =>
  (await ledger.search(namespace, { workflowId }, { size: 100 })).operations;

const lost = () => new OperationFailure('temporal-unavailable', 'the answer was lost');

/** A server that carries the reset out, and whose answer is lost. It has no memory of request ids, as 1.31 has none. */
function losingAnswers(client: NamespaceClient, howOften = Infinity): NamespaceClient {
  let left = howOften;
  return withCall(client, 'reset', async (execution, eventId, attribution, options) => {
    const runId = await client.reset(execution, eventId, { ...attribution, temporalRequestId: randomUUID() }, options);
    left -= 1;
    if (left < 0) return runId;
    throw lost();
  });
}

/** A server that does not remember request ids. */
function forgetful(client: NamespaceClient): NamespaceClient {
  return losingAnswers(client, 0);
}

const afterTheLease = { now: () => Date.now() + LEASE_MS + LATE_EXECUTION_MS };

describe('trap 1: a reset repeated is another run, on servers since 1.31', () => {
  test('a storm of 50 identical resets makes one run', async () => {
    const workflow = await running();
    const how = { idempotencyKey: randomUUID() };
    const through = { client: forgetful(workflow.client), workflowId: workflow.workflowId };
    // Duplicates wait for the first request by this clock: as long as it takes.
    const begun = Date.now();
    const patient = new Rewind(ledger, { now: () => begun });

    const performed = await Promise.all(Array.from({ length: 50 }, () => patient.reset(through, { target }, how)));

    expect(new Set(performed.map(({ answer }) => JSON.stringify(answer))).size).toBe(1);
    expect(performed.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(await workflow.runIds()).toHaveLength(2);
    expect(await operationsOn(workflow)).toHaveLength(1);
  });

  test('an answer that is lost is found out, and the reset is not repeated', async () => {
    const workflow = await running();
    const through = { client: losingAnswers(workflow.client), workflowId: workflow.workflowId };

    const { answer } = await rewind.reset(through, { target });

    const runs = await workflow.runIds();
    expect(runs).toHaveLength(2);
    expect(answer).toMatchObject({ outcome: 'reset', runId: workflow.runId, eventId: 4 });
    expect(runs).toContain(answer.newRunId);
    expect(answer.terminatedRunId).toBe(workflow.runId);
    expect(await operationsOn(workflow)).toMatchObject([{ state: 'completed', outcome: 'reset' }]);
  });

  test('an answer that is lost while nothing can be looked up either is found out by the next request', async () => {
    const workflow = await running();
    const { workflowId } = workflow;
    const how = { idempotencyKey: randomUUID() };
    let gone = false;
    const acting = losingAnswers(workflow.client);
    const cutOff = withCall(
      withCall(workflow.client, 'reset', async (...args) => {
        gone = true;
        return acting.reset(...args);
      }),
      'describe',
      (execution) => (gone ? Promise.reject(lost()) : workflow.client.describe(execution)),
    );
    // The guard before the act describes too; it is the look afterwards that fails.
    await expect(rewind.reset({ client: cutOff, workflowId }, { target }, how)).rejects.toMatchObject({
      kind: 'temporal-unavailable',
    });
    expect(await operationsOn(workflow)).toMatchObject([{ state: 'unknown' }]);

    const { answer } = await new Rewind(ledger, afterTheLease).reset(workflow, { target }, how);

    expect(await workflow.runIds()).toHaveLength(2);
    expect(answer).toMatchObject({
      eventId: 4,
      runId: workflow.runId,
      why: expect.stringContaining('earlier attempt'),
    });
  });

  test('an answer that is lost is found out to the event, also where the server had to start the task itself', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    await workflow.completeTaskAndVanish(startTimer('1', 600_000));
    await workflow.signal('approve');
    await eventually(async () => (await workflow.history()).some((event) => event.workflowTaskTimedOutEventAttributes));
    const through = { client: losingAnswers(workflow.client), workflowId: workflow.workflowId };

    const { answer } = await rewind.reset(through, { target: { eventId: 8 } });

    expect(answer).toMatchObject({ eventId: 8, why: expect.stringContaining('earlier attempt') });
    expect(await workflow.runIds()).toHaveLength(2);
  });

  test('a new run is known for its own although somebody has reset the workflow again since', async () => {
    const workflow = await running();
    const { workflowId } = workflow;
    const how = { idempotencyKey: randomUUID() };
    const never = withCall(workflow.client, 'reset', async (...args) => {
      await forgetful(workflow.client).reset(...args);
      return new Promise(() => {});
    });
    void rewind.reset({ client: never, workflowId }, { target }, how).catch(() => {});
    await eventually(async () => (await workflow.runIds()).length === 2);
    const own = (await workflow.runIds()).find((runId) => runId !== workflow.runId)!;
    await workflow.client.reset(workflow, 4, {
      reason: 'by another tool',
      identity: 'cli',
      temporalRequestId: randomUUID(),
    });
    await eventually(async () => (await workflow.runIds()).length === 3);
    expect(await workflow.runIds()).toHaveLength(3);

    const { answer } = await new Rewind(ledger, afterTheLease).reset(workflow, { target }, how);

    expect(answer.newRunId).toBe(own);
    expect(await workflow.runIds()).toHaveLength(3);
  });

  test('a new run is not taken for the one that a reset of it made, which has the same history, nor gets that one its signal', async () => {
    const workflow = await running();
    const { workflowId } = workflow;
    const how = { idempotencyKey: randomUUID() };
    const request = { target, thenSignal: { signalName: 'approve' } };
    const never = withCall(workflow.client, 'reset', async (...args) => {
      await forgetful(workflow.client).reset(...args);
      return new Promise(() => {});
    });
    void rewind.reset({ client: never, workflowId }, request, how).catch(() => {});
    const current = async () => (await workflow.describe()).workflowExecutionInfo?.execution?.runId ?? '';
    await eventually(async () => (await current()) !== workflow.runId);
    const own = await current();
    await workflow.completeTask(startTimer('1', 600_000));
    const byAnotherTool = () => ({ reason: 'by another tool', identity: 'cli', temporalRequestId: randomUUID() });
    const ended = (await workflow.history(own)).findLast((event) => event.workflowTaskCompletedEventAttributes);
    const copy = await workflow.client.reset({ workflowId, runId: own }, Number(ended?.eventId), byAnotherTool());
    // After this one, the first run links to another.
    await workflow.client.reset(workflow, 4, byAnotherTool());
    expect(await workflow.runIds()).toHaveLength(4);

    const { answer } = await new Rewind(ledger, afterTheLease).reset(workflow, request, how);

    expect(answer).toMatchObject({ newRunId: own, eventId: 4, thenSignal: { outcome: 'notSent' } });
    const inCopy = await workflow.history(copy);
    expect(inCopy.some((event) => event.workflowExecutionSignaledEventAttributes)).toBe(false);
    expect(await workflow.runIds()).toHaveLength(4);
  });

  test('a function that died before it acted leaves the reset to the next, for the run it had pinned', async () => {
    const { old, live } = await closedAndLive();
    const how = { idempotencyKey: randomUUID() };
    const request = { target, runId: old.runId, terminateRunId: live.runId };
    const dying = withCall(old.client, 'reset', () => new Promise(() => {}));
    void rewind.reset({ client: dying, workflowId: old.workflowId }, request, how).catch(() => {});
    await eventually(async () => (await operationsOn(old))[0]?.runId === old.runId);

    const { answer } = await new Rewind(ledger, afterTheLease).reset(old, request, how);

    expect(answer).toMatchObject({ runId: old.runId, terminatedRunId: live.runId });
  });

  test('lastContinuedAsNew taken over goes no further back than the run it had pinned', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    await workflow.completeTask(continueAsNew);
    await workflow.completeTask(continueAsNew);
    await workflow.completeTask(completeWorkflow);
    const how = { idempotencyKey: randomUUID() };
    const request = { target: { at: 'lastContinuedAsNew' } } as const;
    const dying = withCall(workflow.client, 'reset', () => new Promise(() => {}));
    void rewind.reset({ client: dying, workflowId: workflow.workflowId }, request, how).catch(() => {});
    await eventually(async () => (await operationsOn(workflow))[0]?.runId !== undefined);
    const pinned = (await operationsOn(workflow))[0]?.runId;
    expect(pinned).not.toBe(workflow.runId);

    const { answer } = await new Rewind(ledger, afterTheLease).reset(workflow, request, how);

    expect(answer.runId).toBe(pinned);
  });
});

describe('trap 3: resetting a closed run terminates the live one of the same workflow id', () => {
  test('is refused, with the run to name', async () => {
    const { old, live } = await closedAndLive();

    const refusal = {
      kind: 'conflict',
      details: { field: 'terminateRunId', allowed: expect.stringContaining(live.runId) },
    };
    await expect(rewind.preview(old, { target, runId: old.runId })).rejects.toMatchObject(refusal);
    await expect(rewind.reset(old, { target, runId: old.runId })).rejects.toMatchObject(refusal);

    expect(await status(live)).toBe('open');
    expect(await operationsOn(old)).toMatchObject([{ state: 'refused', outcome: 'conflict' }]);
  });

  test('is refused when another run is named than the live one', async () => {
    const { old, live } = await closedAndLive();

    await expect(rewind.reset(old, { target, runId: old.runId, terminateRunId: randomUUID() })).rejects.toMatchObject({
      kind: 'conflict',
      details: { field: 'terminateRunId' },
    });

    expect(await status(live)).toBe('open');
  });

  test('is done when the live run is named', async () => {
    const { old, live } = await closedAndLive();
    const request = { target, runId: old.runId, terminateRunId: live.runId };
    expect(await rewind.preview(old, request)).toMatchObject({ runId: old.runId, terminatesRunId: live.runId });

    const { answer } = await rewind.reset(old, request);

    expect(answer).toMatchObject({ runId: old.runId, terminatedRunId: live.runId });
    expect(await status(live)).toBe('closed');
  });

  test('needs no name when the newest run is closed (trap 10: a closed workflow can be reset too)', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    await workflow.completeTask(completeWorkflow);

    const { answer } = await rewind.reset(workflow, { target });

    expect(answer).toMatchObject({ runId: workflow.runId, eventId: 4 });
    expect(answer.terminatedRunId).toBeUndefined();
  });

  test('does not befall a run that came to life while the reset was prepared', async () => {
    const workflow = await running();
    const { workflowId } = workflow;
    // The workflow continues as new once the plan is made: when the pin is written.
    const racing = new Proxy(ledger, {
      get(real, member) {
        const value: unknown = Reflect.get(real, member);
        if (member === 'recordTargetRun') {
          return async (...args: Parameters<Ledger['recordTargetRun']>) => {
            await workflow.signal('go');
            await workflow.completeTask(continueAsNew);
            return real.recordTargetRun(...args);
          };
        }
        return typeof value === 'function' ? value.bind(real) : value;
      },
    });

    await expect(new Rewind(racing).reset(workflow, { target })).rejects.toMatchObject({ kind: 'conflict' });

    const { workflowExecutionInfo: current } = await workflow.describe();
    expect(current?.execution?.runId).not.toBe(workflow.runId);
    expect(current?.closeTime).toBeFalsy();
    // Visibility hears of a new run a moment later.
    await eventually(async () => (await workflow.runIds()).length > 1);
    expect(await workflow.runIds()).toHaveLength(2);
    expect(await workflow.client.describe({ workflowId })).toMatchObject({
      workflowExtendedInfo: { resetRunId: '' },
    });
  });
});

describe('several resets of one workflow at once, under different keys', () => {
  test.each([2, 5])('%i of them make one new run, and the others are refused', async (count) => {
    const workflow = await running();
    // A reset is not made before all others were refused, if they are.
    let refused = 0;
    const slow = withCall(workflow.client, 'reset', async (...args) => {
      await eventually(() => refused === count - 1, 'the others to be refused').catch(() => {});
      return workflow.client.reset(...args);
    });
    const through = { client: slow, workflowId: workflow.workflowId };
    const reset = () =>
      rewind.reset(through, { target }).catch((error: unknown) => {
        refused += 1;
        throw error;
      });

    const settled = await Promise.allSettled(Array.from({ length: count }, reset));

    const answers = settled.flatMap((one) => (one.status === 'fulfilled' ? one.value.answer : []));
    const refusals = settled.flatMap((one): unknown[] => (one.status === 'rejected' ? [one.reason] : []));
    expect(answers).toMatchObject([{ runId: workflow.runId, terminatedRunId: workflow.runId }]);
    expect(refusals).toHaveLength(count - 1);
    for (const refusal of refusals) expect(refusal).toMatchObject({ kind: 'conflict' });
    const { workflowExecutionInfo: current } = await workflow.describe();
    expect(current).toMatchObject({ execution: { runId: answers[0]?.newRunId }, closeTime: null });
  });

  test('one after the other are both made', async () => {
    const workflow = await running();

    const { answer: one } = await rewind.reset(workflow, { target });
    const { answer: other } = await rewind.reset(workflow, { target });

    expect(other).toMatchObject({ runId: one.newRunId, terminatedRunId: one.newRunId });
  });

  test('after one that was refused, or that Temporal throttled, the next is made', async () => {
    const workflow = await running();
    const { workflowId } = workflow;
    const throttled = withCall(workflow.client, 'reset', () =>
      Promise.reject(new OperationFailure('throttled', 'Temporal is limiting calls.')),
    );
    await expect(rewind.reset({ client: throttled, workflowId }, { target })).rejects.toMatchObject({
      kind: 'throttled',
    });
    const refusing = withCall(workflow.client, 'reset', () =>
      Promise.reject(new OperationFailure('invalid-request', 'refused')),
    );
    await expect(rewind.reset({ client: refusing, workflowId }, { target })).rejects.toMatchObject({
      kind: 'invalid-request',
    });

    expect((await rewind.reset(workflow, { target })).answer.terminatedRunId).toBe(workflow.runId);
  });

  test('one whose function died holds the workflow until it should have been looked up, and no longer', async () => {
    const workflow = await running();
    const { workflowId } = workflow;
    let called = false;
    const dying = withCall(workflow.client, 'reset', () => {
      called = true;
      return new Promise(() => {});
    });
    void rewind.reset({ client: dying, workflowId }, { target }).catch(() => {});
    await eventually(async () => called);

    for (const each of [rewind, new Rewind(ledger, afterTheLease)]) {
      await expect(each.reset(workflow, { target })).rejects.toMatchObject({ kind: 'conflict' });
    }

    const later = new Rewind(ledger, { now: () => afterTheLease.now() + 120_000 });
    expect((await later.reset(workflow, { target })).answer.outcome).toBe('reset');
  });

  test('one that was made, and whose answer was lost, holds it until reconciliation has found that', async () => {
    const workflow = await running();
    const { client, workflowId } = workflow;
    let isMade = false;
    const acting = losingAnswers(client);
    const cutOff = withCall(
      withCall(client, 'reset', (...args) => {
        isMade = true;
        return acting.reset(...args);
      }),
      'describe',
      (execution) => (isMade ? Promise.reject(lost()) : client.describe(execution)),
    );
    await expect(rewind.reset({ client: cutOff, workflowId }, { target })).rejects.toMatchObject({
      kind: 'temporal-unavailable',
    });
    const later = new Rewind(ledger, afterTheLease);

    // As a retry of a batch operation does, under a key of its own.
    await expect(later.reset(workflow, { target })).rejects.toMatchObject({ kind: 'conflict' });
    expect(await workflow.runIds()).toHaveLength(2);

    const failures: unknown[] = [];
    const dependencies = {
      ledger,
      verbs,
      namespaces: { find: () => ({ name: namespace, connect: () => Promise.resolve(client) }) },
      now: afterTheLease.now,
      onRecordFailure: (_: unknown, error: unknown) => failures.push(error),
      onReconcileFailure: (_: unknown, error: unknown) => failures.push(error),
    };
    await reconcileOperations(dependencies, [{ namespace }], afterTheLease.now() + 20_000);
    expect(failures).toEqual([]);
    expect(await operationsOn(workflow)).toContainEqual(
      expect.objectContaining({ state: 'completed', outcome: 'reset' }),
    );
    expect((await later.reset(workflow, { target })).answer.outcome).toBe('reset');
  });
});

describe('a run that another tool ends or replaces between the last look and the reset', () => {
  test('is not reported as terminated when it ended by itself', async () => {
    const workflow = await running();
    const { workflowId } = workflow;
    const racing = withCall(workflow.client, 'reset', async (...args) => {
      await workflow.signal('go');
      await workflow.completeTask(completeWorkflow);
      return workflow.client.reset(...args);
    });

    const { answer } = await rewind.reset({ client: racing, workflowId }, { target });

    expect(answer.terminatedRunId).toBeUndefined();
  });

  test('gives way to the run that was terminated in its place', async () => {
    const workflow = await running();
    const { workflowId } = workflow;
    let between = '';
    const racing = withCall(workflow.client, 'reset', async (...args) => {
      between = await workflow.client.reset(workflow, 4, {
        reason: 'by another tool',
        identity: 'cli',
        temporalRequestId: randomUUID(),
      });
      await eventually(async () => (await workflow.runIds()).includes(between));
      return workflow.client.reset(...args);
    });

    const { answer } = await rewind.reset({ client: racing, workflowId }, { target });

    expect(answer.terminatedRunId).toBe(between);
  });
});

describe('ifCurrentRunId', () => {
  test('refuses when the current run is another', async () => {
    const { old, live } = await closedAndLive();

    await expect(rewind.reset(live, { target, ifCurrentRunId: old.runId })).rejects.toMatchObject({
      kind: 'conflict',
      details: { field: 'ifCurrentRunId', value: old.runId, allowed: expect.stringContaining(live.runId) },
    });

    expect(await status(live)).toBe('open');
  });

  test('lets pass when it is the current run', async () => {
    const workflow = await running();

    const { answer } = await rewind.reset(workflow, { target, ifCurrentRunId: workflow.runId });

    expect(answer.terminatedRunId).toBe(workflow.runId);
  });
});

describe('what a reset leaves in history', () => {
  test('the reason bears operation and caller, in the new run and in the one that was ended', async () => {
    const workflow = await running();

    const { answer } = await rewind.reset(workflow, { target });

    const reason = `bad deploy [rewind ${answer.operationId} by ${ann.id}]`;
    const begun = await workflow.history(answer.newRunId);
    expect(begun.flatMap(({ workflowTaskFailedEventAttributes: failed }) => failed ?? [])).toMatchObject([
      { failure: { message: reason }, baseRunId: workflow.runId, newRunId: answer.newRunId },
    ]);
    const ended = (await workflow.history()).at(-1)?.workflowExecutionTerminatedEventAttributes;
    expect(ended).toMatchObject({ reason, identity: 'history-resetter' });
    expect(JSON.stringify(begun)).not.toContain(`"identity":"${ann.id}"`);
  });

  test('trap 8: an idempotency key of any length is no request id too long', async () => {
    const workflow = await running();

    const { answer } = await rewind.reset(workflow, { target }, { idempotencyKey: 'k'.repeat(5000) });

    expect(answer.outcome).toBe('reset');
  });
});
