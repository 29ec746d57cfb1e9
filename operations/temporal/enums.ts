import type { temporal } from '@temporalio/proto';

import {
  parentClosePolicies,
  pendingActivityStates,
  pendingNexusOperationStates,
  pendingWorkflowTaskStates,
  versioningBehaviors,
  workflowStatuses,
} from '../../api/enums';
import type {
  ParentClosePolicy,
  PendingActivityState,
  PendingNexusOperationState,
  PendingWorkflowTaskState,
  VersioningBehavior,
  WorkflowStatus,
} from '../../api/enums';

/*
 * Names of Temporal's enum values, by number. Importing the enums from `@temporalio/proto` would add its whole type tree to
 * every function's bundle.
 */

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
export const pendingNexusOperationState = (value: Value<'PendingNexusOperationState'>): PendingNexusOperationState =>
  named(pendingNexusOperationStates, value);
export const versioningBehavior = (value: Value<'VersioningBehavior'>): VersioningBehavior =>
  named(versioningBehaviors, value);
export const parentClosePolicy = (value: Value<'ParentClosePolicy'>): ParentClosePolicy =>
  named(parentClosePolicies, value);
export const batchOperationState = (value: Value<'BatchOperationState'>): BatchOperationState =>
  named(batchOperationStates, value);

/** Whether the run has not closed. A paused run is open. */
export function isOpen(status: WorkflowStatus): boolean {
  return status === 'Running' || status === 'Paused';
}

function named<Names extends readonly string[]>(names: Names, value: number | null | undefined): Names[number] {
  return names[value ?? 0] ?? 'Unspecified';
}
