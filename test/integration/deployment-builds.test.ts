import type { ResetTarget } from '../../api/reset';
import { rollbackReset } from '../../operations/batch/rollback';
import { listResetPoints } from '../../operations/reset-points';
import { BadBuild } from '../support/bad-build';
import { testLedger } from '../support/ledger-table';
import { Rewind } from '../support/rewind';
import { continueAsNew, registerVersion, ScriptedWorkflow, testConnection } from '../support/scripted-workflow';
import { namespace, onNewerServer } from '../support/server-address';

/* Builds of several worker deployments can have the same id. */

const connection = testConnection();
const rewind = new Rewind(testLedger());

const version = (deploymentName: string, buildId = '1.0') => ({ deploymentName, buildId });
type Version = ReturnType<typeof version>;

/** A workflow that has completed a task on each version, in this order. */
async function movedThrough(first: Version, ...others: Version[]): Promise<ScriptedWorkflow> {
  const workflow = await ScriptedWorkflow.start(connection, { pinned: first });
  await workflow.completeTaskOfVersion(first);
  for (const other of others) {
    await move(workflow, other);
    await workflow.completeTaskOfVersion(other);
  }
  return workflow;
}

async function move(workflow: ScriptedWorkflow, to: Version): Promise<void> {
  await registerVersion(connection, workflow.taskQueue, to);
  await rewind.updateOptions(workflow, { pinned: to });
  await workflow.signal('go');
}

const resetPoint = (workflow: ScriptedWorkflow, target: ResetTarget) =>
  rewind.preview(workflow, { target }).then(
    ({ eventId }) => eventId,
    ({ kind }: { kind: string }) => kind,
  );

/** Ids of the events that completed workflow tasks. */
const taskCompletions = async (workflow: ScriptedWorkflow) =>
  (await workflow.history())
    .filter((event) => event.workflowTaskCompletedEventAttributes)
    .map(({ eventId }) => Number(eventId));

describe('builds of two deployments with the same id', () => {
  test('are different targets', async () => {
    const workflow = await movedThrough(version('a', '0.9'), version('b'), version('a'), version('b'));
    const [, b, a] = await taskCompletions(workflow);

    for (const [deploymentName, eventId] of [
      ['a', a],
      ['b', b],
    ] as const) {
      expect(await resetPoint(workflow, { buildId: '1.0', deploymentName })).toBe(eventId);
      expect(await resetPoint(workflow, { beforeBuildId: '1.0', deploymentName })).toBe(eventId);
    }
    expect(await resetPoint(workflow, { buildId: '1.0', deploymentName: 'c' })).toBe('not-a-reset-point');
    expect(await resetPoint(workflow, { beforeBuildId: '1.0', deploymentName: 'c' })).toBe('not-a-reset-point');
    expect(await resetPoint(workflow, { buildId: '0.9' })).toBe(4);
  });

  test.each<[string, ResetTarget]>([
    ['buildId', { buildId: '1.0' }],
    ['beforeBuildId', { beforeBuildId: '1.0' }],
  ])('are ambiguous as a %s without deployment, and the failure names both', async (_, target) => {
    const workflow = await movedThrough(version('a', '0.9'), version('b'), version('a'));

    await expect(rewind.preview(workflow, { target })).rejects.toMatchObject({
      kind: 'conflict',
      message: expect.stringContaining('Builds 1.0 of deployments a and b'),
      details: { field: 'target.deploymentName', allowed: expect.stringContaining('one of "a", "b"') },
    });
  });

  test('are ambiguous if one of them has only failed tasks', async () => {
    const workflow = await movedThrough(version('a', '0.9'), version('b'));
    await move(workflow, version('a'));
    await workflow.failTaskOfVersion(version('a'));

    expect(await resetPoint(workflow, { beforeBuildId: '1.0' })).toBe('conflict');
    const failed = (await workflow.history()).find((event) => event.workflowTaskFailedEventAttributes);
    expect(await resetPoint(workflow, { beforeBuildId: '1.0', deploymentName: 'a' })).toBe(Number(failed?.eventId));
    expect(await resetPoint(workflow, { beforeBuildId: '1.0', deploymentName: 'b' })).toBe(
      (await taskCompletions(workflow))[1],
    );
    expect(await resetPoint(workflow, { beforeBuildId: '1.0', deploymentName: 'c' })).toBe('not-a-reset-point');
  });

  test('include their tasks that failed before one completed', async () => {
    const workflow = await movedThrough(version('a', '0.9'));
    await move(workflow, version('b'));
    await workflow.failTaskOfVersion(version('b'));
    await workflow.completeTaskOfVersion(version('b'));
    await move(workflow, version('a'));
    await workflow.completeTaskOfVersion(version('a'));
    const failed = (await workflow.history()).find((event) => event.workflowTaskFailedEventAttributes);
    const completions = await taskCompletions(workflow);

    // On the newer server, the start of a task does not name the version.
    const firstOfB = onNewerServer ? completions[1] : Number(failed?.eventId);
    expect(await resetPoint(workflow, { beforeBuildId: '1.0', deploymentName: 'b' })).toBe(firstOfB);
    expect(await resetPoint(workflow, { beforeBuildId: '1.0', deploymentName: 'a' })).toBe(completions[2]);
  });

  test('may be in different runs of a chain', async () => {
    const first = await movedThrough(version('a', '0.9'), version('b'));
    await move(first, version('b'));
    await first.completeTaskOfVersion(version('b'), continueAsNew);
    const second = await first.currentRun();
    await move(second, version('b', '2.0'));
    await second.completeTaskOfVersion(version('b', '2.0'));
    await move(second, version('a'));
    await second.completeTaskOfVersion(version('a'));

    const preview = (deploymentName: string) =>
      rewind.preview(second, { target: { buildId: '1.0', deploymentName }, terminateRunId: second.runId });
    expect(await preview('b')).toMatchObject({ runId: first.runId, eventId: (await taskCompletions(first))[1] });
    expect(await preview('a')).toMatchObject({ runId: second.runId, eventId: (await taskCompletions(second))[1] });
  });

  describe('in different runs of a chain', () => {
    /** A run that completed a task on build 1.0 of a, and the run that continues it, which moved to build 1.0 of b. */
    async function continuedOnOther() {
      const first = await movedThrough(version('a', '0.9'), version('a'));
      await move(first, version('a'));
      await first.completeTaskOfVersion(version('a'), continueAsNew);
      const second = await first.currentRun();
      await move(second, version('b', '0.9'));
      await second.completeTaskOfVersion(version('b', '0.9'));
      await move(second, version('b'));
      return { first, second };
    }

    const ambiguous = {
      kind: 'conflict',
      message: expect.stringContaining('Builds 1.0 of deployments a and b'),
      details: { field: 'target.deploymentName', allowed: expect.stringContaining('one of "a", "b"') },
    };

    test.each<[string, ResetTarget]>([
      ['buildId', { buildId: '1.0' }],
      ['beforeBuildId', { beforeBuildId: '1.0' }],
    ])('are ambiguous as a %s without deployment, and the failure names both', async (_, target) => {
      const { second } = await continuedOnOther();
      await second.completeTaskOfVersion(version('b'), continueAsNew);
      const third = await second.currentRun();
      await move(third, version('b', '2.0'));
      await third.completeTaskOfVersion(version('b', '2.0'));

      const terminateRunId = third.runId;
      await expect(rewind.preview(third, { target, terminateRunId })).rejects.toMatchObject(ambiguous);
      await expect(rewind.reset(third, { target, terminateRunId })).rejects.toMatchObject(ambiguous);
    });

    test('are ambiguous as a beforeBuildId if one of them has only failed tasks', async () => {
      const { first, second } = await continuedOnOther();
      await second.failTaskOfVersion(version('b'));

      const preview = (target: ResetTarget) => rewind.preview(second, { target, terminateRunId: second.runId });
      await expect(preview({ beforeBuildId: '1.0' })).rejects.toMatchObject(ambiguous);
      const failed = (await second.history()).find((event) => event.workflowTaskFailedEventAttributes);
      expect(await preview({ beforeBuildId: '1.0', deploymentName: 'b' })).toMatchObject({
        runId: second.runId,
        eventId: Number(failed?.eventId),
      });
      // Only a completed task can be selected by `buildId`.
      expect(await preview({ buildId: '1.0' })).toMatchObject({ runId: first.runId });
    });
  });

  test('are listed with their deployments', async () => {
    const { client, workflowId } = await movedThrough(version('a', '0.9'), version('b'));

    const { resetPoints } = await listResetPoints(client, { workflowId }, { size: 9 });

    expect(resetPoints).toMatchObject([version('b'), version('a', '0.9')]);
  });

  test('are distinguished by a rollback, which restarts only workflows that started on the bad build', async () => {
    const request = {
      action: 'reset' as const,
      ratePerSecond: 1,
      maxWorkflows: 9,
      reason: 'bad deploy',
      rollback: { deploymentName: 'a', badBuildId: '1.0', toBuildId: '0.9', restartTypes: ['scripted'] },
    };
    const resetOf = async (workflow: ScriptedWorkflow) => {
      const { client, workflowId, runId } = workflow;
      return (await rollbackReset(client, request, { workflowId, runId }))?.target;
    };
    expect(await resetOf(await movedThrough(version('b'), version('a')))).toEqual({
      beforeBuildId: '1.0',
      deploymentName: 'a',
    });
    expect(await resetOf(await movedThrough(version('a'), version('b')))).toEqual({ at: 'firstWorkflowTask' });
  });
});

test('a build that moved into a deployment keeps its id as a target', async () => {
  const workflow = await ScriptedWorkflow.start(connection);
  await workflow.completeTaskAs('0.9');
  await workflow.signal('go');
  await workflow.completeTaskAs('1.0');
  await move(workflow, version('a'));
  await workflow.completeTaskOfVersion(version('a'));
  const [, legacy, deployed] = await taskCompletions(workflow);

  expect(await resetPoint(workflow, { buildId: '1.0' })).toBe(legacy);
  expect(await resetPoint(workflow, { beforeBuildId: '1.0' })).toBe(legacy);
  expect(await resetPoint(workflow, { buildId: '1.0', deploymentName: 'a' })).toBe(deployed);
  expect(await resetPoint(workflow, { beforeBuildId: '1.0', deploymentName: 'a' })).toBe(deployed);
});

test('a build that is current and has only failed a task is left by a reset before it', async () => {
  const build = new BadBuild(connection, namespace);
  const workflow = ScriptedWorkflow.attach(connection, build.deploymentName, await build.wedge());

  const { deploymentName } = build;
  for (const target of [{ beforeBuildId: 'bad' }, { beforeBuildId: 'bad', deploymentName }]) {
    const { eventId, why } = await rewind.preview(workflow, { target });
    expect({ eventId, why }).toEqual({
      eventId: 9,
      why: expect.stringContaining('ended the first workflow task of build bad'),
    });
  }
  await expect(rewind.preview(workflow, { target: { beforeBuildId: 'other' } })).rejects.toMatchObject({
    kind: 'not-a-reset-point',
  });
});
