import { randomUUID } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import type { Connection } from '@temporalio/client';
import type { Certificates } from '../../local/certificates';
import type { Ledger } from '../../operations/ledger/ledger';
import type { Namespaces } from '../../operations/temporal/namespaces';
import { GrpcProxy } from '../support/grpc-proxy';
import { createLedger } from '../support/ledger-table';
import { Rewind } from '../support/rewind';
import { connectToTestServer, namespace, ScriptedWorkflow, startTimer } from '../support/scripted-workflow';
import { certificatesOfNamespace, namespacesAt, secretOf } from '../support/tls-namespace';

const RESET = 'ResetWorkflowExecution';
const DESCRIBE = 'DescribeWorkflowExecution';
const target = { at: 'lastWorkflowTask' } as const;

let direct: Connection;
let certificates: Certificates;
let flaky: Namespaces;
let proxy: GrpcProxy;
let ledger: Ledger;
let rewind: Rewind;
beforeAll(async () => {
  direct = connectToTestServer();
  certificates = await certificatesOfNamespace();
  ledger = await createLedger();
  rewind = new Rewind(ledger);
});
beforeEach(async () => {
  const started = await GrpcProxy.start({ certificates });
  proxy = started.proxy;
  // Calls are counted: none is repeated because this machine is slow.
  flaky = namespacesAt(started.address, async () => secretOf(certificates), { silenceMs: 100_000 });
});
afterEach(async () => {
  await flaky.close();
  proxy.stop();
});
afterAll(() => direct.close());

async function running() {
  const workflow = await ScriptedWorkflow.start(direct);
  await workflow.completeTask(startTimer('1', 600_000));
  return { workflow, through: { client: await flaky.find(namespace).connect(), workflowId: workflow.workflowId } };
}

const operationOn = async ({ workflowId }: ScriptedWorkflow) =>
  (await ledger.search(namespace, { workflowId }, { size: 9 })).operations;

describe('trap 2: the client library repeats calls by itself', () => {
  test('but not a reset whose answer is lost: it is found out, and there is one new run', async () => {
    const { workflow, through } = await running();
    proxy.mishaps.set(RESET, { reachesServer: true, code: status.UNAVAILABLE });

    const { answer } = await rewind.reset(through, { target });

    expect(proxy.calls.get(RESET)).toBe(1);
    expect(await workflow.runIds()).toEqual(expect.arrayContaining([workflow.runId, answer.newRunId]));
    expect(await workflow.runIds()).toHaveLength(2);
  });

  test('not a reset that never arrived either: the next request under its key does it', async () => {
    const { workflow, through } = await running();
    const how = { idempotencyKey: randomUUID() };
    proxy.mishaps.set(RESET, { reachesServer: false, code: status.UNAVAILABLE });
    await expect(rewind.reset(through, { target }, how)).rejects.toMatchObject({ kind: 'temporal-unavailable' });
    expect(proxy.calls.get(RESET)).toBe(1);
    expect(await operationOn(workflow)).toMatchObject([{ state: 'unknown' }]);
    expect(await workflow.runIds()).toHaveLength(1);
    proxy.mishaps.clear();

    // Until then the server may still execute the first request (docs/faults.md).
    const later = new Rewind(ledger, { now: () => Date.now() + 120_000 });
    const { answer } = await later.reset(through, { target }, how);

    expect(answer).toMatchObject({ outcome: 'reset', eventId: 4 });
    expect(await workflow.runIds()).toHaveLength(2);
  });

  test('while throttling is said at once, and nothing was done', async () => {
    const { workflow, through } = await running();
    const how = { idempotencyKey: randomUUID() };
    proxy.mishaps.set(RESET, { reachesServer: false, code: status.RESOURCE_EXHAUSTED });

    await expect(rewind.reset(through, { target }, how)).rejects.toMatchObject({
      kind: 'throttled',
      details: { retryAfterSeconds: expect.any(Number) },
    });
    expect(proxy.calls.get(RESET)).toBe(1);
    expect(await operationOn(workflow)).toMatchObject([{ state: 'failed' }]);
    proxy.mishaps.clear();

    expect((await rewind.reset(through, { target }, how)).answer.outcome).toBe('reset');
    expect(await workflow.runIds()).toHaveLength(2);
  });

  test('reading calls are repeated: they change nothing', async () => {
    const { workflow, through } = await running();
    proxy.mishaps.set(DESCRIBE, { reachesServer: true, code: status.UNAVAILABLE });

    await expect(rewind.preview(through, { target })).rejects.toMatchObject({ kind: 'temporal-unavailable' });

    expect(proxy.calls.get(DESCRIBE)).toBe(3);
    expect(await workflow.runIds()).toHaveLength(1);
  });
});

describe('a reset', () => {
  test('takes few calls', async () => {
    const { through } = await running();

    await rewind.reset(through, { target });

    const made = [...proxy.calls].filter(([method]) => method !== 'GetSystemInfo');
    expect(Object.fromEntries(made)).toEqual({
      // The run, the current run just before the act, and the run's children after it.
      [DESCRIBE]: 3,
      // For the target, and for the termination with the operation's tag.
      GetWorkflowExecutionHistoryReverse: 2,
      [RESET]: 1,
    });
  });
});
