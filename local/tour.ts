import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import type { RunningStack } from './local-stack';
import type { LocalDetails } from './details';
import { releases } from './releases';
import { UserError } from './user-error';
import { signedRequest } from './signed-request';
import type { ApiResponse } from './signed-request';
import type { Steps } from './steps';
import { connectToTemporal } from './temporal/client';

/** Much longer than a step takes: a cancellation reaches an activity with its next heartbeat, within seconds. */
const STEP_TIMEOUT_MS = 60_000;

export interface TourOptions {
  stack: RunningStack;
  steps: Steps;
  signal?: AbortSignal | undefined;
}

/**
 * Demonstrates Rewind: cancels a workflow, resets one that a bug has failed, and resets one that is wedged.
 * At the start the worker must run `releases.failingPayment`; afterwards it runs `releases.working`.
 *
 * @returns the id of a workflow that is left wedged, for the user to repair
 * @throws {UserError} at the first unexpected result
 */
export async function runTour({ stack, steps, signal }: TourOptions): Promise<{ wedged: string }> {
  const { client, close } = await connectToTemporal(stack.details);
  try {
    const tour = new Tour(stack, client, steps, signal);
    await tour.cancelAnOrder();
    await tour.resetAnOrder();
    return { wedged: await tour.resetAWedgedOrder() };
  } finally {
    await close();
  }
}

class Tour {
  private readonly details: LocalDetails;

  constructor(
    private readonly stack: RunningStack,
    private readonly client: Client,
    private readonly steps: Steps,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.details = stack.details;
  }

  async cancelAnOrder(): Promise<void> {
    const { steps } = this;
    steps.heading('Cancel an order that is being packed');
    const workflowId = await steps.run('Start cancellableOrder', async (step) => {
      const started = await this.start('cancellableOrder');
      await this.until(started, ({ pendingActivities }) =>
        pendingActivities.some((activity: { lastHeartbeatTime?: string }) => activity.lastHeartbeatTime !== undefined),
      );
      step.result(`${started} is Running, packOrder heartbeats`);
      return started;
    });

    await steps.run('POST …/workflows/cancel', async (step) => {
      const { body } = await this.change('cancel', 200, { workflowId, reason: 'the customer withdrew the order' });
      expectThat(body.outcome === 'requested', `the cancellation to be "requested", not "${body.outcome}"`);
      step.result(`200, outcome "${body.outcome}"`);
    });

    const { links } = await steps.run('GET …/workflows/describe', async (step) => {
      const described = await this.untilStatus(workflowId, 'Canceled');
      const cleanup = completedActivities(await this.history(workflowId)).at(-1);
      expectThat(cleanup === 'releaseStock', `releaseStock to clean up, not ${cleanup}`);
      step.result(`Canceled, after its cleanup: ${cleanup}`);
      return described;
    });

    const request = (await this.history(workflowId)).find(
      (event) => event.workflowExecutionCancelRequestedEventAttributes,
    )?.workflowExecutionCancelRequestedEventAttributes;
    expectThat(request?.cause?.includes('rewind-operator') === true, "reason and caller to be in Temporal's history");
    steps.note(`Temporal's history has the reason, the operation and the caller:\n${request?.cause}`);
    if (links.webUi) steps.note(links.webUi);
  }

  async resetAnOrder(): Promise<void> {
    const { steps } = this;
    steps.heading('Reset an order that a bug has failed');
    const workflowId = await steps.run('Start repairableOrder', async (step) => {
      const started = await this.start('repairableOrder');
      await this.untilStatus(started, 'Failed');
      step.result(`${started} has Failed: ${await this.failureOf(started)}`);
      return started;
    });

    await steps.run('Deploy the fix', async (step) => {
      await this.stack.deployRelease(releases.working);
      step.result('a worker without the bug is running');
    });

    const eventId = await steps.run('GET …/workflows/reset-points', async (step) => {
      const { body } = await this.get('reset-points', workflowId);
      // A reset to the newest point, after the failure of chargeCard, would fail again.
      const wanted = scheduledBy(await this.history(workflowId), 'chargeCard');
      const points: { eventId: number; label: string }[] = body.resetPoints;
      const point = points.find((candidate) => candidate.eventId === wanted);
      expectThat(point, `event ${wanted}, which scheduled chargeCard, to be among the reset points`);
      step.result(`${points.length} points; event ${wanted} is the last one before chargeCard`);
      return wanted;
    });

    const newRun = await steps.run('POST …/workflows/reset', async (step) => {
      const request = { workflowId, target: { eventId }, reason: 'chargeCard is repaired' };
      const { body, headers } = await this.change('reset', 201, request);
      expectThat(body.newRunId && headers['location'], 'the answer to name the new run');
      step.result(`201, new run ${body.newRunId}`);
      return body;
    });

    await steps.run('GET …/workflows/describe', async (step) => {
      await this.untilStatus(workflowId, 'Completed', newRun.newRunId);
      const done = completedActivities(await this.history(workflowId, newRun.newRunId));
      step.result(`Completed: ${done.join(', ')}`);
    });
    if (newRun.links.webUi) steps.note(newRun.links.webUi);
  }

  async resetAWedgedOrder(): Promise<string> {
    const { steps } = this;
    steps.heading('Reset an order whose code no longer fits its history');
    await steps.run('Deploy a bad release', async (step) => {
      await this.stack.deployRelease(releases.nonDeterministic);
      step.result('its workflow code is not deterministic');
    });

    const [workflowId, left] = await steps.run('Start wedgedOrder, twice', async (step) => {
      const started = await this.start('wedgedOrder', { paymentDelaySeconds: 3 });
      const other = await this.start('wedgedOrder', { paymentDelaySeconds: 3 });
      for (const one of [started, other])
        await this.untilHistory(one, (history) => completedActivities(history).includes('notifyCustomer'));
      step.result(`${started} has reserved the stock and notified the customer, and waits for the payment`);
      return [started, other] as const;
    });

    await steps.run('Deploy the fix', async (step) => {
      await this.stack.deployRelease(releases.working);
      const { pendingWorkflowTask } = await this.until(workflowId, (run) => run.pendingWorkflowTask?.attempt > 1, {
        what: 'be wedged',
      });
      step.result(
        `${workflowId} started on the bad release: its workflow task still fails, attempt ${pendingWorkflowTask.attempt}`,
      );
    });

    const target = { beforeFailure: 'last' };
    const preview = await steps.run('POST …/workflows/reset, dryRun', async (step) => {
      const request = { workflowId, target, reason: 'preview', dryRun: true };
      const { body } = await this.change('reset', 200, request);
      step.result(`event ${body.eventId}: ${body.why}`);
      return body;
    });

    const newRun = await steps.run('POST …/workflows/reset', async (step) => {
      const request = { workflowId, target, reason: 'wedged by the bad release', waitSeconds: 20 };
      const { body } = await this.change('reset', 201, request);
      expectThat(body.eventId === preview.eventId, 'the reset to do what its preview said');
      expectThat(body.newRun?.progress === 'completed', `the new run to complete; it is ${body.newRun?.progress}`);
      const done = completedActivities(await this.history(workflowId, body.newRunId));
      step.result(`Completed with the fixed code: ${done.join(', ')}`);
      return body;
    });
    if (newRun.links.webUi) steps.note(newRun.links.webUi);
    return left;
  }

  private async start(workflowType: string, more: object = {}): Promise<string> {
    const orderId = `order-${randomBytes(3).toString('hex')}`;
    await this.client.workflow.start(workflowType, {
      workflowId: orderId,
      taskQueue: this.details.taskQueue,
      args: [{ orderId, ...more }],
    });
    return orderId;
  }

  private async untilHistory(workflowId: string, condition: (history: HistoryEvent[]) => boolean): Promise<void> {
    for (const end = Date.now() + STEP_TIMEOUT_MS; !condition(await this.history(workflowId)); await sleep(200)) {
      this.signal?.throwIfAborted();
      expectThat(Date.now() < end, `${workflowId} to make progress within ${STEP_TIMEOUT_MS / 1000} s`);
    }
  }

  private async get(verb: string, workflowId: string, runId?: string): Promise<ApiResponse> {
    const response = await signedRequest(this.details, {
      method: 'GET',
      path: `/namespaces/${this.details.namespace}/workflows/${verb}`,
      query: { workflowId, ...(runId !== undefined && { runId }) },
    });
    expectStatus(response, 200, verb);
    return response;
  }

  private async change(verb: string, expectedStatus: number, body: object): Promise<ApiResponse> {
    const path = `/namespaces/${this.details.namespace}/workflows/${verb}`;
    const response = await signedRequest(this.details, { method: 'POST', path, body });
    expectStatus(response, expectedStatus, verb);
    return response;
  }

  private untilStatus(workflowId: string, status: string, runId?: string) {
    return this.until(workflowId, (described) => described.status === status, { what: `be ${status}`, runId });
  }

  private async until(
    workflowId: string,
    condition: (described: ApiResponse['body']) => boolean,
    { what = 'make progress', runId }: { what?: string; runId?: string | undefined } = {},
  ): Promise<ApiResponse['body']> {
    for (const end = Date.now() + STEP_TIMEOUT_MS; ; await sleep(200)) {
      this.signal?.throwIfAborted();
      const { body } = await this.get('describe', workflowId, runId);
      if (condition(body)) return body;
      expectThat(Date.now() < end, `${workflowId} to ${what} within ${STEP_TIMEOUT_MS / 1000} s; it is ${body.status}`);
    }
  }

  private async history(workflowId: string, runId?: string): Promise<HistoryEvent[]> {
    const { events } = await this.client.workflow.getHandle(workflowId, runId).fetchHistory();
    return events ?? [];
  }

  private async failureOf(workflowId: string): Promise<string | null | undefined> {
    const failure = (await this.history(workflowId)).at(-1)?.workflowExecutionFailedEventAttributes?.failure;
    return failure?.cause?.message ?? failure?.message;
  }
}

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

/** Types of the completed activities, in order. */
function completedActivities(history: HistoryEvent[]): string[] {
  return history.flatMap(({ activityTaskCompletedEventAttributes: completed }) => {
    if (!completed) return [];
    const scheduled = history.find(({ eventId }) => String(eventId) === String(completed.scheduledEventId));
    return scheduled?.activityTaskScheduledEventAttributes?.activityType?.name ?? [];
  });
}

/** The event of the workflow task that scheduled the activity, which is the reset point before it. */
function scheduledBy(history: HistoryEvent[], activityType: string): number {
  const scheduled = history.findLast(
    ({ activityTaskScheduledEventAttributes: attributes }) => attributes?.activityType?.name === activityType,
  );
  return Number(scheduled?.activityTaskScheduledEventAttributes?.workflowTaskCompletedEventId);
}

function expectStatus({ status, body }: ApiResponse, expected: number, verb: string): void {
  const answer = typeof body === 'string' ? body : (body.detail ?? JSON.stringify(body));
  expectThat(status === expected, `${verb} to answer ${expected}; it was ${status}: ${answer}`);
}

function expectThat(condition: unknown, what: string): asserts condition {
  if (!condition) throw new UserError(`The tour expected ${what}.`);
}
