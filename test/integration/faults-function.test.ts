import type { Connection } from '@temporalio/client';
import { LATE_EXECUTION_MS, LEASE_MS } from '../../operations/ledger/lease';
import type { Ledger } from '../../operations/ledger/ledger';
import { DynamoDbLedger } from '../../aws/dynamodb-ledger';
import { eventually } from '../support/eventually';
import { HttpChange, changes, successOf } from '../support/http-change';
import type { Caller } from '../support/http-change';
import { GrpcProxy } from '../support/grpc-proxy';
import { createLedger } from '../support/ledger-table';
import { connectToTestServer, ScriptedWorkflow, startTimer } from '../support/scripted-workflow';
import { createNamespaceCertificates, namespacesAt, secretOf } from '../support/tls-namespace';

/*
 * The function is killed, runs out of time, or has a wrong clock. docs/faults.md lists the responses.
 */

const LATER_MS = LEASE_MS + LATE_EXECUTION_MS + 1_000;
const MINUTE = 60_000;

let connection: Connection;
let ledger: DynamoDbLedger;
beforeAll(() => {
  connection = connectToTestServer();
});
afterAll(() => connection.close());
beforeEach(async () => {
  ledger = await createLedger();
});

async function running(): Promise<ScriptedWorkflow> {
  const workflow = await ScriptedWorkflow.start(connection);
  await workflow.completeTask(startTimer('1', 600_000));
  return workflow;
}

const callerOf = ({ client }: ScriptedWorkflow, ledgerUsed: Ledger = ledger): Caller => ({
  ledger: ledgerUsed,
  namespaces: { find: (name) => ({ name, connect: async () => client }) },
});

describe.each(changes)('a %s whose function is killed', (change) => {
  /** Rejects the call in which the function hangs, at the end of the test. */
  let rejectHangingCall = () => {};
  afterEach(() => rejectHangingCall());

  /** A ledger whose caller never continues after this call, which reaches the table or not. */
  function hangingLedger(
    call: 'createIfAbsent' | 'recordTargetRun' | 'complete',
    when: 'before' | 'after',
  ): { ledgerUsed: Ledger; killed: Promise<void> } {
    let resolveKilled = () => {};
    const killed = new Promise<void>((resolve) => {
      resolveKilled = resolve;
    });
    const hangingCall = new Promise<never>((_, reject) => {
      rejectHangingCall = () => reject(new Error('killed'));
    });
    hangingCall.catch(() => {});
    const real: (...args: never[]) => Promise<unknown> = ledger[call].bind(ledger);
    const ledgerUsed: Ledger = Object.assign(Object.create(ledger) as Ledger, {
      [call]: async (...args: never[]) => {
        if (when === 'after') await real(...args);
        resolveKilled();
        return hangingCall;
      },
    });
    return { ledgerUsed, killed };
  }

  const steps: [
    step: string,
    call: 'createIfAbsent' | 'recordTargetRun' | 'complete',
    when: 'before' | 'after',
    executed: number,
    state?: string,
  ][] = [
    ['before it records the operation', 'createIfAbsent', 'before', 0, undefined],
    ['after it records the operation', 'createIfAbsent', 'after', 0, 'failed'],
    ['before it records the run', 'recordTargetRun', 'before', 0, 'failed'],
    ['after it records the run', 'recordTargetRun', 'after', 0, 'failed'],
    ['before it records the result', 'complete', 'before', 1, 'completed'],
    ['after it records the result', 'complete', 'after', 1, 'completed'],
  ];
  test.each(steps)('%s is reconciled, then executed once by a retry', async (_step, call, when, executed, state) => {
    const request = new HttpChange(change, await running());
    const { ledgerUsed, killed } = hangingLedger(call, when);
    void request.send(callerOf(request.workflow, ledgerUsed));
    await killed;
    expect(await request.countExecutions()).toBe(executed);

    // Reconciliation waits while the lease is valid.
    expect(await HttpChange.settle(callerOf(request.workflow))).toEqual([]);
    expect((await request.record(ledger))?.attempt ?? 1).toBe(1);
    // After the lease, it records the outcome without another request.
    const later = { ...callerOf(request.workflow), now: () => Date.now() + LATER_MS };
    expect(await HttpChange.settle(later)).toEqual([]);
    expect((await request.record(ledger))?.state).toBe(state);

    // A retry executes the change, or replays its result.
    const { status, outcome } = successOf[change];
    expect(await request.send(later)).toMatchObject({ status, body: { outcome }, replayed: executed > 0 });
    expect(await request.countExecutions()).toBe(1);
    expect(await request.record(ledger)).toMatchObject({ state: 'completed', outcome });
  });

  test.each(steps)('%s is executed once by a retry before reconciliation', async (...[, call, when]) => {
    const request = new HttpChange(change, await running());
    const { ledgerUsed, killed } = hangingLedger(call, when);
    void request.send(callerOf(request.workflow, ledgerUsed));
    await killed;

    const later = { ...callerOf(request.workflow), now: () => Date.now() + LATER_MS };
    const { status, outcome } = successOf[change];
    expect(await request.send(later)).toMatchObject({ status, body: { outcome } });
    expect(await request.countExecutions()).toBe(1);
    expect(await request.record(ledger)).toMatchObject({ state: 'completed', outcome });
  });
});

describe.each(changes)('a %s', (change) => {
  test.each([
    ['little', 5_000],
    ['no', 0],
  ])('is not started with %s time left, and is executed by a retry', async (_amount, remainingMs) => {
    const request = new HttpChange(change, await running());
    const namespaces = {
      find: (name: string) => ({
        name,
        connect: async (until?: number) => request.workflow.clientWithDeadline(until),
      }),
    };

    expect(await request.send({ ledger, namespaces }, remainingMs)).toMatchObject({
      status: 504,
      problem: 'temporal-timeout',
      retryAfter: expect.any(Number),
    });

    expect(await request.countExecutions()).toBe(0);
    // With no time left, the response does not wait for the record.
    await eventually(async () => (await request.record(ledger))?.state === 'failed');
    expect(await request.send({ ledger, namespaces })).toMatchObject({ status: successOf[change].status });
    expect(await request.countExecutions()).toBe(1);
  });
});

describe('functions whose clocks differ by minutes', () => {
  const changeRpcs = {
    cancel: 'RequestCancelWorkflowExecution',
    terminate: 'TerminateWorkflowExecution',
    reset: 'ResetWorkflowExecution',
  };
  const skews = [5 * MINUTE, -5 * MINUTE];

  test.each(changes.flatMap((change) => skews.map((skew) => [change, skew / MINUTE, skew] as const)))(
    'execute a %s once, and neither takes over while the other executes (%i min)',
    async (change, _minutes, skew) => {
      const certificates = await createNamespaceCertificates();
      const { proxy, address } = await GrpcProxy.start({ certificates });
      const slow = namespacesAt(address, async () => secretOf(certificates));
      const workflow = await running();
      const right = callerOf(workflow);
      const wrong = { ...callerOf(workflow, skewed(skew)), now: () => Date.now() + skew };

      for (const [first, second] of [
        [{ ...right, namespaces: slow }, wrong],
        [{ ...wrong, namespaces: slow }, right],
      ] as const) {
        const request = new HttpChange(change, await running());
        proxy.faults.set(changeRpcs[change], { reachesServer: false, delayMs: 1_500, times: 1 });
        const before = proxy.count(changeRpcs[change]);
        const executing = request.send(first);
        await eventually(() => proxy.count(changeRpcs[change]) > before);
        const concurrent = request.send(second);
        await HttpChange.settle(second);
        const { status, outcome } = successOf[change];
        expect(await executing).toMatchObject({ status, body: { outcome }, replayed: false });
        expect(await concurrent).toMatchObject({ status, body: { outcome }, replayed: true });
        expect(await request.countExecutions()).toBe(1);
        expect(await request.record(ledger)).toMatchObject({ state: 'completed', outcome, attempt: 1 });
      }
      await slow.close();
      proxy.stop();
    },
  );

  test('execute a reset once if one of them is killed before it records the result', async () => {
    for (const skew of skews) {
      const request = new HttpChange('reset', await running());
      const wrong = { ...callerOf(request.workflow, skewed(skew)), now: () => Date.now() + skew };
      const complete = jest.spyOn(wrong.ledger, 'complete').mockRejectedValue(new Error('killed'));
      expect(await request.send(wrong)).toMatchObject({ status: 201 });
      complete.mockRestore();

      const later = { ...callerOf(request.workflow), now: () => Date.now() + LATER_MS };
      expect(await request.send(later)).toMatchObject({ status: 201 });
      expect(await request.countExecutions()).toBe(1);
    }
  });

  /** A new ledger client on a machine with a wrong clock. */
  function skewed(skewMs: number): DynamoDbLedger {
    const { tableName } = ledger;
    return new DynamoDbLedger({ tableName, retentionDays: 400, now: () => Date.now() + skewMs });
  }
});
