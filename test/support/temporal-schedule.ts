import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import Long from 'long';
import { eventually } from './eventually';
import { namespace, ScriptedWorkflow } from './scripted-workflow';

const { ScheduleOverlapPolicy } = temporal.api.enums.v1;

const policies = {
  skip: ScheduleOverlapPolicy.SCHEDULE_OVERLAP_POLICY_SKIP,
  bufferOne: ScheduleOverlapPolicy.SCHEDULE_OVERLAP_POLICY_BUFFER_ONE,
  bufferAll: ScheduleOverlapPolicy.SCHEDULE_OVERLAP_POLICY_BUFFER_ALL,
  cancelOther: ScheduleOverlapPolicy.SCHEDULE_OVERLAP_POLICY_CANCEL_OTHER,
  terminateOther: ScheduleOverlapPolicy.SCHEDULE_OVERLAP_POLICY_TERMINATE_OTHER,
  allowAll: ScheduleOverlapPolicy.SCHEDULE_OVERLAP_POLICY_ALLOW_ALL,
};
export type OverlapPolicy = keyof typeof policies;

/** A schedule of Temporal that starts scripted workflows, only when the test triggers it. */
export class TemporalSchedule {
  private nextTrigger = 0;

  private constructor(
    private readonly connection: Connection,
    readonly scheduleId: string,
  ) {}

  static async create(connection: Connection, { pauseOnFailure = false } = {}): Promise<TemporalSchedule> {
    const scheduleId = `schedule-${randomUUID()}`;
    await connection.workflowService.createSchedule({
      namespace,
      scheduleId,
      requestId: randomUUID(),
      schedule: {
        spec: { interval: [{ interval: { seconds: Long.fromNumber(1_000_000) } }] },
        action: {
          startWorkflow: {
            workflowId: scheduleId,
            workflowType: { name: 'scripted' },
            taskQueue: { name: scheduleId },
          },
        },
        policies: { pauseOnFailure },
      },
    });
    return new TemporalSchedule(connection, scheduleId);
  }

  async remove(): Promise<void> {
    const { scheduleId } = this;
    await this.connection.workflowService.deleteSchedule({ namespace, scheduleId });
  }

  /** The ID of the workflow that it starts has the second of the trigger: each trigger waits for another second. */
  async trigger(policy: OverlapPolicy): Promise<void> {
    await sleep(Math.max(0, this.nextTrigger - Date.now()));
    this.nextTrigger = Date.now() + 1_100;
    await this.connection.workflowService.patchSchedule({
      namespace,
      scheduleId: this.scheduleId,
      requestId: randomUUID(),
      patch: { triggerImmediately: { overlapPolicy: policies[policy] } },
    });
  }

  /** Triggers the schedule, and waits until it has started this many workflows. @returns the newest of them */
  async start(policy: OverlapPolicy, actions = 1): Promise<ScriptedWorkflow> {
    await this.trigger(policy);
    return this.started(actions);
  }

  /** Waits until the schedule has started this many workflows. @returns the newest of them */
  async started(actions: number): Promise<ScriptedWorkflow> {
    const started = await eventually(async () => {
      const { actionCount, recentActions } = await this.info();
      const workflows = recentActions.flatMap(({ startWorkflowResult }) => startWorkflowResult ?? []);
      // By the time in their IDs: the order of the list differs between implementations of schedules.
      workflows.sort((one, other) => ((one.workflowId ?? '') < (other.workflowId ?? '') ? -1 : 1));
      return actionCount === actions && workflows.at(-1);
    }, `${actions} actions of ${this.scheduleId}`);
    return ScriptedWorkflow.attach(this.connection, this.scheduleId, started.workflowId ?? '', started.runId ?? '');
  }

  /** What the schedule has done, and the workflows that are open to it. */
  async info() {
    const { info, schedule } = await this.connection.workflowService.describeSchedule({
      namespace,
      scheduleId: this.scheduleId,
    });
    return {
      actionCount: Number(info?.actionCount),
      skipped: Number(info?.overlapSkipped),
      waiting: Number(info?.bufferSize),
      recentActions: info?.recentActions ?? [],
      runningWorkflows: (info?.runningWorkflows ?? []).map(({ workflowId }) => workflowId ?? ''),
      paused: schedule?.state?.paused,
    };
  }
}
