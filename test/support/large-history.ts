import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Connection } from '@temporalio/client';
import { oncePerRun } from './once-per-run';
import { completeWorkflow, localActivityMarker, marker, ScriptedWorkflow } from './scripted-workflow';

/**
 * Task number n ends at event 4 + 23 (n - 1) and commands a local activity `step` with the id n, and 19 markers: with its
 * Scheduled, Started and Completed that makes 23 events.
 */
const EVENTS_PER_TASK = 23;
export const endOf = (task: number): number => 4 + EVENTS_PER_TASK * (task - 1);
const markers = Array.from({ length: EVENTS_PER_TASK - 4 }, () => marker('Version'));

/** The number of tasks for a history of about this many events. */
export const tasksByEvents = { 10: 1, 300: 13, 1_000: 43, 10_000: 435, 40_000: 1740 } as const;

/** Timeout for the largest history, which takes 15 s on an idle machine. */
export const LARGE_HISTORY_MS = 300_000;

/**
 * A workflow whose first run completed after this many tasks. Test files share it, because creating 40,000 events takes
 * 15 s; another file may reset it.
 */
export async function workflowWithTasks(connection: Connection, tasks: number): Promise<ScriptedWorkflow> {
  const file = 'workflow.json';
  const folder = await oncePerRun(`history-of-${tasks}-tasks`, async (draft) => {
    const { workflowId, runId } = await completedAfter(connection, tasks);
    await writeFile(path.join(draft, file), JSON.stringify({ workflowId, runId }));
  });
  const { workflowId, runId } = JSON.parse(await readFile(path.join(folder, file), 'utf8')) as Record<string, string>;
  return ScriptedWorkflow.attach(connection, '', workflowId, runId);
}

async function completedAfter(connection: Connection, tasks: number): Promise<ScriptedWorkflow> {
  const workflow = await ScriptedWorkflow.start(connection);
  await workflow.completeTasks(tasks, (task) => [localActivityMarker('step', String(task)), ...markers]);
  await workflow.completeTask(completeWorkflow);
  return workflow;
}
