import { temporal } from '@temporalio/proto';
import {
  parentClosePolicies,
  pendingActivityStates,
  pendingNexusOperationStates,
  pendingWorkflowTaskStates,
  versioningBehaviors,
  workflowStatuses,
} from '../../../api/enums';
import { batchOperationStates } from '../../../operations/temporal/enums';

const { enums } = temporal.api;

test.each([
  ['WorkflowExecutionStatus', enums.v1.WorkflowExecutionStatus, 'WORKFLOW_EXECUTION_STATUS_', workflowStatuses],
  ['PendingActivityState', enums.v1.PendingActivityState, 'PENDING_ACTIVITY_STATE_', pendingActivityStates],
  [
    'PendingWorkflowTaskState',
    enums.v1.PendingWorkflowTaskState,
    'PENDING_WORKFLOW_TASK_STATE_',
    pendingWorkflowTaskStates,
  ],
  [
    'PendingNexusOperationState',
    enums.v1.PendingNexusOperationState,
    'PENDING_NEXUS_OPERATION_STATE_',
    pendingNexusOperationStates,
  ],
  ['VersioningBehavior', enums.v1.VersioningBehavior, 'VERSIONING_BEHAVIOR_', versioningBehaviors],
  ['ParentClosePolicy', enums.v1.ParentClosePolicy, 'PARENT_CLOSE_POLICY_', parentClosePolicies],
  ['BatchOperationState', enums.v1.BatchOperationState, 'BATCH_OPERATION_STATE_', batchOperationStates],
])('%s has the names and numbers of the API', (_name, values, prefix, ours) => {
  const names = Object.entries(values).filter(([, value]) => typeof value === 'number');
  const expected = names.map(([name, value]) => [Number(value), name.replace(prefix, '')]);
  expect(ours.map((name, value) => [value, name.replace(/(?<!^)([A-Z])/g, '_$1').toUpperCase()])).toEqual(expected);
});
