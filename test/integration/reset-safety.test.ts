import { randomUUID } from 'node:crypto';
import { OperationFailure } from '../../api/failures';
import { LATE_EXECUTION_MS, LEASE_MS } from '../../operations/ledger/lease';
import type { NamespaceClient } from '../../operations/temporal/namespace-client';
import { eventually } from '../support/eventually';
import { changedBefore, failingCall, hangingCall, losingResponse, timedOut } from '../support/interrupted-calls';
import { testLedger } from '../support/ledger-table';
import { ann, Rewind } from '../support/rewind';
import type { Target } from '../support/rewind';
import {
  completeWorkflow,
  testConnection,
  continueAsNew,
  ScriptedWorkflow,
  startTimer,
} from '../support/scripted-workflow';
import { withCall } from '../support/with-call';

const connection = testConnection();
const ledger = testLedger();
const rewind = new Rewind(ledger);

const target = { at: 'lastWorkflowTask' } as const;

/** A running workflow with one completed workflow task, at event 4. */
async function runningWorkflow(): Promise<ScriptedWorkflow> {
  const workflow = await ScriptedWorkflow.start(connection);
  await workflow.completeTask(startTimer('1', 600_000));
  return workflow;
}

/** A closed run that is not the first, and the live run of the same workflow id. */
async function closedAndLive(): Promise<{ old: ScriptedWorkflow; live: ScriptedWorkflow }> {
  const first = await ScriptedWorkflow.start(connection);
  await first.completeTask(completeWorkflow);
  const { workflowId } = first;
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

/** The server does not deduplicate resets by their request ids, as since 1.31. */
const withoutDeduplication = (client: NamespaceClient) =>
  withCall(client, 'reset', (execution, eventId, attribution, options) =>
    client.reset(execution, eventId, { ...attribution, temporalRequestId: randomUUID() }, options),
  );

const losingReset = ({ client, workflowId }: ScriptedWorkflow, meanwhile?: () => Promise<void>) =>
  losingResponse({ client: withoutDeduplication(client), workflowId }, 'reset', meanwhile);

/** Resets are executed, and no response arrives from then on. */
function unreachableAfterReset(workflow: ScriptedWorkflow): Target {
  let isReset = false;
  const { client, workflowId } = losingReset(workflow, async () => void (isReset = true));
  const describe = (execution: Parameters<NamespaceClient['describe']>[0]) =>
    isReset ? Promise.reject(timedOut()) : workflow.client.describe(execution);
  return { client: withCall(client, 'describe', describe), workflowId };
}

const crashingAfterReset = ({ client, workflowId }: ScriptedWorkflow) =>
  hangingCall({ client: withoutDeduplication(client), workflowId }, 'reset', { executed: true });

const byAnotherTool = () => ({ reason: 'by another tool', identity: 'cli', temporalRequestId: randomUUID() });

describe('a reset on a server that starts a run for each repeated request', () => {
  test('is made once for 50 concurrent requests with the same key', async () => {
    const workflow = await runningWorkflow();
    const options = { idempotencyKey: randomUUID() };
    const replaced = { client: withoutDeduplication(workflow.client), workflowId: workflow.workflowId };
    // Duplicates wait for the first request until a deadline, which does not come on this clock.
    const startedAt = Date.now();
    const stoppedClock = new Rewind(ledger, { now: () => startedAt });

    const results = await Promise.all(
      Array.from({ length: 50 }, () => stoppedClock.reset(replaced, { target }, options)),
    );

    expect(new Set(results.map(({ answer }) => JSON.stringify(answer))).size).toBe(1);
    expect(results.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(await workflow.runIds()).toHaveLength(2);
    expect(await rewind.operationsOn(workflow)).toHaveLength(1);
  });

  test('is looked up after a lost response, and not repeated', async () => {
    const workflow = await runningWorkflow();

    const { answer } = await rewind.reset(losingReset(workflow), { target });

    const runs = await workflow.runIds();
    expect(runs).toHaveLength(2);
    expect(answer).toMatchObject({ outcome: 'reset', runId: workflow.runId, eventId: 4 });
    expect(runs).toContain(answer.newRunId);
    expect(answer.terminatedRunId).toBe(workflow.runId);
    expect(await rewind.operationsOn(workflow)).toMatchObject([{ state: 'completed', outcome: 'reset' }]);
  });

  test('is looked up by the next request if the response was lost and the lookup failed', async () => {
    const workflow = await runningWorkflow();
    const options = { idempotencyKey: randomUUID() };
    await expect(rewind.reset(unreachableAfterReset(workflow), { target }, options)).rejects.toMatchObject({
      kind: 'temporal-timeout',
    });
    expect(await rewind.operationsOn(workflow)).toMatchObject([{ state: 'unknown' }]);

    const { answer } = await rewind.afterLease().reset(workflow, { target }, options);

    expect(await workflow.runIds()).toHaveLength(2);
    expect(answer).toMatchObject({
      eventId: 4,
      runId: workflow.runId,
      why: expect.stringContaining('earlier attempt'),
    });
  });

  test('is looked up with its event even if the server started the workflow task itself', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    await workflow.completeTaskAsStickyWorker(startTimer('1', 600_000));
    await workflow.signal('approve');
    await eventually(async () => (await workflow.history()).some((event) => event.workflowTaskTimedOutEventAttributes));

    const { answer } = await rewind.reset(losingReset(workflow), { target: { eventId: 8 } });

    expect(answer).toMatchObject({ eventId: 8, why: expect.stringContaining('earlier attempt') });
    expect(await workflow.runIds()).toHaveLength(2);
  });

  test('is found although another tool has reset the workflow since', async () => {
    const workflow = await runningWorkflow();
    const options = { idempotencyKey: randomUUID() };
    void rewind.reset(crashingAfterReset(workflow), { target }, options).catch(() => {});
    await eventually(async () => (await workflow.runIds()).length === 2);
    const ownRunId = (await workflow.runIds()).find((runId) => runId !== workflow.runId)!;
    await workflow.client.reset(workflow, 4, byAnotherTool());
    await eventually(async () => (await workflow.runIds()).length === 3);

    const { answer } = await rewind.afterLease().reset(workflow, { target }, options);

    expect(answer.newRunId).toBe(ownRunId);
    expect(await workflow.runIds()).toHaveLength(3);
  });

  test('is distinguished from a later reset of its new run, which has the same history and receives no signal', async () => {
    const workflow = await runningWorkflow();
    const { workflowId } = workflow;
    const options = { idempotencyKey: randomUUID() };
    const request = { target, thenSignal: { signalName: 'approve' } };
    void rewind.reset(crashingAfterReset(workflow), request, options).catch(() => {});
    await eventually(async () => (await workflow.currentRunId()) !== workflow.runId);
    const ownRunId = await workflow.currentRunId();
    await workflow.completeTask(startTimer('1', 600_000));
    const ended = (await workflow.history(ownRunId)).findLast((event) => event.workflowTaskCompletedEventAttributes);
    const copy = await workflow.client.reset({ workflowId, runId: ownRunId }, Number(ended?.eventId), byAnotherTool());
    // From now on the first run no longer links to the operation's new run.
    await workflow.client.reset(workflow, 4, byAnotherTool());
    await eventually(async () => (await workflow.runIds()).length === 4, 'visibility to have all runs');

    const { answer } = await rewind.afterLease().reset(workflow, request, options);

    expect(answer).toMatchObject({ newRunId: ownRunId, eventId: 4, thenSignal: { outcome: 'notSent' } });
    const inCopy = await workflow.history(copy);
    expect(inCopy.some((event) => event.workflowExecutionSignaledEventAttributes)).toBe(false);
    expect(await workflow.runIds()).toHaveLength(4);
  });

  test('is made by the second attempt, for the recorded run, if the first attempt crashed before it', async () => {
    const { old, live } = await closedAndLive();
    const options = { idempotencyKey: randomUUID() };
    const request = { target, runId: old.runId, terminateRunId: live.runId };
    void rewind.reset(hangingCall(old, 'reset'), request, options).catch(() => {});
    await eventually(async () => (await rewind.operationsOn(old))[0]?.runId === old.runId);

    const { answer } = await rewind.afterLease().reset(old, request, options);

    expect(answer).toMatchObject({ runId: old.runId, terminatedRunId: live.runId });
  });

  test('with target lastContinuedAsNew resets the recorded run in the second attempt, not the run before it', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    await workflow.completeTask(continueAsNew);
    await workflow.completeTask(continueAsNew);
    await workflow.completeTask(completeWorkflow);
    const options = { idempotencyKey: randomUUID() };
    const request = { target: { at: 'lastContinuedAsNew' } } as const;
    void rewind.reset(hangingCall(workflow, 'reset'), request, options).catch(() => {});
    await eventually(async () => (await rewind.operationsOn(workflow))[0]?.runId !== undefined);
    const recorded = (await rewind.operationsOn(workflow))[0]?.runId;
    expect(recorded).not.toBe(workflow.runId);

    const { answer } = await rewind.afterLease().reset(workflow, request, options);

    expect(answer.runId).toBe(recorded);
  });
});

describe('a reset of a closed run, which terminates the live run of the same workflow id,', () => {
  test('is refused, and the error names the live run', async () => {
    const { old, live } = await closedAndLive();

    const refusal = {
      kind: 'conflict',
      details: { field: 'terminateRunId', allowed: expect.stringContaining(live.runId) },
    };
    await expect(rewind.preview(old, { target, runId: old.runId })).rejects.toMatchObject(refusal);
    await expect(rewind.reset(old, { target, runId: old.runId })).rejects.toMatchObject(refusal);

    expect(await status(live)).toBe('open');
    expect(await rewind.operationsOn(old)).toMatchObject([{ state: 'refused', outcome: 'conflict' }]);
  });

  test('is refused if terminateRunId is not the live run', async () => {
    const { old, live } = await closedAndLive();

    await expect(rewind.reset(old, { target, runId: old.runId, terminateRunId: randomUUID() })).rejects.toMatchObject({
      kind: 'conflict',
      details: { field: 'terminateRunId' },
    });

    expect(await status(live)).toBe('open');
  });

  test('is made if terminateRunId is the live run', async () => {
    const { old, live } = await closedAndLive();
    const request = { target, runId: old.runId, terminateRunId: live.runId };
    expect(await rewind.preview(old, request)).toMatchObject({ runId: old.runId, terminatesRunId: live.runId });

    const { answer } = await rewind.reset(old, request);

    expect(answer).toMatchObject({ runId: old.runId, terminatedRunId: live.runId });
    expect(await status(live)).toBe('closed');
  });

  test('needs no terminateRunId if the newest run is closed', async () => {
    const workflow = await ScriptedWorkflow.start(connection);
    await workflow.completeTask(completeWorkflow);

    const { answer } = await rewind.reset(workflow, { target });

    expect(answer).toMatchObject({ runId: workflow.runId, eventId: 4 });
    expect(answer.terminatedRunId).toBeUndefined();
  });

  test('is refused if the live run started after the reset was planned', async () => {
    const workflow = await runningWorkflow();
    const { workflowId } = workflow;
    // The target run is recorded after the plan.
    const racing = withCall(ledger, 'recordTargetRun', async (...args) => {
      await workflow.signal('go');
      await workflow.completeTask(continueAsNew);
      return ledger.recordTargetRun(...args);
    });

    await expect(new Rewind(racing).reset(workflow, { target })).rejects.toMatchObject({ kind: 'conflict' });

    const { workflowExecutionInfo: current } = await workflow.describe();
    expect(current?.execution?.runId).not.toBe(workflow.runId);
    expect(current?.closeTime).toBeFalsy();
    expect(await workflow.runIds()).toHaveLength(2);
    expect(await workflow.client.describe({ workflowId })).toMatchObject({
      workflowExtendedInfo: { resetRunId: '' },
    });
  });
});

describe('resets of one workflow with different keys', () => {
  test.each([2, 5])('%i at the same time start one new run, and the others are refused', async (count) => {
    const workflow = await runningWorkflow();
    // Delays the reset until all others are refused, or for the time limit if they are not.
    let refused = 0;
    const slow = withCall(workflow.client, 'reset', async (...args) => {
      await eventually(() => refused === count - 1, 'the others to be refused').catch(() => {});
      return workflow.client.reset(...args);
    });
    const replaced = { client: slow, workflowId: workflow.workflowId };
    const reset = () =>
      rewind.reset(replaced, { target }).catch((error: unknown) => {
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
    const workflow = await runningWorkflow();

    const { answer: one } = await rewind.reset(workflow, { target });
    const { answer: other } = await rewind.reset(workflow, { target });

    expect(other).toMatchObject({ runId: one.newRunId, terminatedRunId: one.newRunId });
  });

  test('are not blocked by one that Temporal throttled, or by one that was refused', async () => {
    const workflow = await runningWorkflow();
    for (const kind of ['throttled', 'invalid-request'] as const) {
      const refusing = failingCall(workflow, 'reset', new OperationFailure(kind, 'Temporal refuses the reset.'));
      await expect(rewind.reset(refusing, { target })).rejects.toMatchObject({ kind });
    }

    expect((await rewind.reset(workflow, { target })).answer.terminatedRunId).toBe(workflow.runId);
  });

  test('are refused after a crash until reconciliation should have looked that reset up, and no longer', async () => {
    const workflow = await runningWorkflow();
    const { workflowId } = workflow;
    let called = false;
    const hanging = withCall(workflow.client, 'reset', () => {
      called = true;
      return new Promise(() => {});
    });
    void rewind.reset({ client: hanging, workflowId }, { target }).catch(() => {});
    await eventually(async () => called);

    for (const each of [rewind, rewind.afterLease()]) {
      await expect(each.reset(workflow, { target })).rejects.toMatchObject({ kind: 'conflict' });
    }

    const later = rewind.afterLease(120_000);
    expect((await later.reset(workflow, { target })).answer.outcome).toBe('reset');
  });

  test('are refused after a lost response until reconciliation has found that reset', async () => {
    const workflow = await runningWorkflow();
    await expect(rewind.reset(unreachableAfterReset(workflow), { target })).rejects.toMatchObject({
      kind: 'temporal-timeout',
    });
    const later = rewind.afterLease();

    // With another key, as a retry of a batch operation sends.
    await expect(later.reset(workflow, { target })).rejects.toMatchObject({ kind: 'conflict' });
    expect(await workflow.runIds()).toHaveLength(2);

    expect(await rewind.reconcile(workflow, LEASE_MS + LATE_EXECUTION_MS)).toEqual([]);
    expect(await rewind.operationsOn(workflow)).toContainEqual(
      expect.objectContaining({ state: 'completed', outcome: 'reset' }),
    );
    expect((await later.reset(workflow, { target })).answer.outcome).toBe('reset');
  });
});

describe('a current run that closes or is reset just before the reset', () => {
  test('is not reported as terminated if it completed', async () => {
    const workflow = await runningWorkflow();
    const racing = changedBefore(workflow, 'reset', async () => {
      await workflow.signal('go');
      await workflow.completeTask(completeWorkflow);
    });

    const { answer } = await rewind.reset(racing, { target });

    expect(answer.terminatedRunId).toBeUndefined();
  });

  test('is not reported as terminated if another tool reset it, but that tool’s new run is', async () => {
    const workflow = await runningWorkflow();
    let otherRunId = '';
    const racing = changedBefore(workflow, 'reset', async () => {
      otherRunId = await workflow.client.reset(workflow, 4, byAnotherTool());
      await eventually(async () => (await workflow.runIds()).includes(otherRunId));
    });

    const { answer } = await rewind.reset(racing, { target });

    expect(answer.terminatedRunId).toBe(otherRunId);
  });
});

describe('ifCurrentRunId', () => {
  test('refuses the reset if another run is current', async () => {
    const { old, live } = await closedAndLive();

    await expect(rewind.reset(live, { target, ifCurrentRunId: old.runId })).rejects.toMatchObject({
      kind: 'conflict',
      details: { field: 'ifCurrentRunId', value: old.runId, allowed: expect.stringContaining(live.runId) },
    });

    expect(await status(live)).toBe('open');
  });

  test('allows the reset if it is the current run', async () => {
    const workflow = await runningWorkflow();

    const { answer } = await rewind.reset(workflow, { target, ifCurrentRunId: workflow.runId });

    expect(answer.terminatedRunId).toBe(workflow.runId);
  });
});

describe('history after a reset', () => {
  test('has operation id and caller in the reason, in the new run and in the terminated run', async () => {
    const workflow = await runningWorkflow();

    const { answer } = await rewind.reset(workflow, { target });

    const reason = `bad deploy [rewind ${answer.operationId} by ${ann.id}]`;
    const newHistory = await workflow.history(answer.newRunId);
    expect(newHistory.flatMap(({ workflowTaskFailedEventAttributes: failed }) => failed ?? [])).toMatchObject([
      { failure: { message: reason }, baseRunId: workflow.runId, newRunId: answer.newRunId },
    ]);
    const ended = (await workflow.history()).at(-1)?.workflowExecutionTerminatedEventAttributes;
    expect(ended).toMatchObject({ reason, identity: 'history-resetter' });
    expect(JSON.stringify(newHistory)).not.toContain(`"identity":"${ann.id}"`);
  });
});

test('an idempotency key may be longer than Temporal’s request ids', async () => {
  const workflow = await runningWorkflow();

  const { answer } = await rewind.reset(workflow, { target }, { idempotencyKey: 'k'.repeat(5000) });

  expect(answer.outcome).toBe('reset');
});
