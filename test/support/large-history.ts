import type { Connection } from '@temporalio/client';
import { completeWorkflow, localActivityMarker, marker, ScriptedWorkflow } from './scripted-workflow';

/**
 * Task number n ends at event 4 + 23 (n - 1) and commands a local activity `step` with the id n, and 19 markers: with its
 * Scheduled, Started and Completed that makes 23 events.
 */
const EVENTS_PER_TASK = 23;
export const endOf = (task: number): number => 4 + EVENTS_PER_TASK * (task - 1);
const markers = Array.from({ length: EVENTS_PER_TASK - 4 }, () => marker('Version'));

/** Names of sizes, in events, and the tasks that make a history of about that size. */
export const tasksByEvents = { 10: 1, 300: 13, 1_000: 43, 10_000: 435, 40_000: 1740 } as const;

/** A workflow that has completed, after this many tasks. */
export async function workflowWithTasks(connection: Connection, tasks: number): Promise<ScriptedWorkflow> {
  const workflow = await ScriptedWorkflow.start(connection);
  await workflow.completeTasks(tasks, (task) => [localActivityMarker('step', String(task)), ...markers]);
  await workflow.completeTask(completeWorkflow);
  return workflow;
}
