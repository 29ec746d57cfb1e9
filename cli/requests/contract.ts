/* Generated from api/ by `npm run generate`. Do not edit. */

/** Every route, whether it makes changes, a description of the valid values of each request field, and the values of enumerations. */
export const routes = {
  listWorkflows: {
    method: 'GET',
    path: 'workflows',
    access: 'reader',
    changes: false,
    summary: 'List workflows by a visibility query',
    fields: {
      query: 'a visibility query such as WorkflowType = \'order\' AND ExecutionStatus = "Running"',
      pageSize: 'a whole number from 1 to 100',
      pageToken: 'the nextPageToken of the previous page; the first page when left out',
    },
  },
  countWorkflows: {
    method: 'GET',
    path: 'workflows/count',
    access: 'reader',
    changes: false,
    summary: 'Count workflows by a visibility query',
    fields: { query: 'a visibility query such as WorkflowType = \'order\' AND ExecutionStatus = "Running"' },
  },
  describeWorkflow: {
    method: 'GET',
    path: 'workflows/describe',
    access: 'reader',
    changes: false,
    summary: 'Describe a workflow, and why it is stuck or has failed',
    fields: {
      workflowId: 'a string of 1 to 1000 bytes in UTF-8',
      runId: 'the UUID of a run; the latest run when left out',
    },
  },
  listHistory: {
    method: 'GET',
    path: 'workflows/history',
    access: 'reader',
    changes: false,
    summary: 'List the history of a run',
    fields: {
      workflowId: 'a string of 1 to 1000 bytes in UTF-8',
      runId: 'the UUID of a run; the latest run when left out',
      pageSize: 'a whole number from 1 to 100',
      pageToken: 'the nextPageToken of the previous page; the first page when left out',
    },
  },
  listResetPoints: {
    method: 'GET',
    path: 'workflows/reset-points',
    access: 'reader',
    changes: false,
    summary: 'List the points that a run can be reset to',
    fields: {
      workflowId: 'a string of 1 to 1000 bytes in UTF-8',
      runId: 'the UUID of a run; the latest run when left out',
      pageSize: 'a whole number from 1 to 100',
      pageToken: 'the nextPageToken of the previous page; the first page when left out',
    },
  },
  cancelWorkflow: {
    method: 'POST',
    path: 'workflows/cancel',
    access: 'canceller',
    changes: true,
    summary: 'Request the cancellation of a workflow',
    fields: {
      workflowId: 'a string of 1 to 1000 bytes in UTF-8',
      runId: 'the UUID of a run; the latest run when left out',
      firstExecutionRunId:
        'the UUID of the first run of the workflow execution chain, as describe returns it; any chain when left out',
      reason: 'a string of 1 to 1000 characters that are not all blank',
      waitSeconds: 'a number of seconds from 0 to 25',
    },
  },
  terminateWorkflow: {
    method: 'POST',
    path: 'workflows/terminate',
    access: 'terminator',
    changes: true,
    summary: 'Terminate a workflow',
    fields: {
      workflowId: 'a string of 1 to 1000 bytes in UTF-8',
      runId: 'the UUID of a run; the latest run when left out',
      firstExecutionRunId:
        'the UUID of the first run of the workflow execution chain, as describe returns it; any chain when left out',
      reason: 'a string of 1 to 1000 characters that are not all blank',
    },
  },
  resetWorkflow: {
    method: 'POST',
    path: 'workflows/reset',
    access: 'resetter',
    changes: true,
    summary: 'Reset a workflow to a point in its history',
    fields: {
      workflowId: 'a string of 1 to 1000 bytes in UTF-8',
      runId: 'the UUID of a run; the latest run when left out',
      reason: 'a string of 1 to 1000 characters that are not all blank',
      target:
        'an object with exactly one of eventId, at, beforeActivity, beforeFailure, beforeTime, buildId, beforeBuildId, back; and with a build id optionally deploymentName',
      ifCurrentRunId: 'the UUID of the run that has to be the current one; any when left out',
      terminateRunId: 'the UUID of the live run that may be terminated when an older run is reset; none when left out',
      excludeReapply:
        'a list of the kinds of events that are not reapplied to the new run: "signals", "updates", "nexus"',
      versioningOverride:
        '"autoUpgrade", {"pinned": {"deploymentName": "…", "buildId": "…"}} or, for the next workflow task only and if the server supports it, {"oneTime": {"deploymentName": "…", "buildId": "…"}}',
      orphanedChildren: 'one of "leave", "cancel", "terminate"; "leave" when left out',
      thenSignal: 'an object with "signalName", and optionally "input", a JSON value that is the only argument',
      waitSeconds: 'a number of seconds from 0 to 25',
      dryRun: 'true or false',
    },
    choices: { excludeReapply: ['signals', 'updates', 'nexus'], orphanedChildren: ['leave', 'cancel', 'terminate'] },
  },
  pauseWorkflow: {
    method: 'POST',
    path: 'workflows/pause',
    access: 'pauser',
    changes: true,
    summary: 'Pause a workflow',
    fields: {
      workflowId: 'a string of 1 to 1000 bytes in UTF-8',
      runId: 'the UUID of a run; the latest run when left out',
      firstExecutionRunId:
        'the UUID of the first run of the workflow execution chain, as describe returns it; any chain when left out',
      reason: 'a string of 1 to 1000 characters that are not all blank',
      until: 'a time in RFC 3339 such as "2026-01-31T12:00:00Z", with its offset, or left out',
    },
  },
  unpauseWorkflow: {
    method: 'POST',
    path: 'workflows/unpause',
    access: 'pauser',
    changes: true,
    summary: 'Unpause a workflow',
    fields: {
      workflowId: 'a string of 1 to 1000 bytes in UTF-8',
      runId: 'the UUID of a run; the latest run when left out',
      firstExecutionRunId:
        'the UUID of the first run of the workflow execution chain, as describe returns it; any chain when left out',
      reason: 'a string of 1 to 1000 characters that are not all blank',
    },
  },
  restartWorkflow: {
    method: 'POST',
    path: 'workflows/restart',
    access: 'resetter',
    changes: true,
    summary: 'Start a closed workflow again',
    fields: {
      workflowId: 'a string of 1 to 1000 bytes in UTF-8',
      runId: 'the UUID of a run; the latest run when left out',
      terminateRunId: 'the UUID of the live run that may be terminated; none when left out',
      workflowIdReusePolicy:
        '"allowDuplicate" to restart even a workflow that completed, or "allowDuplicateFailedOnly"; "allowDuplicateFailedOnly" when left out',
      reason: 'a string of 1 to 1000 characters that are not all blank',
    },
    choices: { workflowIdReusePolicy: ['allowDuplicateFailedOnly', 'allowDuplicate'] },
  },
  updateWorkflowOptions: {
    method: 'POST',
    path: 'workflows/update-options',
    access: 'resetter',
    changes: true,
    summary: 'Move a workflow to another worker version',
    fields: {
      workflowId: 'a string of 1 to 1000 bytes in UTF-8',
      runId: 'the UUID of a run; the latest run when left out',
      firstExecutionRunId:
        'the UUID of the first run of the workflow execution chain, as describe returns it; any chain when left out',
      versioningOverride:
        '"autoUpgrade" or {"pinned": {"deploymentName": "…", "buildId": "…"}}, or "none" to remove the override',
      reason: 'a string of 1 to 1000 characters that are not all blank',
    },
  },
  resetActivity: {
    method: 'POST',
    path: 'activities/reset',
    access: 'resetter',
    changes: true,
    summary: 'Reset a pending activity: execute it now, starting from attempt 1',
    fields: {
      workflowId: 'a string of 1 to 1000 bytes in UTF-8',
      runId: 'the UUID of a run; the latest run when left out',
      activityId: 'the id of a pending activity, of 1 to 1000 characters; either this or activityType',
      activityType: 'the type of pending activities, of 1 to 1000 characters; the request applies to all of them',
      reason: 'a string of 1 to 1000 characters that are not all blank',
      keepPaused: 'true to leave paused activities paused, or false; false when left out',
      resetHeartbeat: 'true to drop the heartbeat details of earlier attempts, or false; false when left out',
      discardRunningAttempt: 'true to reset an activity even while a worker executes it, or false; false when left out',
    },
  },
  pauseActivity: {
    method: 'POST',
    path: 'activities/pause',
    access: 'pauser',
    changes: true,
    summary: 'Pause a pending activity',
    fields: {
      workflowId: 'a string of 1 to 1000 bytes in UTF-8',
      runId: 'the UUID of a run; the latest run when left out',
      activityId: 'the id of a pending activity, of 1 to 1000 characters; either this or activityType',
      activityType: 'the type of pending activities, of 1 to 1000 characters; the request applies to all of them',
      reason: 'a string of 1 to 1000 characters that are not all blank',
    },
  },
  unpauseActivity: {
    method: 'POST',
    path: 'activities/unpause',
    access: 'pauser',
    changes: true,
    summary: 'Unpause a pending activity',
    fields: {
      workflowId: 'a string of 1 to 1000 bytes in UTF-8',
      runId: 'the UUID of a run; the latest run when left out',
      activityId: 'the id of a pending activity, of 1 to 1000 characters; either this or activityType',
      activityType: 'the type of pending activities, of 1 to 1000 characters; the request applies to all of them',
      reason: 'a string of 1 to 1000 characters that are not all blank',
    },
  },
  listOperations: {
    method: 'GET',
    path: 'operations',
    access: 'reader',
    changes: false,
    summary: 'Search the ledger',
    fields: {
      workflowId: 'a string of 1 to 1000 bytes in UTF-8',
      actor: 'the ARN of a caller, the name of its user or role session, or the id of an event: 1 to 1000 characters',
      verb: 'one of "cancel", "terminate", "reset", "pause", "unpause", "restart", "updateOptions", "resetActivity", "pauseActivity", "unpauseActivity", "batch", "suspend", "resume", "redrive"',
      state: 'one of "started", "completed", "refused", "failed", "unknown"',
      since:
        'a time in RFC 3339 such as "2026-01-31T12:00:00Z", with its offset; without workflowId at most 31 days before until, and 7 when left out',
      until: 'a time in RFC 3339 such as "2026-01-31T12:00:00Z", with its offset, not before since; now when left out',
      batchOperationId: 'the operationId of a batch operation',
      pageSize: 'a whole number from 1 to 100',
      pageToken: 'the nextPageToken of the previous page; the first page when left out',
    },
    choices: {
      verb: [
        'cancel',
        'terminate',
        'reset',
        'pause',
        'unpause',
        'restart',
        'updateOptions',
        'resetActivity',
        'pauseActivity',
        'unpauseActivity',
        'batch',
        'suspend',
        'resume',
        'redrive',
      ],
      state: ['started', 'completed', 'refused', 'failed', 'unknown'],
    },
  },
  getOperation: {
    method: 'GET',
    path: 'operations/{operationId}',
    access: 'reader',
    changes: false,
    summary: 'Show an operation',
    fields: {},
  },
  listBatchOperations: {
    method: 'GET',
    path: 'batch-operations',
    access: 'reader',
    changes: false,
    summary: 'List batch operations',
    fields: {
      state: 'one of running, completed, cancelled, failed, suspended; all when left out',
      pageSize: 'a whole number from 1 to 100',
      pageToken: 'the nextPageToken of the previous page; the first page when left out',
    },
    choices: { state: ['running', 'completed', 'cancelled', 'failed', 'suspended'] },
  },
  previewBatchCancellation: {
    method: 'POST',
    path: 'batch-previews/cancel',
    access: 'canceller',
    changes: false,
    summary: 'Preview the cancellation of many workflows',
    fields: {
      engine: 'one of "worker", "server" (Temporal\'s batch engine); "worker" when left out',
      query: 'a visibility query, without null characters; exactly one of "query" and "workflows"',
      workflows: 'a list of 1 to 10000 workflow ids; exactly one of "query" and "workflows"',
      exclude:
        'a list of 1 to 100 workflow ids that are not changed; with "query", ids without double quotes, backslashes and control characters that neither begin nor end with \'',
      maxWorkflows: 'a whole number from 1 to 100000; 1000 when left out',
    },
    choices: { engine: ['worker', 'server'] },
  },
  previewBatchTermination: {
    method: 'POST',
    path: 'batch-previews/terminate',
    access: 'terminator',
    changes: false,
    summary: 'Preview the termination of many workflows',
    fields: {
      engine: 'one of "worker", "server" (Temporal\'s batch engine); "worker" when left out',
      query: 'a visibility query, without null characters; exactly one of "query" and "workflows"',
      workflows: 'a list of 1 to 10000 workflow ids; exactly one of "query" and "workflows"',
      exclude:
        'a list of 1 to 100 workflow ids that are not changed; with "query", ids without double quotes, backslashes and control characters that neither begin nor end with \'',
      maxWorkflows: 'a whole number from 1 to 100000; 1000 when left out',
    },
    choices: { engine: ['worker', 'server'] },
  },
  previewBatchReset: {
    method: 'POST',
    path: 'batch-previews/reset',
    access: 'resetter',
    changes: false,
    summary: 'Preview the reset of many workflows',
    fields: {
      engine: 'one of "worker", "server" (Temporal\'s batch engine); "worker" when left out',
      query: 'a visibility query, without null characters; exactly one of "query" and "workflows"',
      workflows: 'a list of 1 to 10000 workflow ids; exactly one of "query" and "workflows"',
      exclude:
        'a list of 1 to 100 workflow ids that are not changed; with "query", ids without double quotes, backslashes and control characters that neither begin nor end with \'',
      maxWorkflows: 'a whole number from 1 to 100000; 1000 when left out',
      target:
        'an object with exactly one of eventId, at, beforeActivity, beforeFailure, beforeTime, buildId, beforeBuildId, back; and with a build id optionally deploymentName',
      excludeReapply:
        'a list of the kinds of events that are not reapplied to the new run: "signals", "updates", "nexus"',
      versioningOverride:
        '"autoUpgrade", {"pinned": {"deploymentName": "…", "buildId": "…"}} or, for the next workflow task only and if the server supports it, {"oneTime": {"deploymentName": "…", "buildId": "…"}}',
      orphanedChildren: 'one of "leave", "cancel", "terminate"; "leave" when left out',
    },
    choices: {
      engine: ['worker', 'server'],
      excludeReapply: ['signals', 'updates', 'nexus'],
      orphanedChildren: ['leave', 'cancel', 'terminate'],
    },
  },
  previewBatchPause: {
    method: 'POST',
    path: 'batch-previews/pause',
    access: 'pauser',
    changes: false,
    summary: 'Preview the pause of many workflows',
    fields: {
      engine: 'one of "worker", "server" (Temporal\'s batch engine); "worker" when left out',
      query: 'a visibility query, without null characters; exactly one of "query" and "workflows"',
      workflows: 'a list of 1 to 10000 workflow ids; exactly one of "query" and "workflows"',
      exclude:
        'a list of 1 to 100 workflow ids that are not changed; with "query", ids without double quotes, backslashes and control characters that neither begin nor end with \'',
      maxWorkflows: 'a whole number from 1 to 100000; 1000 when left out',
    },
    choices: { engine: ['worker', 'server'] },
  },
  previewBatchUnpause: {
    method: 'POST',
    path: 'batch-previews/unpause',
    access: 'pauser',
    changes: false,
    summary: 'Preview the unpausing of many workflows',
    fields: {
      engine: 'one of "worker", "server" (Temporal\'s batch engine); "worker" when left out',
      query: 'a visibility query, without null characters; exactly one of "query" and "workflows"',
      workflows: 'a list of 1 to 10000 workflow ids; exactly one of "query" and "workflows"',
      exclude:
        'a list of 1 to 100 workflow ids that are not changed; with "query", ids without double quotes, backslashes and control characters that neither begin nor end with \'',
      maxWorkflows: 'a whole number from 1 to 100000; 1000 when left out',
    },
    choices: { engine: ['worker', 'server'] },
  },
  previewBatchUpdateOptions: {
    method: 'POST',
    path: 'batch-previews/update-options',
    access: 'resetter',
    changes: false,
    summary: 'Preview the move of many workflows to another worker version',
    fields: {
      engine: 'one of "worker", "server" (Temporal\'s batch engine); "worker" when left out',
      query: 'a visibility query, without null characters; exactly one of "query" and "workflows"',
      workflows: 'a list of 1 to 10000 workflow ids; exactly one of "query" and "workflows"',
      exclude:
        'a list of 1 to 100 workflow ids that are not changed; with "query", ids without double quotes, backslashes and control characters that neither begin nor end with \'',
      maxWorkflows: 'a whole number from 1 to 100000; 1000 when left out',
    },
    choices: { engine: ['worker', 'server'] },
  },
  startBatchOperation: {
    method: 'POST',
    path: 'batch-operations',
    access: 'batchOperator',
    changes: true,
    summary: 'Change many workflows',
    fields: {
      action: 'one of "cancel", "terminate", "reset", "pause", "unpause", "updateOptions"',
      engine: 'one of "worker", "server" (Temporal\'s batch engine); "worker" when left out',
      query: 'a visibility query, without null characters; exactly one of "query" and "workflows"',
      workflows: 'a list of 1 to 10000 workflow ids; exactly one of "query" and "workflows"',
      exclude:
        'a list of 1 to 100 workflow ids that are not changed; with "query", ids without double quotes, backslashes and control characters that neither begin nor end with \'',
      reason: 'a string of 1 to 1000 characters that are not all blank',
      target:
        'an object with exactly one of eventId, at, beforeActivity, beforeFailure, beforeTime, buildId, beforeBuildId, back; and with a build id optionally deploymentName',
      excludeReapply:
        'a list of the kinds of events that are not reapplied to the new run: "signals", "updates", "nexus"',
      versioningOverride:
        'with "reset", "autoUpgrade", {"pinned": {"deploymentName": "…", "buildId": "…"}} or, for the next workflow task only and if the server supports it, {"oneTime": {"deploymentName": "…", "buildId": "…"}}; required with "updateOptions": "autoUpgrade" or {"pinned": {"deploymentName": "…", "buildId": "…"}}, or "none" to remove the override; left out otherwise',
      orphanedChildren: 'one of "leave", "cancel", "terminate"; "leave" when left out',
      until: 'a time in RFC 3339 such as "2026-01-31T12:00:00Z", with its offset, or left out',
      expectMatched:
        'a whole number from 0 to 100000, such as "matched" of a preview; if another number of runs matches, nothing is done',
      followSeconds:
        'with "reset" and "engine": "worker", a number of seconds from 1 to 600 for which each new run is followed',
      canary: 'with "engine": "worker", an object with count, waitSeconds and maxFailureRate',
      stopAtFailureRate:
        'with "engine": "worker", a number above 0 and up to 1: the batch operation stops when this share of the workflows has failed, after at least 10 workflows',
      ratePerSecond: 'a number from 0.01 to 200; 20 when left out',
      maxWorkflows: 'a whole number from 1 to 100000; 1000 when left out',
      dryRun: 'true or false',
    },
    choices: {
      action: ['cancel', 'terminate', 'reset', 'pause', 'unpause', 'updateOptions'],
      engine: ['worker', 'server'],
      excludeReapply: ['signals', 'updates', 'nexus'],
      orphanedChildren: ['leave', 'cancel', 'terminate'],
    },
  },
  getBatchOperation: {
    method: 'GET',
    path: 'batch-operations/{operationId}',
    access: 'reader',
    changes: false,
    summary: 'Show the progress of a batch operation',
    fields: {},
  },
  listBatchItems: {
    method: 'GET',
    path: 'batch-operations/{operationId}/items',
    access: 'reader',
    changes: false,
    summary: 'List the operations of a batch operation on its workflows',
    fields: {
      outcome:
        'one of succeeded, failed, failedAgain, stuck, notBegun, wentOn, completed, stillRunning; all when left out',
      pageSize: 'a whole number from 1 to 100',
      pageToken: 'the nextPageToken of the previous page; the first page when left out',
    },
    choices: {
      outcome: ['succeeded', 'failed', 'failedAgain', 'stuck', 'notBegun', 'wentOn', 'completed', 'stillRunning'],
    },
  },
  cancelBatchOperation: {
    method: 'POST',
    path: 'batch-operations/{operationId}/cancel',
    access: 'batchOperator',
    changes: true,
    summary: 'Stop a batch operation once the operations in flight have ended',
    fields: { reason: 'a string of 1 to 1000 characters that are not all blank' },
  },
  suspendBatchOperation: {
    method: 'POST',
    path: 'batch-operations/{operationId}/suspend',
    access: 'batchOperator',
    changes: true,
    summary: 'Suspend a batch operation once the operations in flight have ended',
    fields: { reason: 'a string of 1 to 1000 characters that are not all blank' },
  },
  resumeBatchOperation: {
    method: 'POST',
    path: 'batch-operations/{operationId}/resume',
    access: 'batchOperator',
    changes: true,
    summary: 'Resume a suspended batch operation',
    fields: { reason: 'a string of 1 to 1000 characters that are not all blank' },
  },
  retryBatchOperation: {
    method: 'POST',
    path: 'batch-operations/{operationId}/retry',
    access: 'batchOperator',
    changes: true,
    summary: 'Repeat a batch operation for the workflows that failed',
    fields: {
      reason: 'a string of 1 to 1000 characters that are not all blank',
      outcome: 'one of "failed", "failedAgain", "stuck", "notBegun"; "failed" when left out',
      target:
        'an object with exactly one of eventId, at, beforeActivity, beforeFailure, beforeTime, buildId, beforeBuildId, back; and with a build id optionally deploymentName',
      expectMatched:
        'a whole number from 0 to 100000, such as "matched" of a preview; if another number of runs matches, nothing is done',
    },
    choices: { outcome: ['failed', 'failedAgain', 'stuck', 'notBegun'] },
  },
  listRejectedEvents: {
    method: 'GET',
    path: 'rejected-events',
    access: 'reader',
    changes: false,
    summary: 'List rejected events',
    fields: {
      trigger: 'the name of a trigger, or "cancellationRequests": 1 to 40 characters',
      kind: 'a kind of failure, as in the type of a problem: "invalid-request"',
      state: 'one of "rejected", "redriven", "handled"; "rejected" when left out, which includes the state "redriving"',
      since: 'a time in RFC 3339 such as "2026-01-31T12:00:00Z", with its offset: rejected then or later',
      until:
        'a time in RFC 3339 such as "2026-01-31T12:00:00Z", with its offset, not before since: rejected then or before',
      pageSize: 'a whole number from 1 to 100',
      pageToken: 'the nextPageToken of the previous page; the first page when left out',
    },
    choices: {
      kind: [
        'invalid-request',
        'payload-too-large',
        'namespace-not-configured',
        'workflow-not-found',
        'run-not-found',
        'pause-unsupported',
        'activity-not-found',
        'not-a-reset-point',
        'conflict',
        'batch-workflow',
        'system-workflow',
        'idempotency-key-reused',
        'operation-in-progress',
        'operation-not-found',
        'too-many-matches',
        'unsupported-by-engine',
        'ledger-unavailable',
        'queue-unavailable',
        'too-many-waiting',
        'throttled',
        'temporal-unavailable',
        'temporal-timeout',
        'configuration',
        'outcome-unknown',
        'response-too-large',
        'internal',
      ],
      state: ['rejected', 'redriven', 'handled'],
    },
  },
  redriveRejectedEvents: {
    method: 'POST',
    path: 'rejected-events/redrive',
    access: 'redriver',
    changes: true,
    summary: 'Redrive rejected events',
    fields: {
      all: 'true; exactly one of "all", "trigger" and "rejectedEventIds"',
      trigger: 'the name of a trigger, or "cancellationRequests": 1 to 40 characters',
      rejectedEventIds: 'a list of 1 to 100 rejectedEventIds; exactly one of "all", "trigger" and "rejectedEventIds"',
      reason: 'a string of 1 to 1000 characters that are not all blank',
      dryRun: 'true or false',
    },
  },
  startRollback: {
    method: 'POST',
    path: 'rollbacks',
    access: 'batchOperator',
    changes: true,
    summary: 'Undo what a bad build of a worker deployment did',
    fields: {
      deploymentName: 'the name of a worker deployment, of 1 to 255 characters',
      badBuildId: 'the build id to undo, of 1 to 255 characters; not the current or ramping version of the deployment',
      toBuildId:
        'the build id that pinned runs move to, of 1 to 255 characters; that of the current version when left out',
      includeClosed:
        'a list of statuses, from Completed, Failed, Canceled, Terminated, TimedOut: closed runs with these statuses are reset too; only open runs when left out',
      restartTypes:
        'a list of up to 50 workflow types: a run that started on the bad build is restarted only if its type is in this list',
      reason: 'a string of 1 to 1000 characters that are not all blank',
      exclude:
        'a list of 1 to 100 workflow ids that are not changed; with "query", ids without double quotes, backslashes and control characters that neither begin nor end with \'',
      excludeReapply:
        'a list of the kinds of events that are not reapplied to the new run: "signals", "updates", "nexus"',
      orphanedChildren: 'one of "leave", "cancel", "terminate"; "leave" when left out',
      expectMatched:
        'a whole number from 0 to 100000, such as "matched" of a preview; if another number of runs matches, nothing is done',
      followSeconds:
        'with "reset" and "engine": "worker", a number of seconds from 1 to 600 for which each new run is followed',
      canary: 'with "engine": "worker", an object with count, waitSeconds and maxFailureRate',
      stopAtFailureRate:
        'with "engine": "worker", a number above 0 and up to 1: the batch operation stops when this share of the workflows has failed, after at least 10 workflows',
      ratePerSecond: 'a number from 0.01 to 200; 20 when left out',
      maxWorkflows: 'a whole number from 1 to 100000; 1000 when left out',
      dryRun: 'true or false',
    },
    choices: {
      includeClosed: ['Completed', 'Failed', 'Canceled', 'Terminated', 'TimedOut'],
      excludeReapply: ['signals', 'updates', 'nexus'],
      orphanedChildren: ['leave', 'cancel', 'terminate'],
    },
  },
} as const;
export type RouteName = keyof typeof routes;

/** The roles that allow the routes of a role: the role itself, then the roles that include it. */
export const rolesFor = {
  reader: ['reader', 'canceller', 'terminator', 'pauser', 'resetter', 'batchOperator', 'redriver'],
  canceller: ['canceller', 'terminator', 'batchOperator'],
  terminator: ['terminator', 'batchOperator'],
  pauser: ['pauser', 'batchOperator'],
  resetter: ['resetter', 'batchOperator'],
  batchOperator: ['batchOperator'],
  redriver: ['redriver'],
} as const;

/** A batch operation's workflow has this prefix and the operation's id. The ledger records stops and suspensions under its id. */
export const BATCH_WORKFLOW_ID_PREFIX = 'rewind-batch-';

/** Kinds of failure after which it is certain that no change was made. */
export const nothingDoneKinds: readonly string[] = [
  'invalid-request',
  'payload-too-large',
  'namespace-not-configured',
  'workflow-not-found',
  'run-not-found',
  'pause-unsupported',
  'activity-not-found',
  'not-a-reset-point',
  'conflict',
  'batch-workflow',
  'system-workflow',
  'idempotency-key-reused',
  'operation-in-progress',
  'operation-not-found',
  'too-many-matches',
  'unsupported-by-engine',
  'ledger-unavailable',
  'too-many-waiting',
  'throttled',
  'configuration',
];
