/* Generated from api/ by `npm run generate`. Do not edit. */

/** Every route, with what is allowed in each field of its request. */
export const routes = {
  listWorkflows: {
    method: 'GET',
    path: 'workflows',
    access: 'reader',
    summary: 'List workflows by a visibility query',
    fields: {
      query: 'a visibility query such as WorkflowType = \'order\' AND ExecutionStatus = "Running"',
      pageSize: 'a whole number from 1 to 100',
      pageToken: 'the nextPageToken of the page before, or left out for the first page',
    },
  },
  countWorkflows: {
    method: 'GET',
    path: 'workflows/count',
    access: 'reader',
    summary: 'Count workflows by a visibility query',
    fields: { query: 'a visibility query such as WorkflowType = \'order\' AND ExecutionStatus = "Running"' },
  },
  describeWorkflow: {
    method: 'GET',
    path: 'workflows/describe',
    access: 'reader',
    summary: 'Describe a workflow, and why it does not proceed or has failed',
    fields: {
      workflowId: 'a string of 1 to 1000 bytes in UTF-8',
      runId: 'the UUID of a run, or left out for the latest run',
    },
  },
  listHistory: {
    method: 'GET',
    path: 'workflows/history',
    access: 'reader',
    summary: 'List what happened in a run',
    fields: {
      workflowId: 'a string of 1 to 1000 bytes in UTF-8',
      runId: 'the UUID of a run, or left out for the latest run',
      pageSize: 'a whole number from 1 to 100',
      pageToken: 'the nextPageToken of the page before, or left out for the first page',
    },
  },
  listResetPoints: {
    method: 'GET',
    path: 'workflows/reset-points',
    access: 'reader',
    summary: 'List where a run can be reset to',
    fields: {
      workflowId: 'a string of 1 to 1000 bytes in UTF-8',
      runId: 'the UUID of a run, or left out for the latest run',
      pageSize: 'a whole number from 1 to 100',
      pageToken: 'the nextPageToken of the page before, or left out for the first page',
    },
  },
  cancelWorkflow: {
    method: 'POST',
    path: 'workflows/cancel',
    access: 'canceller',
    summary: 'Request the cancellation of a workflow',
    fields: {
      workflowId: 'a string of 1 to 1000 bytes in UTF-8',
      runId: 'the UUID of a run, or left out for the latest run',
      firstExecutionRunId: 'the UUID of the first run of a chain, as describe shows it, or left out',
      reason: 'a string of 1 to 1000 characters that are not all blank',
      waitSeconds: 'a number of seconds from 0 to 25',
    },
  },
  terminateWorkflow: {
    method: 'POST',
    path: 'workflows/terminate',
    access: 'terminator',
    summary: 'Terminate a workflow',
    fields: {
      workflowId: 'a string of 1 to 1000 bytes in UTF-8',
      runId: 'the UUID of a run, or left out for the latest run',
      firstExecutionRunId: 'the UUID of the first run of a chain, as describe shows it, or left out',
      reason: 'a string of 1 to 1000 characters that are not all blank',
    },
  },
  resetWorkflow: {
    method: 'POST',
    path: 'workflows/reset',
    access: 'resetter',
    summary: 'Reset a workflow to a point in its history',
    fields: {
      workflowId: 'a string of 1 to 1000 bytes in UTF-8',
      runId: 'the UUID of a run, or left out for the latest run',
      reason: 'a string of 1 to 1000 characters that are not all blank',
      target: 'an object with exactly one of eventId, at, beforeActivity, beforeFailure, beforeTime, buildId, back',
      ifCurrentRunId: 'the UUID of the run that has to be the current one, or left out',
      terminateRunId: 'the UUID of the live run that may be terminated when an older run is reset, or left out',
      excludeReapply: 'a list of what not to carry over into the new run: "signals", "updates", "nexus"',
      versioningOverride: '"autoUpgrade" or {"pinned": {"deploymentName": "…", "buildId": "…"}}',
      orphanedChildren: 'one of "leave", "cancel", "terminate"; "leave" when left out',
      waitSeconds: 'a number of seconds from 0 to 25',
      dryRun: 'true or false',
    },
  },
  listOperations: {
    method: 'GET',
    path: 'operations',
    access: 'reader',
    summary: 'List the operations on a workflow',
    fields: {
      workflowId: 'a string of 1 to 1000 bytes in UTF-8',
      pageSize: 'a whole number from 1 to 100',
      pageToken: 'the nextPageToken of the page before, or left out for the first page',
    },
  },
  getOperation: {
    method: 'GET',
    path: 'operations/{operationId}',
    access: 'reader',
    summary: 'Show an operation',
    fields: {},
  },
  startBatchOperation: {
    method: 'POST',
    path: 'batch-operations',
    access: 'batchOperator',
    summary: 'Change many workflows',
    fields: {
      action: 'one of "cancel", "terminate", "reset"',
      engine: 'one of "worker", "server" (Temporal\'s own batch engine); "worker" when left out',
      query: 'a visibility query, without null characters; exactly one of "query" and "workflows"',
      workflows: 'a list of 1 to 10000 workflow ids; exactly one of "query" and "workflows"',
      reason: 'a string of 1 to 1000 characters that are not all blank',
      target: 'an object with exactly one of eventId, at, beforeActivity, beforeFailure, beforeTime, buildId, back',
      ratePerSecond: 'a number from 0.01 to 200; 20 when left out',
      maxWorkflows: 'a whole number from 1 to 100000; 1000 when left out',
      dryRun: 'true or false',
    },
  },
  getBatchOperation: {
    method: 'GET',
    path: 'batch-operations/{operationId}',
    access: 'reader',
    summary: 'Show the progress of a batch operation',
    fields: {},
  },
  listBatchItems: {
    method: 'GET',
    path: 'batch-operations/{operationId}/items',
    access: 'reader',
    summary: 'List the operation of a batch on each workflow',
    fields: {
      outcome: 'one of succeeded, failed, or left out for all',
      pageSize: 'a whole number from 1 to 100',
      pageToken: 'the nextPageToken of the page before, or left out for the first page',
    },
  },
  cancelBatchOperation: {
    method: 'POST',
    path: 'batch-operations/{operationId}/cancel',
    access: 'batchOperator',
    summary: 'Stop a batch operation after what is in flight',
    fields: { reason: 'a string of 1 to 1000 characters that are not all blank' },
  },
  retryBatchOperation: {
    method: 'POST',
    path: 'batch-operations/{operationId}/retry',
    access: 'batchOperator',
    summary: 'Repeat what failed in a batch operation',
    fields: { reason: 'a string of 1 to 1000 characters that are not all blank' },
  },
} as const;
export type RouteName = keyof typeof routes;

/** The roles that allow what a route needs, the least first. */
export const rolesFor = {
  reader: ['reader', 'canceller', 'terminator', 'resetter', 'batchOperator'],
  canceller: ['canceller', 'terminator', 'batchOperator'],
  terminator: ['terminator', 'batchOperator'],
  resetter: ['resetter', 'batchOperator'],
  batchOperator: ['batchOperator'],
} as const;

/** Kinds of failure after which it is certain that a change was not made. */
export const nothingDoneKinds: readonly string[] = [
  'invalid-request',
  'payload-too-large',
  'namespace-not-configured',
  'workflow-not-found',
  'run-not-found',
  'not-a-reset-point',
  'conflict',
  'batch-workflow',
  'idempotency-key-reused',
  'operation-in-progress',
  'operation-not-found',
  'too-many-matches',
  'unsupported-by-engine',
  'ledger-unavailable',
  'throttled',
  'configuration',
];
