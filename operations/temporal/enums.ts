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
  enumName(workflowStatuses, value);
export const pendingActivityState = (value: Value<'PendingActivityState'>): PendingActivityState =>
  enumName(pendingActivityStates, value);
export const pendingWorkflowTaskState = (value: Value<'PendingWorkflowTaskState'>): PendingWorkflowTaskState =>
  enumName(pendingWorkflowTaskStates, value);
export const pendingNexusOperationState = (value: Value<'PendingNexusOperationState'>): PendingNexusOperationState =>
  enumName(pendingNexusOperationStates, value);
export const versioningBehavior = (value: Value<'VersioningBehavior'>): VersioningBehavior =>
  enumName(versioningBehaviors, value);
export const parentClosePolicy = (value: Value<'ParentClosePolicy'>): ParentClosePolicy =>
  enumName(parentClosePolicies, value);
export const batchOperationState = (value: Value<'BatchOperationState'>): BatchOperationState =>
  enumName(batchOperationStates, value);

/** Whether the run has not closed. A paused run is open. */
export function isOpen(status: WorkflowStatus): boolean {
  return status === 'Running' || status === 'Paused';
}

function enumName<Names extends readonly string[]>(names: Names, value: number | null | undefined): Names[number] {
  return names[value ?? 0] ?? 'Unspecified';
}
