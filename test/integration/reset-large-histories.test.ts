import type { ResetTarget } from '../../api/reset';
import { randomUUID } from 'node:crypto';
import { listResetPoints } from '../../operations/reset-points';
import { previewReset } from '../../operations/reset/reset';
import { planReset } from '../../operations/reset/plan';
import { CountingClient } from '../support/counting-clients';
import { endOf, LARGE_HISTORY_MS, tasksByEvents, workflowWithTasks } from '../support/large-history';
import { testConnection } from '../support/scripted-workflow';
import type { ScriptedWorkflow } from '../support/scripted-workflow';

const connection = testConnection();

describe.each([
  [10, tasksByEvents[10]],
  [300, tasksByEvents[300]],
  [40_000, tasksByEvents[40_000]],
])('a history of %i events', (_size, tasks) => {
  let workflow: ScriptedWorkflow;
  let counted: CountingClient;
  beforeAll(async () => {
    workflow = await workflowWithTasks(connection, tasks);
  }, LARGE_HISTORY_MS);
  beforeEach(() => {
    counted = new CountingClient(workflow.client);
  });

  const eventFor = async (target: ResetTarget) =>
    (await planReset(counted.client, { workflowId: workflow.workflowId, reason: 'r', target })).eventId;

  const last = endOf(tasks + 1);
  const middle = Math.ceil(tasks / 2);

  // The last value is the number of pages, of 100 batches each. A target near an end takes one, however long the history is.
  test.each<[ResetTarget, number, number]>([
    [{ at: 'firstWorkflowTask' }, 4, 1],
    [{ at: 'lastWorkflowTask' }, last, 1],
    [{ back: 1 }, endOf(tasks), 1],
    [{ eventId: 4 }, 4, 1],
    [{ eventId: last }, last, 1],
    [{ beforeActivity: { type: 'step' } }, endOf(tasks), 1],
    [{ beforeActivity: { type: 'step', occurrence: 'first' } }, 4, 1],
    [{ beforeTime: '2001-01-01T00:00:00Z' }, 4, 1],
    // A target in the middle takes at most half of the history.
    [{ eventId: endOf(middle) }, endOf(middle), 1 + Math.ceil(tasks / 100)],
    [{ beforeActivity: { activityId: String(middle) } }, endOf(middle), 1 + Math.ceil(tasks / 50)],
    [{ beforeActivity: { type: 'step', occurrence: middle } }, endOf(middle), 1 + Math.ceil(tasks / 50)],
    [{ back: tasks }, 4, 1 + Math.ceil(tasks / 45)],
  ])('the target %j is event %i, found on at most %i pages', async (target, eventId, pages) => {
    expect(await eventFor(target)).toBe(eventId);
    expect(counted.pages).toBeLessThanOrEqual(pages);
  });

  test('the newest 20 reset points come from one page', async () => {
    const { resetPoints } = await listResetPoints(counted.client, workflow, { size: 20 });

    expect(resetPoints).toHaveLength(Math.min(20, tasks + 1));
    expect(resetPoints[0]).toMatchObject({
      eventId: last,
      label: expect.stringContaining('before the workflow completed'),
    });
    expect(counted.pages).toBe(1);
  });

  test('all reset points are listed once across pages, without reading a page for each point', async () => {
    const ids: number[] = [];
    let token: string | undefined;
    do {
      const page = await listResetPoints(counted.client, workflow, { size: 100, token });
      ids.push(...page.resetPoints.map(({ eventId }) => eventId));
      token = page.nextPageToken;
    } while (token !== undefined);

    expect(ids).toEqual(Array.from({ length: tasks + 1 }, (_, index) => endOf(tasks + 1 - index)));
    expect(counted.pages).toBeLessThanOrEqual(2 + Math.ceil((tasks / 100) * 4));
  });

  test('a preview of a reset to the start counts all discarded activities and lists the newest', async () => {
    const request = { workflowId: workflow.workflowId, reason: 'r', target: { at: 'firstWorkflowTask' as const } };
    const { discarded } = await previewReset(counted.client, request);

    expect(discarded.events).toBe(last + 1 - 3);
    expect(discarded.activities.total).toBe(tasks);
    expect(discarded.activities.newest).toHaveLength(Math.min(50, tasks));
  });

  test.each([1, middle, tasks + 1])('the server accepts a reset to the end of task %i', async (task) => {
    const attribution = { reason: 'r', identity: 'i', temporalRequestId: randomUUID() };

    const newRunId = await workflow.client.reset(workflow, endOf(task), attribution);

    const { workflowExecutionInfo: info } = await workflow.client.describe({ workflowId: workflow.workflowId });
    expect(info?.execution?.runId).toBe(newRunId);
  });
});
