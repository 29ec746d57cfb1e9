import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { releases } from '../../../local/releases';
import type { RunningProcess } from '../../../local/processes/processes';
import { startWorker } from '../../../local/processes/worker-process';
import type { CodeModules } from '../../../worker/code';
import { BadBuild } from '../../support/bad-build';
import { allBlocks, isFirstDay } from '../../support/documentation';
import { eventually } from '../../support/eventually';
import { localStack } from '../../support/local-stack';
import { temporaryFolder } from '../../support/temporary-folder';
import { testTriggers } from '../../support/test-triggers';
import { CTRL_C, ENTER, rewindCommand } from '../../support/rewind-command';
import type { KeyStep } from '../../support/rewind-command';

/* Each situation of docs/first-day-on-call.md, with the commands of the page, in a terminal. */

let worker: RunningProcess | undefined;
// Runs before the afterAll that closes the client's connection.
afterAll(() => worker?.stop());
const folder = temporaryFolder();
const { api, client, connection, details: shared, putEvent } = localStack();
const rewind = rewindCommand();
// A separate task queue, because other tests share the local stack's worker.
const details = { ...shared, taskQueue: `on-call-${randomUUID()}` };
const failed = Array.from({ length: 6 }, (_, index) => `broken-${randomUUID()}-${index}`);
const [first = '', second = '', third = '', ...inBatch] = failed;
const wedged = `wedged-${randomUUID()}`;

async function deploy(modules: CodeModules): Promise<void> {
  await worker?.stop();
  worker = await startWorker({ details, logFile: path.join(folder, 'worker.log'), modules });
}

const start = (type: string, workflowId: string, more: object) =>
  client.workflow.start(type, { workflowId, taskQueue: details.taskQueue, args: [{ orderId: workflowId, ...more }] });

const describeUntil = (workflowId: string, what: string, done: (workflow: Described) => boolean) =>
  eventually(async () => {
    const { body } = await api.describe(workflowId);
    return done(body) ? body : undefined;
  }, `${workflowId} to be ${what}`);
type Described = Awaited<ReturnType<typeof api.describe>>['body'];

beforeAll(async () => {
  await deploy({ ...releases.nonDeterministic, activities: releases.failingPayment.activities });
  await Promise.all(failed.map((workflowId) => start('repairableOrder', workflowId, { paymentDelaySeconds: 0 })));
  for (const workflowId of failed) await describeUntil(workflowId, 'failed', ({ status }) => status === 'Failed');
  // The worker stops while the workflow waits for its payment.
  await start('wedgedOrder', wedged, { paymentDelaySeconds: 6 });
  await eventually(async () => {
    const { events } = await client.workflow.getHandle(wedged).fetchHistory();
    return (events ?? []).filter((event) => event.activityTaskCompletedEventAttributes).length >= 2;
  }, 'the order to wait for its payment');
  await deploy(releases.working);
}, 180_000);

/** The lines under a heading, with the ids of this test. */
function lines(heading: string, ids: Record<string, string>): string[][] {
  const [block] = allBlocks().filter((candidate) => isFirstDay(candidate) && candidate.headings.includes(heading));
  const text = Object.entries(ids).reduce((all, [there, here]) => all.replaceAll(there, here), block?.text ?? '');
  return text
    .trim()
    .split('\n')
    .map((line) => [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word = '']) => quoted ?? word).slice(1));
}

const yes: KeyStep = { expect: '? Reason', send: 'y' };
const operationOf = async (workflowId: string) =>
  (await api.operations(workflowId)).body.operations[0]?.operationId ?? '';

test('every situation needs at most two commands and has a test here', () => {
  const blocks = allBlocks().filter(isFirstDay);
  expect(blocks).toHaveLength(10);
  for (const { text } of blocks) expect(text.trim().split('\n').length).toBeLessThanOrEqual(2);
});

test('a workflow does not proceed', async () => {
  await describeUntil(wedged, 'stuck', ({ stuck = [] }) => stuck.length > 0);
  const [show = [], reset = []] = lines('A workflow does not proceed', { 'order-42': wedged });
  const shown = (await rewind.runInTerminal(show)).screen;
  expect(shown.split('\n').slice(1, 4).join('\n')).toContain(`rewind reset ${wedged} --to before-failure`);
  const { exitCode, screen } = await rewind.runInTerminal(reset, [yes]);
  expect({ exitCode, screen }).toMatchObject({ exitCode: 0, screen: expect.stringContaining('the new run Completed') });
});

test('a deployment broke many workflows', async () => {
  const build = new BadBuild(connection, details.namespace);
  await build.touch(2);
  const [rollback = []] = lines('A deployment broke many workflows', {
    'rollback orders': `rollback ${build.deploymentName}`,
    '2026-01-31.2': 'bad',
  });
  const completed = build.complete(2);
  const { exitCode, screen } = await rewind.runInTerminal(rollback, [{ expect: 'Type 2', send: `2${ENTER}` }]);
  expect({ exitCode, screen }).toMatchObject({ exitCode: 0, screen: expect.stringMatching(/report +2 repaired/) });
  await completed;
});

test('a deployment without worker versioning broke many workflows', async () => {
  const ids = inBatch.map((id) => `WorkflowId = '${id}'`).join(' OR ');
  const query = "WorkflowType = 'order' AND ExecutionStatus = 'Failed'";
  const [batch = []] = lines('A deployment without worker versioning broke many workflows', {
    [query]: `ExecutionStatus = 'Failed' AND (${ids})`,
  });
  const { exitCode, screen } = await rewind.runInTerminal(batch, [{ expect: 'Type 3', send: `3${ENTER}` }]);
  expect({ exitCode, screen }).toMatchObject({ exitCode: 0, screen: expect.stringMatching(/outcomes +3 reset/) });
  for (const id of inBatch) await describeUntil(id, 'completed', ({ status }) => status === 'Completed');
});

test('three workflows need a reset', async () => {
  const [reset = []] = lines('Three workflows need a reset', { 'order-1': first, 'order-2': second, 'order-3': third });
  const { exitCode, screen } = await rewind.runInTerminal(reset, [yes]);
  expect({ exitCode, count: screen.match(/: reset to event/g)?.length }).toEqual({ exitCode: 0, count: 3 });
  for (const id of [first, second, third]) await describeUntil(id, 'completed', ({ status }) => status === 'Completed');
});

test('a customer has withdrawn', async () => {
  const workflowId = `withdrawn-${randomUUID()}`;
  await start('cancellableOrder', workflowId, {});
  const [cancel = []] = lines('A customer has withdrawn', { 'order-42': workflowId });
  const { exitCode, screen } = await rewind.runInTerminal(cancel, [{ expect: 'Request cancellation?', send: 'y' }]);
  expect({ exitCode, screen }).toMatchObject({ exitCode: 0, screen: expect.stringContaining('it is Canceled') });
});

test('who did this?', async () => {
  const operationId = await operationOf(wedged);
  const [ops = [], op = []] = lines('Who did this?', {
    'order-42': wedged,
    'op-3f9a51c2b7d84e60a1f2c3d4e5f60718': operationId,
  });
  expect((await rewind.runInTerminal(ops, [], { columns: 250 })).screen).toMatch(/reset .*rewind-operator.*bad deploy/);
  const byPerson = ['ops', '--by', 'rewind-operator', '--since', '24h', '--verb', 'reset', '--limit', '1000'];
  expect((await rewind.run(byPerson)).stdout).toContain(wedged);
  expect((await rewind.runInTerminal(op)).screen).toMatch(/by +arn:.*rewind-operator\nreason +bad deploy/);
});

test('an alarm names an operation', async () => {
  const operationId = await operationOf(first);
  const [op = [], open = []] = lines('An alarm names an operation', {
    'op-3f9a51c2b7d84e60a1f2c3d4e5f60718': operationId,
  });
  expect((await rewind.runInTerminal(op)).screen).toContain(`reset of ${first}: completed, reset`);
  expect((await rewind.runInTerminal(open)).screen).toContain(`/workflows/${first}/`);
});

test('which batches run, and a batch that does the wrong thing', async () => {
  const ids = [0, 1, 2].map((number) => `wrong-${randomUUID()}-${number}`);
  await Promise.all(ids.map((id) => start('nobody', id, {})));
  const slow = ['--rate', '0.01', '--reason', 'all of them', '--yes', '--expect', '3'];
  const { operationId } = await rewind.json<{ operationId: string }>(['batch', 'start', 'terminate', ...ids, ...slow]);
  const [running = [], watch = []] = lines('Which batches run?', {
    'op-77b0c9d1e2f3405162738495a6b7c8d9': operationId,
  });
  expect((await rewind.runInTerminal(running, [], { columns: 200 })).screen).toContain(operationId);
  expect((await rewind.runInTerminal(watch, [{ expect: ' of 3', send: CTRL_C }])).exitCode).toBe(4);
  const [stop = [], items = []] = lines('A batch does the wrong thing', {
    'op-77b0c9d1e2f3405162738495a6b7c8d9': operationId,
  });
  const stopped = await rewind.runInTerminal(stop, [{ expect: 'Stop it?', send: 'y' }]);
  expect(stopped).toMatchObject({ exitCode: 0, screen: expect.stringContaining('Stopping') });
  expect(await rewind.run(['batch', 'watch', operationId])).toMatchObject({
    stdout: expect.stringContaining('cancelled'),
  });
  expect((await rewind.runInTerminal(items, [], { columns: 200 })).exitCode).toBe(0);
  await Promise.all(
    ids.map((id) =>
      client.workflow
        .getHandle(id)
        .terminate()
        .catch(() => {}),
    ),
  );
});

test('events were rejected', async () => {
  const { trigger, source } = testTriggers.onCall;
  const marker = randomUUID();
  await putEvent(source, 'OrderWithdrawn', { because: marker });
  const [ls = [], redrive = []] = lines('Events were rejected', { 'order-withdrawn': trigger });
  await eventually(async () => {
    const { screen } = await rewind.runInTerminal(ls, [], { columns: 250 });
    return new RegExp(`${trigger} .*no usable value at \\$\\.detail\\.orderId`).test(screen);
  }, 'the rejected event');
  const question = { expect: 'rejected events? Reason', send: 'y' };
  const { exitCode, screen } = await rewind.runInTerminal(redrive, [question], { columns: 250 });
  expect({ exitCode, screen }).toMatchObject({ exitCode: 0, screen: expect.stringContaining(marker) });
  expect(screen).toContain('1 redriven.');
  await eventually(async () => {
    const { stdout } = await rewind.run([...ls, '--trigger', trigger]);
    return stdout.includes('failed again after arn:');
  }, 'the event that failed again');
  expect((await rewind.run(['ops', '--verb', 'redrive', '--limit', '1000'])).stdout).toContain('the trigger is fixed');
});
