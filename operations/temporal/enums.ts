import type { temporal } from '@temporalio/proto';

/**
 * Names of the Temporal enums in responses, by number, spelled as in visibility queries and the Web UI
 * (`ExecutionStatus = 'Canceled'`). Written out because an import from `@temporalio/proto` would put its whole type tree
 * into every function's bundle; test/operations/temporal/enums.test.ts compares them with it.
 */
export const workflowStatuses = [
  'Unspecified',
  'Running',
  'Completed',
  'Failed',
  'Canceled',
  'Terminated',
  'ContinuedAsNew',
  'TimedOut',
  'Paused',
] as const;
export type WorkflowStatus = (typeof workflowStatuses)[number];

export const pendingActivityStates = [
  'Unspecified',
  'Scheduled',
  'Started',
  'CancelRequested',
  'Paused',
  'PauseRequested',
] as const;
export type PendingActivityState = (typeof pendingActivityStates)[number];

export const pendingWorkflowTaskStates = ['Unspecified', 'Scheduled', 'Started'] as const;
export type PendingWorkflowTaskState = (typeof pendingWorkflowTaskStates)[number];

export const parentClosePolicies = ['Unspecified', 'Terminate', 'Abandon', 'RequestCancel'] as const;
export type ParentClosePolicy = (typeof parentClosePolicies)[number];

export const batchOperationStates = ['Unspecified', 'Running', 'Completed', 'Failed'] as const;
export type BatchOperationState = (typeof batchOperationStates)[number];

type Enums = typeof temporal.api.enums.v1;
type Value<E extends keyof Enums> = Enums[E][keyof Enums[E]] | null | undefined;

export const workflowStatus = (value: Value<'WorkflowExecutionStatus'>): WorkflowStatus =>
  named(workflowStatuses, value);
export const pendingActivityState = (value: Value<'PendingActivityState'>): PendingActivityState =>
  named(pendingActivityStates, value);
export const pendingWorkflowTaskState = (value: Value<'PendingWorkflowTaskState'>): PendingWorkflowTaskState =>
  named(pendingWorkflowTaskStates, value);
export const parentClosePolicy = (value: Value<'ParentClosePolicy'>): ParentClosePolicy =>
  named(parentClosePolicies, value);
export const batchOperationState = (value: Value<'BatchOperationState'>): BatchOperationState =>
  named(batchOperationStates, value);

/** Whether the run has not closed. A paused one continues once it is unpaused. */
export function isOpen(status: WorkflowStatus): boolean {
  return status === 'Running' || status === 'Paused';
}

function named<Names extends readonly string[]>(names: Names, value: number | null | undefined): Names[number] {
  return names[value ?? 0] ?? 'Unspecified';
}
