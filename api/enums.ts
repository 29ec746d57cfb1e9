/*
 * Temporal's enum values as responses spell them, which is the spelling of visibility queries and the Web UI
 * (`ExecutionStatus = 'Canceled'`). The index of a name is the enum's number: operations/temporal/enums.ts looks names up by
 * number, and its test compares them with `@temporalio/proto`.
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

export const pendingNexusOperationStates = ['Unspecified', 'Scheduled', 'BackingOff', 'Started', 'Blocked'] as const;
export type PendingNexusOperationState = (typeof pendingNexusOperationStates)[number];

export const versioningBehaviors = ['Unspecified', 'Pinned', 'AutoUpgrade'] as const;
export type VersioningBehavior = (typeof versioningBehaviors)[number];
