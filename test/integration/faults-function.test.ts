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
 * The function is killed, has no time, or its machine's clock is wrong. docs/faults.md says what callers see.
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

const callerTo = ({ client }: ScriptedWorkflow, through: Ledger = ledger): Caller => ({
  ledger: through,
  namespaces: { find: (name) => ({ name, connect: async () => client }) },
});

describe.each(changes)('a function that is killed while it does: %s', (change) => {
  /** Ends what was killed, once the test has seen enough. */
  let bury = () => {};
  afterEach(() => bury());

  /** A ledger whose caller is killed just before or just after this call. */
  function killing(
    call: 'createIfAbsent' | 'recordTargetRun' | 'complete',
    when: 'before' | 'after',
  ): { through: Ledger; killed: Promise<void> } {
    let die = () => {};
    const killed = new Promise<void>((resolve) => {
      die = resolve;
    });
    const grave = new Promise<never>((_, reject) => {
      bury = () => reject(new Error('killed'));
    });
    grave.catch(() => {});
    const real: (...args: never[]) => Promise<unknown> = ledger[call].bind(ledger);
    const through: Ledger = Object.assign(Object.create(ledger) as Ledger, {
      [call]: async (...args: never[]) => {
        if (when === 'after') await real(...args);
        die();
        return grave;
      },
    });
    return { through, killed };
  }

  const steps: [
    step: string,
    call: 'createIfAbsent' | 'recordTargetRun' | 'complete',
    when: 'before' | 'after',
    acted: number,
    settled?: string,
  ][] = [
    ['before the record', 'createIfAbsent', 'before', 0, undefined],
    ['after the record', 'createIfAbsent', 'after', 0, 'failed'],
    ['before the run is noted', 'recordTargetRun', 'before', 0, 'failed'],
    ['before the act', 'recordTargetRun', 'after', 0, 'failed'],
    ['after the act', 'complete', 'before', 1, 'completed'],
    ['before the answer', 'complete', 'after', 1, 'completed'],
  ];
  test.each(steps)('%s', async (_step, call, when, acted, settled) => {
    const asked = new HttpChange(change, await running());
    const { through, killed } = killing(call, when);
    void asked.send(callerTo(asked.workflow, through));
    await killed;
    expect(await asked.countExecutions()).toBe(acted);

    // While it may still be at work, nobody else is.
    expect(await HttpChange.settle(callerTo(asked.workflow))).toEqual([]);
    expect((await asked.record(ledger))?.attempt ?? 1).toBe(1);
    // Then the ledger learns the truth, also when nobody asks again.
    const later = { ...callerTo(asked.workflow), now: () => Date.now() + LATER_MS };
    expect(await HttpChange.settle(later)).toEqual([]);
    expect((await asked.record(ledger))?.state).toBe(settled);

    // And whoever asks again gets it done, or hears that it was.
    const { status, outcome } = successOf[change];
    expect(await asked.send(later)).toMatchObject({ status, body: { outcome }, replayed: acted > 0 });
    expect(await asked.countExecutions()).toBe(1);
    expect(await asked.record(ledger)).toMatchObject({ state: 'completed', outcome });
  });

  test.each(steps)('%s, and the request is sent again before anything was settled', async (...[, call, when]) => {
    const asked = new HttpChange(change, await running());
    const { through, killed } = killing(call, when);
    void asked.send(callerTo(asked.workflow, through));
    await killed;

    const later = { ...callerTo(asked.workflow), now: () => Date.now() + LATER_MS };
    const { status, outcome } = successOf[change];
    expect(await asked.send(later)).toMatchObject({ status, body: { outcome } });
    expect(await asked.countExecutions()).toBe(1);
    expect(await asked.record(ledger)).toMatchObject({ state: 'completed', outcome });
  });
});

describe.each(changes)('with little time left: %s', (change) => {
  test.each([
    ['is not begun', 5_000],
    ['is not begun either when there is none', 0],
  ])('%s', async (_what, remainingMs) => {
    const asked = new HttpChange(change, await running());
    const namespaces = {
      find: (name: string) => ({
        name,
        connect: async (until?: number) => asked.workflow.clientWithDeadline(until),
      }),
    };

    expect(await asked.send({ ledger, namespaces }, remainingMs)).toMatchObject({
      status: 504,
      problem: 'temporal-timeout',
      retryAfter: expect.any(Number),
    });

    expect(await asked.countExecutions()).toBe(0);
    // Where no time was left to wait for it, the note arrives after the answer.
    await eventually(async () => (await asked.record(ledger))?.state === 'failed');
    expect(await asked.send({ ledger, namespaces })).toMatchObject({ status: successOf[change].status });
    expect(await asked.countExecutions()).toBe(1);
  });
});

describe('machines whose clocks differ', () => {
  const acts = {
    cancel: 'RequestCancelWorkflowExecution',
    terminate: 'TerminateWorkflowExecution',
    reset: 'ResetWorkflowExecution',
  };
  const skews = [5 * MINUTE, -5 * MINUTE];

  test.each(changes.flatMap((change) => skews.map((skew) => [change, skew / MINUTE, skew] as const)))(
    'by minutes do not both %s, nor does one take the other for dead: %i',
    async (change, _minutes, skew) => {
      const certificates = await createNamespaceCertificates();
      const { proxy, address } = await GrpcProxy.start({ certificates });
      const slow = namespacesAt(address, async () => secretOf(certificates));
      const asked = new HttpChange(change, await running());
      const right = { ...callerTo(asked.workflow) };
      const wrong = { ...callerTo(asked.workflow, skewed(skew)), now: () => Date.now() + skew };

      // One is about to act, by either clock.
      for (const [first, second] of [
        [{ ...right, namespaces: slow }, wrong],
        [{ ...wrong, namespaces: slow }, right],
      ] as const) {
        const another = new HttpChange(change, await running());
        proxy.faults.set(acts[change], { reachesServer: false, delayMs: 1_500, times: 1 });
        const before = proxy.count(acts[change]);
        const acting = another.send(first);
        await eventually(() => proxy.count(acts[change]) > before);
        const asking = another.send(second);
        await HttpChange.settle(second);
        const { status, outcome } = successOf[change];
        expect(await acting).toMatchObject({ status, body: { outcome }, replayed: false });
        expect(await asking).toMatchObject({ status, body: { outcome }, replayed: true });
        expect(await another.countExecutions()).toBe(1);
        expect(await another.record(ledger)).toMatchObject({ state: 'completed', outcome, attempt: 1 });
      }
      await slow.close();
      proxy.stop();
    },
  );

  test('find each other out when one of them was killed', async () => {
    for (const skew of skews) {
      const asked = new HttpChange('reset', await running());
      const wrong = { ...callerTo(asked.workflow, skewed(skew)), now: () => Date.now() + skew };
      const ending = jest.spyOn(wrong.ledger, 'complete').mockRejectedValue(new Error('killed'));
      expect(await asked.send(wrong)).toMatchObject({ status: 201 });
      ending.mockRestore();

      const later = { ...callerTo(asked.workflow), now: () => Date.now() + LATER_MS };
      expect(await asked.send(later)).toMatchObject({ status: 201 });
      expect(await asked.countExecutions()).toBe(1);
    }
  });

  /** The ledger of a machine whose clock is wrong, in a process that has not asked it anything yet. */
  function skewed(skewMs: number): DynamoDbLedger {
    const { tableName } = ledger;
    return new DynamoDbLedger({ tableName, retentionDays: 400, now: () => Date.now() + skewMs });
  }
});
