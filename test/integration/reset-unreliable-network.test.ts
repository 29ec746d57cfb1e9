import { randomUUID } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import type { Connection } from '@temporalio/client';
import type { Certificates } from '../../local/temporal/certificates';
import type { Namespaces } from '../../operations/temporal/namespaces';
import { GrpcProxy } from '../support/grpc-proxy';
import { createLedger } from '../support/ledger-table';
import { Rewind } from '../support/rewind';
import { connectToTestServer, namespace, ScriptedWorkflow, startTimer } from '../support/scripted-workflow';
import { createNamespaceCertificates, namespacesAt, secretOf } from '../support/tls-namespace';

const RESET = 'ResetWorkflowExecution';
const DESCRIBE = 'DescribeWorkflowExecution';
const target = { at: 'lastWorkflowTask' } as const;

let direct: Connection;
let certificates: Certificates;
let namespaces: Namespaces;
let proxy: GrpcProxy;
let rewind: Rewind;
beforeAll(async () => {
  direct = connectToTestServer();
  certificates = await createNamespaceCertificates();
  rewind = new Rewind(await createLedger());
});
beforeEach(async () => {
  const started = await GrpcProxy.start({ certificates });
  proxy = started.proxy;
  // The tests count calls: none may be repeated because the machine is slow.
  namespaces = namespacesAt(started.address, async () => secretOf(certificates), { silenceMs: 100_000 });
});
afterEach(async () => {
  await namespaces.close();
  proxy.stop();
});
afterAll(() => direct.close());

async function runningWorkflow() {
  const workflow = await ScriptedWorkflow.start(direct);
  await workflow.completeTask(startTimer('1', 600_000));
  return { workflow, proxied: { client: await namespaces.find(namespace).connect(), workflowId: workflow.workflowId } };
}

describe('the client library, which retries calls,', () => {
  test('sends a reset once whose response is lost; the lookup finds the new run', async () => {
    const { workflow, proxied } = await runningWorkflow();
    proxy.faults.set(RESET, { reachesServer: true, code: status.UNAVAILABLE });

    const { answer } = await rewind.reset(proxied, { target });

    expect(proxy.calls.get(RESET)).toBe(1);
    expect(await workflow.runIds()).toEqual(expect.arrayContaining([workflow.runId, answer.newRunId]));
    expect(await workflow.runIds()).toHaveLength(2);
  });

  test('sends a reset once that does not arrive; the next request with its key makes it', async () => {
    const { workflow, proxied } = await runningWorkflow();
    const options = { idempotencyKey: randomUUID() };
    proxy.faults.set(RESET, { reachesServer: false, code: status.UNAVAILABLE });
    await expect(rewind.reset(proxied, { target }, options)).rejects.toMatchObject({ kind: 'temporal-unavailable' });
    expect(proxy.calls.get(RESET)).toBe(1);
    expect(await rewind.operationsOn(workflow)).toMatchObject([{ state: 'unknown' }]);
    expect(await workflow.runIds()).toHaveLength(1);
    proxy.faults.clear();

    // The server may still execute the first request until then (docs/faults.md).
    const later = new Rewind(rewind.ledger, { now: () => Date.now() + 120_000 });
    const { answer } = await later.reset(proxied, { target }, options);

    expect(answer).toMatchObject({ outcome: 'reset', eventId: 4 });
    expect(await workflow.runIds()).toHaveLength(2);
  });

  test('sends a reset once that is throttled, which fails at once without a change', async () => {
    const { workflow, proxied } = await runningWorkflow();
    const options = { idempotencyKey: randomUUID() };
    proxy.faults.set(RESET, { reachesServer: false, code: status.RESOURCE_EXHAUSTED });

    await expect(rewind.reset(proxied, { target }, options)).rejects.toMatchObject({
      kind: 'throttled',
      details: { retryAfterSeconds: expect.any(Number) },
    });
    expect(proxy.calls.get(RESET)).toBe(1);
    expect(await rewind.operationsOn(workflow)).toMatchObject([{ state: 'failed' }]);
    proxy.faults.clear();

    expect((await rewind.reset(proxied, { target }, options)).answer.outcome).toBe('reset');
    expect(await workflow.runIds()).toHaveLength(2);
  });

  test('sends reads again, because they change nothing', async () => {
    const { workflow, proxied } = await runningWorkflow();
    proxy.faults.set(DESCRIBE, { reachesServer: true, code: status.UNAVAILABLE });

    await expect(rewind.preview(proxied, { target })).rejects.toMatchObject({ kind: 'temporal-unavailable' });

    expect(proxy.calls.get(DESCRIBE)).toBe(3);
    expect(await workflow.runIds()).toHaveLength(1);
  });
});

test('a reset takes six calls', async () => {
  const { proxied } = await runningWorkflow();

  await rewind.reset(proxied, { target });

  const calls = [...proxy.calls].filter(([method]) => method !== 'GetSystemInfo');
  expect(Object.fromEntries(calls)).toEqual({
    // The run, the current run just before the reset, and the run's children after it.
    [DESCRIBE]: 3,
    // For the target, and for the termination with the operation's tag.
    GetWorkflowExecutionHistoryReverse: 2,
    [RESET]: 1,
  });
});
