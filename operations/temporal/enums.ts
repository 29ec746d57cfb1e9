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

/** Returns a function that names the values of an enum. A number that has no name is that of a newer server. */
const namesOf =
  <Enum extends keyof Enums, Name extends string>(names: readonly Name[]) =>
  (value: Value<Enum>): Name =>
    names[Number(value ?? 0)] ?? ('Unspecified' as Name);

export const workflowStatus = namesOf<'WorkflowExecutionStatus', WorkflowStatus>(workflowStatuses);
export const pendingActivityState = namesOf<'PendingActivityState', PendingActivityState>(pendingActivityStates);
export const pendingWorkflowTaskState = namesOf<'PendingWorkflowTaskState', PendingWorkflowTaskState>(
  pendingWorkflowTaskStates,
);
export const pendingNexusOperationState = namesOf<'PendingNexusOperationState', PendingNexusOperationState>(
  pendingNexusOperationStates,
);
export const versioningBehavior = namesOf<'VersioningBehavior', VersioningBehavior>(versioningBehaviors);
export const parentClosePolicy = namesOf<'ParentClosePolicy', ParentClosePolicy>(parentClosePolicies);
export const batchOperationState = namesOf<'BatchOperationState', BatchOperationState>(batchOperationStates);

/** Whether the run has not closed. A paused run is open. */
export function isOpen(status: WorkflowStatus): boolean {
  return status === 'Running' || status === 'Paused';
}
