/* Generated from docs/openapi.json by `npm run generate`. Do not edit. */

export interface paths {
    "/namespaces/{namespace}/workflows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List workflows by a visibility query */
        get: operations["listWorkflows"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/namespaces/{namespace}/workflows/count": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Count workflows by a visibility query */
        get: operations["countWorkflows"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/namespaces/{namespace}/workflows/describe": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Describe a workflow, and why it is stuck or has failed */
        get: operations["describeWorkflow"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/namespaces/{namespace}/workflows/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the history of a run */
        get: operations["listHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/namespaces/{namespace}/workflows/reset-points": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the points that a run can be reset to */
        get: operations["listResetPoints"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/namespaces/{namespace}/workflows/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Request the cancellation of a workflow
         * @description The workflow’s code decides how it handles the cancellation, so the workflow may stay open. Executed once per `Idempotency-Key`: the same request with the same key gets the first response again.
         */
        post: operations["cancelWorkflow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/namespaces/{namespace}/workflows/terminate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Terminate a workflow
         * @description Closes the workflow immediately. Its code does not run again and cannot clean up. Executed once per `Idempotency-Key`: the same request with the same key gets the first response again.
         */
        post: operations["terminateWorkflow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/namespaces/{namespace}/workflows/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reset a workflow to a point in its history
         * @description Starts a new run that continues from that point, and terminates the current run if it is open. Executed once per `Idempotency-Key`: the same request with the same key gets the first response again.
         */
        post: operations["resetWorkflow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/namespaces/{namespace}/workflows/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause a workflow
         * @description Until it is unpaused, the workflow gets no workflow task, and activities that wait for an attempt start none. Tasks that a worker is executing continue, and an activity is retried if it fails; timers and timeouts keep running. Requires Temporal 1.30 or newer, with pausing enabled. Executed once per `Idempotency-Key`: the same request with the same key gets the first response again.
         */
        post: operations["pauseWorkflow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/namespaces/{namespace}/workflows/unpause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Unpause a workflow
         * @description Executed once per `Idempotency-Key`: the same request with the same key gets the first response again.
         */
        post: operations["unpauseWorkflow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/namespaces/{namespace}/workflows/restart": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start a closed workflow again
         * @description Starts a new run with the type, task queue, input, memo, search attributes, timeouts, retry policy and cron schedule of a closed run. Use it for a workflow that a reset cannot repair. Executed once per `Idempotency-Key`: the same request with the same key gets the first response again.
         */
        post: operations["restartWorkflow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/namespaces/{namespace}/workflows/update-options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Move a workflow to another worker version
         * @description Sets or removes the versioning override of an open run. Executed once per `Idempotency-Key`: the same request with the same key gets the first response again.
         */
        post: operations["updateWorkflowOptions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/namespaces/{namespace}/activities/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reset a pending activity: execute it now, starting from attempt 1
         * @description A paused activity is unpaused unless `keepPaused` is true. The change is recorded in the ledger only: Temporal’s history does not contain it. After a lost response, the same request with the same key returns `outcome-unknown` if the activity does not show whether it was changed. Executed once per `Idempotency-Key`: the same request with the same key gets the first response again.
         */
        post: operations["resetActivity"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/namespaces/{namespace}/activities/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause a pending activity
         * @description No other attempt starts; timeouts keep running. An attempt that a worker is executing continues. The change is recorded in the ledger only: Temporal’s history does not contain it. After a lost response, the same request with the same key returns `outcome-unknown` if the activity does not show whether it was changed. Executed once per `Idempotency-Key`: the same request with the same key gets the first response again.
         */
        post: operations["pauseActivity"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/namespaces/{namespace}/activities/unpause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Unpause a pending activity
         * @description The change is recorded in the ledger only: Temporal’s history does not contain it. After a lost response, the same request with the same key returns `outcome-unknown` if the activity does not show whether it was changed. Executed once per `Idempotency-Key`: the same request with the same key gets the first response again.
         */
        post: operations["unpauseActivity"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/namespaces/{namespace}/operations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Search the ledger
         * @description Returns the operations that match all parameters. Without `workflowId` and `since`, the range is the last 7 days.
         */
        get: operations["listOperations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/namespaces/{namespace}/operations/{operationId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show an operation */
        get: operations["getOperation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/namespaces/{namespace}/batch-operations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List batch operations */
        get: operations["listBatchOperations"];
        put?: never;
        /**
         * Change many workflows
         * @description Either all workflows that match a visibility query, or the listed ones. Executed once per `Idempotency-Key`: the same request with the same key gets the first response again.
         */
        post: operations["startBatchOperation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/namespaces/{namespace}/batch-previews/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Preview the cancellation of many workflows
         * @description Nothing is changed. A preview requires the role of the action, not the role `batchOperator`.
         */
        post: operations["previewBatchCancellation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/namespaces/{namespace}/batch-previews/terminate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Preview the termination of many workflows
         * @description Nothing is changed. A preview requires the role of the action, not the role `batchOperator`.
         */
        post: operations["previewBatchTermination"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/namespaces/{namespace}/batch-previews/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Preview the reset of many workflows
         * @description Nothing is changed. A preview requires the role of the action, not the role `batchOperator`.
         */
        post: operations["previewBatchReset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/namespaces/{namespace}/batch-previews/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Preview the pause of many workflows
         * @description Nothing is changed. A preview requires the role of the action, not the role `batchOperator`.
         */
        post: operations["previewBatchPause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/namespaces/{namespace}/batch-previews/unpause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Preview the unpausing of many workflows
         * @description Nothing is changed. A preview requires the role of the action, not the role `batchOperator`.
         */
        post: operations["previewBatchUnpause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/namespaces/{namespace}/batch-previews/update-options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Preview the move of many workflows to another worker version
         * @description Nothing is changed. A preview requires the role of the action, not the role `batchOperator`.
         */
        post: operations["previewBatchUpdateOptions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/namespaces/{namespace}/batch-operations/{operationId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show the progress of a batch operation */
        get: operations["getBatchOperation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/namespaces/{namespace}/batch-operations/{operationId}/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the operations of a batch operation on its workflows */
        get: operations["listBatchItems"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/namespaces/{namespace}/batch-operations/{operationId}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop a batch operation once the operations in flight have ended
         * @description Executed once per `Idempotency-Key`: the same request with the same key gets the first response again.
         */
        post: operations["cancelBatchOperation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/namespaces/{namespace}/batch-operations/{operationId}/suspend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Suspend a batch operation once the operations in flight have ended
         * @description It does not process any other workflow until it is resumed. Executed once per `Idempotency-Key`: the same request with the same key gets the first response again.
         */
        post: operations["suspendBatchOperation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/namespaces/{namespace}/batch-operations/{operationId}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume a suspended batch operation
         * @description Executed once per `Idempotency-Key`: the same request with the same key gets the first response again.
         */
        post: operations["resumeBatchOperation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/namespaces/{namespace}/batch-operations/{operationId}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Repeat a batch operation for the workflows that failed
         * @description Starts a new batch operation for the failed workflows, or for those with another `outcome`. Executed once per `Idempotency-Key`: the same request with the same key gets the first response again.
         */
        post: operations["retryBatchOperation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/namespaces/{namespace}/rejected-events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List rejected events
         * @description Lists events that cannot succeed, and events that still failed after the retry period, without their details. Events without a configured namespace are in the namespace `_unknown`.
         */
        get: operations["listRejectedEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/namespaces/{namespace}/rejected-events/redrive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Redrive rejected events
         * @description Sends the events to the event queue again, where the current configuration of their trigger applies. However often the request is repeated, each rejection of an event is redriven once, and with the same `Idempotency-Key` each event is redriven once. If the response has `more`, repeat the request with its key. An event that fails again is listed again. The ledger records an operation `redrive` for each event, and for a request with a key.
         */
        post: operations["redriveRejectedEvents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/namespaces/{namespace}/rollbacks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Undo what a bad build of a worker deployment did
         * @description Resets the runs that the build has worked on to the last point before it, and repeats this for runs that it picks up in the meantime. A rollback is a batch operation, whose routes show, suspend and stop it. Executed once per `Idempotency-Key`: the same request with the same key gets the first response again.
         */
        post: operations["startRollback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @enum {string} */
        WorkflowStatus: "Unspecified" | "Running" | "Completed" | "Failed" | "Canceled" | "Terminated" | "ContinuedAsNew" | "TimedOut" | "Paused";
        ListedWorkflow: {
            workflowId: string;
            runId: string;
            status: components["schemas"]["WorkflowStatus"];
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            startTime?: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            closeTime?: string;
            links: {
                /** @description URL of the run in the Temporal Web UI, if one is configured. */
                webUi?: string;
            };
            workflowType: string;
            taskQueue: string;
            /** @description Number of events, from visibility, which has 0 for an open run. */
            historyLength: number;
            /**
             * Format: date-time
             * @description When the first workflow task is due, after a start delay or a cron back-off.
             */
            executionTime?: string;
            /**
             * @description `rewind` if the workflow executes a batch operation of Rewind; `temporal` if it is one of Temporal’s own, such as that of a schedule.
             * @enum {string}
             */
            ownedBy?: "rewind" | "temporal";
        };
        Workflows: {
            namespace: string;
            /** @description The runs that match, newest first. */
            workflows: components["schemas"]["ListedWorkflow"][];
            /** @description The `pageToken` of the next page. Absent on the last page. */
            nextPageToken?: string;
        };
        WorkflowCount: {
            namespace: string;
            /** @description Number of runs that match. */
            count: number;
            /** @description With `GROUP BY`: the number of runs for each combination of values. */
            groups?: {
                values: unknown[];
                count: number;
            }[];
        };
        Stuck: {
            /**
             * @description No worker that can process the workflow’s task polls its task queue.
             * @constant
             */
            kind: "noPoller";
            explanation: string;
            taskQueue: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            lastPollTime?: string;
            /** @description The version that the run is pinned to. Only workers of this version can process the task. */
            deploymentVersion?: {
                deploymentName: string;
                buildId: string;
            };
        } | {
            /**
             * @description The workflow task fails or times out at each attempt.
             * @constant
             */
            kind: "workflowTaskFailing";
            explanation: string;
            attempt: number;
            failure?: string;
        } | {
            /**
             * @description The workflow is paused.
             * @constant
             */
            kind: "workflowPaused";
            explanation: string;
            /** @description Identity of the client or rule that paused it. */
            pausedBy?: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            pausedTime?: string;
            reason?: string;
        } | {
            /**
             * @description An activity is paused: the current attempt continues, and no other starts.
             * @constant
             */
            kind: "activityPaused";
            explanation: string;
            activityId: string;
            activityType: string;
            /** @description Identity of the client or rule that paused it. */
            pausedBy?: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            pausedTime?: string;
            reason?: string;
        } | {
            /**
             * @description No worker that can process the activity polls its task queue.
             * @constant
             */
            kind: "noActivityPoller";
            explanation: string;
            activityId: string;
            activityType: string;
            taskQueue: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            lastPollTime?: string;
        } | {
            /**
             * @description An activity has no heartbeat timeout, so the cancellation may not reach it.
             * @constant
             */
            kind: "activityNotHeartbeating";
            explanation: string;
            activityId: string;
            activityType: string;
            /** @description 0 if none is set. */
            startToCloseTimeoutSeconds: number;
            /** @description 0 if none is set. */
            scheduleToCloseTimeoutSeconds: number;
        } | {
            /**
             * @description A child workflow does not proceed.
             * @constant
             */
            kind: "childStuck";
            explanation: string;
            workflowId: string;
            runId: string;
            workflowType: string;
            /** @description Why the child does not proceed. */
            childKinds: ("noPoller" | "workflowTaskFailing" | "workflowPaused" | "activityPaused" | "noActivityPoller" | "activityNotHeartbeating" | "childStuck" | "childResultMissing")[];
        } | {
            /**
             * @description A child workflow has closed, and the run has not received its result.
             * @constant
             */
            kind: "childResultMissing";
            explanation: string;
            workflowId: string;
            runId: string;
            workflowType: string;
            status: components["schemas"]["WorkflowStatus"];
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            closeTime?: string;
        };
        WorkflowFailure: {
            /** @description Message of the innermost cause, or the reason of a termination; at most 2,000 characters. */
            message: string;
            /** @description Type of the innermost cause: the error’s class in the worker’s language, or `Timeout`, `Canceled`, `Terminated`, `Server`. */
            type: string;
            /** @description Who terminated the run. */
            identity?: string;
            /** @description The activity that the failure came from. */
            activity?: {
                activityId: string;
                activityType: string;
            };
            /** @description The child workflow that the failure came from. */
            child?: {
                workflowId: string;
                runId: string;
                workflowType: string;
            };
            /** @description The Nexus operation that the failure came from. */
            nexusOperation?: {
                endpoint: string;
                service: string;
                operation: string;
            };
        };
        NeighbouringRun: {
            runId: string;
            /**
             * @description How the later run was started from the earlier one.
             * @enum {string}
             */
            relation: "continuedAsNew" | "cron" | "retry" | "reset";
        };
        PendingActivity: {
            activityId: string;
            activityType: string;
            /** @enum {string} */
            state: "Unspecified" | "Scheduled" | "Started" | "CancelRequested" | "Paused" | "PauseRequested";
            attempt: number;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            scheduledTime?: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            lastStartedTime?: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            lastHeartbeatTime?: string;
            /** @description 0 if none is set. A cancellation may then not reach the activity. */
            heartbeatTimeoutSeconds: number;
            startToCloseTimeoutSeconds: number;
            /**
             * Format: date-time
             * @description When the next attempt is due, during a back-off.
             */
            nextAttemptTime?: string;
            lastFailure?: string;
        };
        PendingNexusOperation: {
            endpoint: string;
            service: string;
            operation: string;
            /** @enum {string} */
            state: "Unspecified" | "Scheduled" | "BackingOff" | "Started" | "Blocked";
            /** @description Attempts to start the operation. */
            attempt: number;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            scheduledTime?: string;
            /**
             * Format: date-time
             * @description When the next attempt is due, during a back-off.
             */
            nextAttemptTime?: string;
            /** @description 0 if none is set. */
            scheduleToCloseTimeoutSeconds: number;
            lastFailure?: string;
            blockedReason?: string;
        };
        Workflow: {
            namespace: string;
            workflowId: string;
            runId: string;
            status: components["schemas"]["WorkflowStatus"];
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            startTime?: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            closeTime?: string;
            links: {
                /** @description URL of the run in the Temporal Web UI, if one is configured. */
                webUi?: string;
            };
            /** @description First run of the workflow execution chain. Send it with a change, so that no other chain with this workflow id is changed. */
            firstExecutionRunId: string;
            workflowType: string;
            taskQueue: string;
            /** @description A cancellation was requested; the workflow’s code may not have received it yet. */
            cancelRequested: boolean;
            historyLength: number;
            historySizeBytes: number;
            /** @description Why an open run does not proceed. Empty if no reason is found. */
            stuck?: components["schemas"]["Stuck"][];
            /** @description Why a closed run failed, timed out or was terminated. */
            failure?: components["schemas"]["WorkflowFailure"];
            /** @description Present while the run is paused. */
            paused?: {
                pausedBy?: string;
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC.
                 */
                pausedTime?: string;
                reason?: string;
            };
            /** @description The previous run of the chain; if a reset started this run, the run in which its history started. */
            predecessor?: components["schemas"]["NeighbouringRun"];
            /** @description The run that continues this one, once it has closed. */
            successor?: components["schemas"]["NeighbouringRun"];
            /** @description 0 if none is set. `executionExpirationTime` applies to the chain, `runExpirationTime` to this run. */
            timeouts: {
                executionSeconds: number;
                runSeconds: number;
                workflowTaskSeconds: number;
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC.
                 */
                executionExpirationTime?: string;
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC.
                 */
                runExpirationTime?: string;
            };
            cronSchedule?: string;
            /** @description The schedule that started the workflow. */
            scheduleId?: string;
            /** @description Present until the first workflow task of the run is due. */
            backoff?: {
                /** Format: date-time */
                until: string;
                /** @enum {string} */
                cause: "startDelay" | "cron" | "retry" | "continuedAsNew";
            };
            /** @description Present if the run’s workers have a deployment version, or if the run has a versioning override. */
            versioning?: {
                /** @enum {string} */
                behavior: "Unspecified" | "Pinned" | "AutoUpgrade";
                /** @description Deployment version of the worker that completed the last workflow task. */
                deploymentVersion?: {
                    deploymentName: string;
                    buildId: string;
                };
                /** @description The version that the run is pinned to, by its versioning behavior or by an override. Only its workers get tasks of the run. */
                pinnedTo?: {
                    deploymentName: string;
                    buildId: string;
                };
            };
            parent?: {
                workflowId: string;
                runId: string;
            };
            pendingActivities: components["schemas"]["PendingActivity"][];
            pendingNexusOperations: components["schemas"]["PendingNexusOperation"][];
            pendingChildren: {
                workflowId: string;
                runId: string;
                workflowType: string;
                /** @enum {string} */
                parentClosePolicy: "Unspecified" | "Terminate" | "Abandon" | "RequestCancel";
            }[];
            pendingWorkflowTask?: {
                /** @enum {string} */
                state: "Unspecified" | "Scheduled" | "Started";
                /** @description 2 or more if the task has failed or timed out before. */
                attempt: number;
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC.
                 */
                scheduledTime?: string;
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC.
                 */
                startedTime?: string;
            };
        };
        HistoryEntry: {
            /** @enum {string} */
            kind: "workflowStarted" | "workflowClosed" | "workflowTaskFailure" | "reset" | "cancelRequest" | "pause" | "unpause" | "optionsUpdate" | "activity" | "localActivity" | "timer" | "childWorkflow" | "nexusOperation" | "signal" | "update" | "signalToWorkflow" | "cancelToWorkflow" | "marker" | "propertiesUpdate";
            /** @description What happened, in one line. */
            label: string;
            /**
             * @description `pending` and `started`: not ended, in an open run. `notCompleted`: not ended when the run closed. The run does not receive its result; a child workflow, or an attempt at an activity, may still be running.
             * @enum {string}
             */
            state?: "pending" | "started" | "completed" | "failed" | "timedOut" | "canceled" | "terminated" | "continuedAsNew" | "fired" | "notCompleted";
            /** @description Id of the first event of the entry. Entries are sorted by it. */
            eventId: number;
            /** @description Ids of all events of the entry, oldest first. */
            eventIds: number[];
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            startTime?: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            endTime?: string;
            /** @description Type of the activity or workflow; name of the signal, update or marker; id of the timer. */
            name?: string;
            activityId?: string;
            /** @description Id of the child workflow, or of the workflow to which a signal or cancellation was sent. */
            workflowId?: string;
            /** @description Run of the child workflow; with the kind `reset`, the run that was reset. */
            runId?: string;
            /** @description Number of started attempts of the activity or workflow task. */
            attempts?: number;
            /** @description Message of the last failure, even if a later attempt succeeded. */
            failure?: string;
            /**
             * @description The workflow requested its cancellation.
             * @constant
             */
            cancelRequested?: true;
            /** @description Identity of the client or worker, as recorded by Temporal. */
            identity?: string;
            /** @description Reason of a cancellation, termination, reset or pause. */
            reason?: string;
            /** @description The operation of Rewind that caused it, from the tag in the reason. */
            operationId?: string;
            /** @description Who requested that operation, from the same tag. */
            actor?: {
                id: string;
            };
            /** @description The `target.eventId` that resets to before this entry. Everything that its workflow task did is executed again. */
            resetPoint?: number;
        };
        History: {
            namespace: string;
            workflowId: string;
            runId: string;
            /** @description Sorted by their first event, newest first. */
            entries: components["schemas"]["HistoryEntry"][];
            /** @description The `pageToken` of the next page. Absent on the last page. */
            nextPageToken?: string;
        };
        ResetPoint: {
            /** @description The `target.eventId` of a reset to this point. */
            eventId: number;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            time?: string;
            /** @description What the new run executes again first, or what happened just before this point. */
            label: string;
            /** @description Build id of the worker that completed the workflow task, from its deployment version if it has one. */
            buildId?: string;
            /** @description Worker deployment of that worker, if it has one. */
            deploymentName?: string;
            /** @description False if the server rejects the target `{"buildId": …}` for this point, because child workflows, or signals or cancellations sent to other workflows, were pending, or because the point has expired. `eventId` works in either case. */
            resettable: boolean;
        };
        ResetPoints: {
            namespace: string;
            workflowId: string;
            runId: string;
            /** @description Newest first. */
            resetPoints: components["schemas"]["ResetPoint"][];
            /** @description The `pageToken` of the next page. Absent on the last page. */
            nextPageToken?: string;
        };
        CancelResult: {
            /** @description Id of the operation in the ledger. Temporal’s history has it too. */
            operationId: string;
            /**
             * @description `requested`: the cancellation is in the workflow’s history, and the workflow’s code decides when and how it closes. `alreadyRequested`: a cancellation was requested before; the server keeps the first request only. `alreadyClosed`: the run was already closed, with `status`.
             * @enum {string}
             */
            outcome: "requested" | "alreadyRequested" | "alreadyClosed";
            namespace: string;
            workflowId: string;
            runId: string;
            status: components["schemas"]["WorkflowStatus"];
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            startTime?: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            closeTime?: string;
            links: {
                /** @description URL of the run in the Temporal Web UI, if one is configured. */
                webUi?: string;
            };
            /** @description The run that continues the closed run. This request did not cancel it. */
            successorRunId?: string;
            /** @description With `waitSeconds`: how many seconds the request waited. */
            waitedSeconds?: number;
            /** @description With `waitSeconds`, if the run is still open: why it does not close. Empty if no reason is found. */
            stuck?: components["schemas"]["Stuck"][];
        };
        TerminateResult: {
            /** @description Id of the operation in the ledger. Temporal’s history has it too. */
            operationId: string;
            /**
             * @description `alreadyClosed`: the run was already closed, with `status`.
             * @enum {string}
             */
            outcome: "terminated" | "alreadyClosed";
            namespace: string;
            workflowId: string;
            runId: string;
            status: components["schemas"]["WorkflowStatus"];
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            startTime?: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            closeTime?: string;
            links: {
                /** @description URL of the run in the Temporal Web UI, if one is configured. */
                webUi?: string;
            };
            /** @description The run that continues the closed run. This request did not terminate it. */
            successorRunId?: string;
        };
        Discarded: {
            /** @description Number of events from the reset point on. */
            events: number;
            activities: {
                total: number;
                newest: {
                    activityId?: string;
                    activityType?: string;
                    /** @description The event that scheduled the activity, or the marker with the result of a local activity. */
                    eventId: number;
                    /** @constant */
                    local?: true;
                    /** @enum {string} */
                    state: "completed" | "failed" | "timedOut" | "canceled" | "terminated" | "pending";
                }[];
            };
            timers: {
                total: number;
                newest: {
                    timerId: string;
                    eventId: number;
                    /** @enum {string} */
                    state: "fired" | "canceled" | "pending";
                }[];
            };
            children: {
                total: number;
                newest: {
                    workflowId?: string;
                    workflowType?: string;
                    eventId: number;
                    /** @enum {string} */
                    state: "completed" | "failed" | "timedOut" | "canceled" | "terminated" | "pending";
                    /**
                     * @description `reapplied` if the child was started before the reset point: the new run receives its result.
                     * @enum {string}
                     */
                    fate: "reexecuted" | "reapplied" | "dropped";
                }[];
            };
            /** @description Includes those that later runs received after a continue-as-new, because the server reapplies them too. Only the first 20 later runs are read: see `moreLaterRuns`. */
            signals: {
                total: number;
                newest: {
                    name: string;
                    eventId: number;
                    /** @description The run that received it, if that is not the run that is reset. */
                    runId?: string;
                    /**
                     * @description `reexecuted`: the new run does it again. `reapplied`: the server applies it to the new run. `dropped`: neither.
                     * @enum {string}
                     */
                    fate: "reexecuted" | "reapplied" | "dropped";
                }[];
            };
            /** @description Includes those that later runs received after a continue-as-new, because the server reapplies them too. Only the first 20 later runs are read: see `moreLaterRuns`. */
            updates: {
                total: number;
                newest: {
                    name: string;
                    eventId: number;
                    /** @description The run that received it, if that is not the run that is reset. */
                    runId?: string;
                    /**
                     * @description `reexecuted`: the new run does it again. `reapplied`: the server applies it to the new run. `dropped`: neither.
                     * @enum {string}
                     */
                    fate: "reexecuted" | "reapplied" | "dropped";
                }[];
            };
            /** @description Nexus operations that were scheduled, started or ended after the reset point. */
            nexusOperations: {
                total: number;
                newest: {
                    /** @description Service and operation. Absent if the operation was scheduled too far before the reset point. */
                    name?: string;
                    eventId: number;
                    /** @enum {string} */
                    state: "completed" | "failed" | "timedOut" | "canceled" | "terminated" | "pending";
                    /**
                     * @description Of an operation that was scheduled before the reset point: `reapplied` if the new run receives what happened to it. With `nexus` in `excludeReapply` it is called again (`reexecuted`), unless it had started before the point or its timeout has passed (`dropped`): then it ends in the new run by its timeout.
                     * @enum {string}
                     */
                    fate: "reexecuted" | "reapplied" | "dropped";
                }[];
            };
            /** @description Signals that the workflow sent to other workflows. The new run sends them again if its code gets there. */
            signalsToWorkflows: {
                total: number;
                newest: {
                    name: string;
                    workflowId: string;
                    eventId: number;
                }[];
            };
            /** @description Cancellations of other workflows that the workflow requested. The new run requests them again if its code gets there. */
            cancelsToWorkflows: {
                total: number;
                newest: {
                    workflowId: string;
                    eventId: number;
                }[];
            };
            /** @description Number of cancellation requests after the reset point. They are never reapplied. */
            cancelRequests: number;
        };
        OrphanedChild: {
            workflowId: string;
            /** @description The run that the parent started, which is the first of the child’s chain. */
            runId: string;
            workflowType: string;
            /** @enum {string} */
            parentClosePolicy: "Unspecified" | "Terminate" | "Abandon" | "RequestCancel";
            /** @description The run of the parent that started the child. */
            parentRunId: string;
            /** @description The operation that cancels or terminates the child, if requested. */
            operation?: {
                /** @description Id of the operation in the ledger. Temporal’s history has it too. */
                operationId: string;
                outcome: string;
            };
            /** @description Why this operation failed. The same request with the same key tries again. */
            failure?: {
                kind: string;
                message: string;
            };
        };
        MissingChildResult: {
            workflowId: string;
            /** @description The run that the parent started, which is the first of the child’s chain. */
            runId: string;
            workflowType: string;
            /** @description How the child closed. Absent after its retention period. */
            status?: components["schemas"]["WorkflowStatus"];
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            closeTime?: string;
        };
        ResetPreview: {
            /** @constant */
            outcome: "preview";
            namespace: string;
            workflowId: string;
            /** @description The run that would be reset. */
            runId: string;
            eventId: number;
            why: string;
            discarded: components["schemas"]["Discarded"];
            /** @description Activities that are scheduled, started or waiting for a retry. If one is paused, its pause ends: it is not paused in the new run. */
            pendingActivities: components["schemas"]["PendingActivity"][];
            /** @description Present while the live run is paused. The pause ends: the new run is not paused. */
            paused?: {
                pausedBy?: string;
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC.
                 */
                pausedTime?: string;
                reason?: string;
            };
            /**
             * @description Present if a cancellation was requested before the reset point: the new run has it too.
             * @constant
             */
            cancelRequested?: true;
            /** @description Children that the reset leaves without a parent, each with the operation on it. At most 50 are listed. */
            orphanedChildren: components["schemas"]["OrphanedChild"][];
            /** @description Total number of orphaned children, listed or not. */
            orphanedChildrenTotal: number;
            /** @description Children that were started before the reset point and closed after the run had closed. Temporal does not deliver their results to the new run, which is stuck if it waits for one; it may deliver that of a child that closed seconds before the reset. A reset to before the start of such a child starts it again. At most 50 are listed. */
            missingChildResults: components["schemas"]["MissingChildResult"][];
            /** @description Total number of these children, listed or not. */
            missingChildResultsTotal: number;
            /**
             * @description Present if more than 20 runs continued the run as new, or 20 runs followed resets of these. Only the first and the live run are read for orphaned children. The server carries over the signals and updates of all that continued it.
             * @constant
             */
            moreLaterRuns?: true;
            /** @description The live run that would be terminated. */
            terminatesRunId?: string;
            /** @description Present if the live run is not the run that would be reset: its children that the server terminates with it, or whose cancellation it requests, by their parent close policy. At most 50 are listed. */
            endedChildren?: {
                workflowId: string;
                runId: string;
                workflowType: string;
                /** @enum {string} */
                parentClosePolicy: "Terminate" | "RequestCancel";
            }[];
            /** @description Total number of these children, listed or not. */
            endedChildrenTotal?: number;
            /** @description The schedule that started the workflow. Its next action may start while the new run is open. */
            scheduleId?: string;
            links: {
                /** @description URL of the run in the Temporal Web UI, if one is configured. */
                webUi?: string;
            };
        };
        SentSignal: {
            signalName: string;
            /**
             * @description If this is not `sent`, the same request with the same key sends the signal again. The new run receives it once.
             * @enum {string}
             */
            outcome: "sent" | "notSent" | "unknown";
            /** @description False if a worker had started the first workflow task of the new run before the signal arrived. */
            beforeFirstWorkflowTask?: boolean;
            /** @description Why the signal was not sent, or why that is unknown. */
            why?: string;
        };
        NewRun: {
            status: components["schemas"]["WorkflowStatus"];
            /**
             * @description `completed`, `continuedAsNew`: closed successfully. `begun`: open; it completed its first workflow task, which the reset scheduled, and waits for what that task started. `pastResetPoint`: open and beyond that. `failedAgain`: failed like the run that was reset. `failed`: failed in another way. `closed`: canceled, terminated or timed out. `stuck`: open and cannot proceed; the field `stuck` has the reasons, also with `pastResetPoint` if what it waits for is stuck. `waiting`: the first workflow task is not completed, and no reason is found.
             * @enum {string}
             */
            progress: "completed" | "continuedAsNew" | "pastResetPoint" | "begun" | "failedAgain" | "failed" | "closed" | "stuck" | "waiting";
            failure?: string;
            stuck?: components["schemas"]["Stuck"][];
            /** @description Seconds that the request waited, to a tenth. */
            waitedSeconds: number;
        };
        ResetResult: {
            /** @description Id of the operation in the ledger. Temporal’s history has it too. */
            operationId: string;
            /** @constant */
            outcome: "reset";
            namespace: string;
            workflowId: string;
            /** @description The run that was reset. */
            runId: string;
            /** @description The run that continues from the reset point. */
            newRunId: string;
            /** @description The reset point. The new run keeps the events before this one. */
            eventId: number;
            /** @description Why the target is this event. */
            why: string;
            /** @description The live run that the server terminated. */
            terminatedRunId?: string;
            /** @description Children that the reset leaves without a parent, each with the operation on it. At most 50 are listed. */
            orphanedChildren: components["schemas"]["OrphanedChild"][];
            /** @description Total number of orphaned children, listed or not. */
            orphanedChildrenTotal: number;
            /** @description Children that were started before the reset point and closed after the run had closed. Temporal does not deliver their results to the new run, which is stuck if it waits for one; it may deliver that of a child that closed seconds before the reset. A reset to before the start of such a child starts it again. At most 50 are listed. */
            missingChildResults: components["schemas"]["MissingChildResult"][];
            /** @description Total number of these children, listed or not. */
            missingChildResultsTotal: number;
            /**
             * @description Present if more than 20 runs continued the run as new, or 20 runs followed resets of these. Only the first and the live run are read for orphaned children. The server carries over the signals and updates of all that continued it.
             * @constant
             */
            moreLaterRuns?: true;
            /** @description With `thenSignal`: whether the signal was sent. */
            thenSignal?: components["schemas"]["SentSignal"];
            /** @description With `waitSeconds`: the progress of the new run. */
            newRun?: components["schemas"]["NewRun"];
            links: {
                /** @description URL of the run in the Temporal Web UI, if one is configured. */
                webUi?: string;
            };
        };
        PauseResult: {
            /** @description Id of the operation in the ledger. Temporal’s history has it too. */
            operationId: string;
            /**
             * @description `alreadyPaused`: another operation paused the run, so `until` has no effect. `alreadyClosed`: the run was already closed, with `status`.
             * @enum {string}
             */
            outcome: "paused" | "alreadyPaused" | "alreadyClosed";
            namespace: string;
            workflowId: string;
            runId: string;
            status: components["schemas"]["WorkflowStatus"];
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            startTime?: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            closeTime?: string;
            links: {
                /** @description URL of the run in the Temporal Web UI, if one is configured. */
                webUi?: string;
            };
            /**
             * Format: date-time
             * @description When Rewind unpauses the run, up to a minute later.
             */
            until?: string;
        };
        UnpauseResult: {
            /** @description Id of the operation in the ledger. Temporal’s history has it too. */
            operationId: string;
            /**
             * @description `alreadyClosed`: the run was already closed, with `status`.
             * @enum {string}
             */
            outcome: "unpaused" | "notPaused" | "alreadyClosed";
            namespace: string;
            workflowId: string;
            runId: string;
            status: components["schemas"]["WorkflowStatus"];
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            startTime?: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            closeTime?: string;
            links: {
                /** @description URL of the run in the Temporal Web UI, if one is configured. */
                webUi?: string;
            };
        };
        RestartResult: {
            /** @description Id of the operation in the ledger. Temporal’s history has it too. */
            operationId: string;
            /**
             * @description `terminatedOnly`: the run in `terminateRunId` was terminated, but no new run was started, because another request started one or because this request was interrupted.
             * @enum {string}
             */
            outcome: "restarted" | "terminatedOnly";
            namespace: string;
            workflowId: string;
            /** @description The run whose start was repeated; with `terminatedOnly`, the terminated run. */
            runId: string;
            /** @description The run that was started. */
            newRunId?: string;
            /** @description The live run that was terminated before. */
            terminatedRunId?: string;
            /** @description With `terminatedOnly`: the run that another request started in the meantime. */
            currentRunId?: string;
            links: {
                /** @description URL of the run in the Temporal Web UI, if one is configured. */
                webUi?: string;
            };
        };
        UpdateOptionsResult: {
            /** @description Id of the operation in the ledger. Temporal’s history has it too. */
            operationId: string;
            /**
             * @description `unchanged`: the run already had this override. `alreadyClosed`: the run was already closed, with `status`.
             * @enum {string}
             */
            outcome: "updated" | "unchanged" | "alreadyClosed";
            namespace: string;
            workflowId: string;
            runId: string;
            status: components["schemas"]["WorkflowStatus"];
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            startTime?: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            closeTime?: string;
            links: {
                /** @description URL of the run in the Temporal Web UI, if one is configured. */
                webUi?: string;
            };
            /** @description The override after the request. */
            versioningOverride: ("autoUpgrade" | "none") | {
                pinned: {
                    deploymentName: string;
                    buildId: string;
                };
            };
            /** @description The override before the request. Absent if an earlier attempt of this operation made the change. */
            previousVersioningOverride?: ("autoUpgrade" | "none") | {
                pinned: {
                    deploymentName: string;
                    buildId: string;
                };
            };
        };
        ChangedActivity: {
            activityId: string;
            activityType: string;
            /**
             * @description State after the change. `PauseRequested`: the current attempt continues, and no other starts. `Ended`: the activity ended before the state was read. Absent if Temporal did not return it.
             * @enum {string}
             */
            state?: "Unspecified" | "Scheduled" | "Started" | "CancelRequested" | "Paused" | "PauseRequested" | "Ended";
            attempt?: number;
            /** @description After a reset: the attempt that a worker is executing and whose result Temporal will reject, because of `discardRunningAttempt` or because it started just before the reset. The next attempt starts when this one times out. */
            discardedAttempt?: number;
        };
        ResetActivityResult: {
            /** @description Id of the operation in the ledger. Temporal’s history has it too. */
            operationId: string;
            /**
             * @description `reset`: the next attempt is number 1 and is due now. `alreadyEnded`: the activities ended before this request could change them. `alreadyClosed`: the run was already closed, with `status`.
             * @enum {string}
             */
            outcome: "reset" | "alreadyEnded" | "alreadyClosed";
            namespace: string;
            workflowId: string;
            runId: string;
            status: components["schemas"]["WorkflowStatus"];
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            startTime?: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            closeTime?: string;
            links: {
                /** @description URL of the run in the Temporal Web UI, if one is configured. */
                webUi?: string;
            };
            /** @description The activities that the request selects. Empty for a closed run. */
            activities: components["schemas"]["ChangedActivity"][];
        };
        PauseActivityResult: {
            /** @description Id of the operation in the ledger. Temporal’s history has it too. */
            operationId: string;
            /**
             * @description `paused`: no other attempt starts. `alreadyPaused`: the activities were paused before the request. `alreadyEnded`: the activities ended before this request could change them. `alreadyClosed`: the run was already closed, with `status`.
             * @enum {string}
             */
            outcome: "paused" | "alreadyPaused" | "alreadyEnded" | "alreadyClosed";
            namespace: string;
            workflowId: string;
            runId: string;
            status: components["schemas"]["WorkflowStatus"];
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            startTime?: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            closeTime?: string;
            links: {
                /** @description URL of the run in the Temporal Web UI, if one is configured. */
                webUi?: string;
            };
            /** @description The activities that the request selects. Empty for a closed run. */
            activities: components["schemas"]["ChangedActivity"][];
        };
        UnpauseActivityResult: {
            /** @description Id of the operation in the ledger. Temporal’s history has it too. */
            operationId: string;
            /**
             * @description `unpaused`: the next attempt is due now. `notPaused`: none of them was paused. `alreadyEnded`: the activities ended before this request could change them. `alreadyClosed`: the run was already closed, with `status`.
             * @enum {string}
             */
            outcome: "unpaused" | "notPaused" | "alreadyEnded" | "alreadyClosed";
            namespace: string;
            workflowId: string;
            runId: string;
            status: components["schemas"]["WorkflowStatus"];
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            startTime?: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            closeTime?: string;
            links: {
                /** @description URL of the run in the Temporal Web UI, if one is configured. */
                webUi?: string;
            };
            /** @description The activities that the request selects. Empty for a closed run. */
            activities: components["schemas"]["ChangedActivity"][];
        };
        BatchStarted: {
            /** @description Id of the operation in the ledger. Temporal’s history has it too. */
            operationId: string;
            /** @enum {string} */
            outcome: "started" | "nothingMatched";
            /** @enum {string} */
            state: "running" | "completed";
            /**
             * @description `worker`: Rewind’s worker. `server`: Temporal’s batch engine, which reports much less.
             * @enum {string}
             */
            engine: "worker" | "server";
            namespace: string;
            /** @description Number of runs that matched. Only the latest run of each workflow is processed, except by Temporal’s batch engine. */
            matched: number;
            /** @description False if no worker polls the task queue. The batch operation then waits for one. */
            workerPolling?: boolean;
            explanation?: string;
            /** @description What this engine does not support for the action, one sentence each. */
            limitations?: string[];
            links: {
                /** @description URL of the run in the Temporal Web UI, if one is configured. */
                webUi?: string;
            };
        };
        BatchStopResult: components["schemas"]["CancelResult"] | {
            /** @description Id of the operation in the ledger. Temporal’s history has it too. */
            operationId: string;
            /**
             * @description `alreadyClosed`: the run was already closed, with `status`.
             * @enum {string}
             */
            outcome: "terminated" | "alreadyClosed";
            namespace: string;
            workflowId: string;
            runId: string;
            status: components["schemas"]["WorkflowStatus"];
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            startTime?: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            closeTime?: string;
            links: {
                /** @description URL of the run in the Temporal Web UI, if one is configured. */
                webUi?: string;
            };
            /** @description The run that continues the closed run. This request did not terminate it. */
            successorRunId?: string;
            matched: number;
            /** @description Workflows that were processed, with any outcome. */
            done: number;
            /** @description Processed workflows by the outcome of their operation. Temporal’s batch engine reports `succeeded` only. */
            outcomes: {
                [key: string]: number;
            };
            /** @description Processed workflows that failed, by kind of failure. `operation-in-progress`: the worker was interrupted, the batch operation was stopped, and the result was not certain yet; the item has it once it is reconciled. Temporal’s batch engine reports `unexplained` only. */
            failed: {
                [key: string]: number;
            };
            /** @description Runs that were skipped because their workflow had a later run when the query matched. In the first pass of a rollback, also runs with a later run since: the next pass looks for it. Later passes do not count. */
            skipped: number;
            /** @description For each kind of failure: one workflow that failed, and why. */
            failureExamples?: {
                [key: string]: {
                    workflowId: string;
                    message: string;
                };
            };
            /** @description With `followSeconds`: the new runs that were followed, by progress. `wentOn`: open and past the reset point, or continued as new. `failedAgain`: closed with a status other than completed. `stuck`: cannot proceed. `stillRunning`: not past the reset point yet. */
            progress?: {
                wentOn: number;
                completed: number;
                failedAgain: number;
                stuck: number;
                stillRunning: number;
            };
            /** @description If it was started with a `canary`: the progress of the canary. */
            canary?: {
                /**
                 * @description `underway`: its workflows are being processed. `waiting`: they are processed, and their new runs are followed. `passed`: the other workflows are processed. `failed`: no other workflow is processed.
                 * @enum {string}
                 */
                state: "underway" | "waiting" | "passed" | "failed";
                /** @description Number of workflows in the canary. */
                count: number;
                /** @description How many of them have failed so far, in the operation or in the new run. */
                failed: number;
                /**
                 * Format: date-time
                 * @description With `waiting`: when the canary passes or fails, at the latest.
                 */
                until?: string;
            };
        };
        BatchSuspension: {
            /** @description Id of the operation in the ledger. Temporal’s history has it too. */
            operationId: string;
            /**
             * @description With `alreadySuspended`, `notSuspended` and `alreadyEnded`, nothing was done.
             * @enum {string}
             */
            outcome: "suspended" | "alreadySuspended" | "resumed" | "notSuspended" | "alreadyEnded";
            namespace: string;
            /** @description Id of the operation in the ledger. Temporal’s history has it too. */
            batchOperationId: string;
            /** @enum {string} */
            state: "running" | "completed" | "cancelled" | "failed" | "suspended";
            matched: number;
            /** @description Workflows that were processed, as last recorded. */
            done: number;
        };
        Operation: {
            /** @description Id of the operation in the ledger. Temporal’s history has it too. */
            operationId: string;
            namespace: string;
            workflowId: string;
            /** @description The requested change: `cancel`, `terminate`, `reset`, `pause`, `unpause`, `restart`, `updateOptions`, `resetActivity`, `pauseActivity`, `unpauseActivity`, `batch`, `suspend`, `resume`, `redrive`. `suspend` and `resume` apply to a batch operation. */
            verb: string;
            actor: {
                /** @description ARN of the IAM caller, or `event:<source>/<event id>` for an event. */
                id: string;
            };
            reason: string;
            /** @description API Gateway’s id of the first request, which is in the logs. */
            requestId?: string;
            /** @description The validated request. A batch operation has `workflowCount` in place of `workflows`; a retry has `retryOf`, the id of the batch operation that it repeats. */
            request: {
                [key: string]: unknown;
            };
            /**
             * @description `started`: recorded, not yet finished. `completed`: executed, or there was nothing to do. `refused`: nothing was done, and a retry fails the same way. `failed`: nothing was done; the same request with the same key tries again. `unknown`: Temporal did not respond; the same request with the same key first looks up what happened.
             * @enum {string}
             */
            state: "started" | "completed" | "refused" | "failed" | "unknown";
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            requestedAt: string;
            attempt: number;
            /** @description The run that the operation changes. */
            runId?: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            completedAt?: string;
            /** @description The `outcome` of the result, or the kind of failure. */
            outcome?: string;
            /** @description The result, as in the first response. */
            answer?: components["schemas"]["CancelResult"] | components["schemas"]["TerminateResult"] | components["schemas"]["ResetResult"] | components["schemas"]["PauseResult"] | components["schemas"]["UnpauseResult"] | components["schemas"]["RestartResult"] | components["schemas"]["UpdateOptionsResult"] | components["schemas"]["ResetActivityResult"] | components["schemas"]["PauseActivityResult"] | components["schemas"]["UnpauseActivityResult"] | components["schemas"]["BatchStarted"] | components["schemas"]["BatchStopResult"] | components["schemas"]["BatchSuspension"];
            failure?: {
                /** @enum {string} */
                kind: "invalid-request" | "payload-too-large" | "namespace-not-configured" | "workflow-not-found" | "run-not-found" | "pause-unsupported" | "activity-not-found" | "not-a-reset-point" | "conflict" | "batch-workflow" | "system-workflow" | "idempotency-key-reused" | "operation-in-progress" | "operation-not-found" | "too-many-matches" | "unsupported-by-engine" | "ledger-unavailable" | "queue-unavailable" | "too-many-waiting" | "throttled" | "temporal-unavailable" | "temporal-timeout" | "configuration" | "outcome-unknown" | "response-too-large" | "internal";
                message: string;
                details: {
                    field?: string;
                    value?: unknown;
                    allowed?: string;
                    resetPoints?: components["schemas"]["ResetPoint"][];
                    retryAfterSeconds?: number;
                };
            };
            /**
             * Format: date-time
             * @description When Rewind checks the operation next, because its final outcome is not known yet.
             */
            nextCheckAt?: string;
            /** @description How the workflow closed after a requested cancellation. */
            settled?: {
                status: string;
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC.
                 */
                closeTime?: string;
            };
            /** @description Why the workflow did not close after a cancellation, or the batch operation did not proceed, at the last check. */
            stuck?: ("noPoller" | "workflowTaskFailing" | "workflowPaused" | "activityPaused" | "noActivityPoller" | "activityNotHeartbeating" | "childStuck" | "childResultMissing" | "activityFailing")[];
            /** @description The batch operation that this operation is an item of. */
            batchOperationId?: string;
            /**
             * @description For an item of a batch operation with `followSeconds`: the progress of the new run.
             * @enum {string}
             */
            progress?: "wentOn" | "completed" | "failedAgain" | "stuck" | "stillRunning";
            /** @description With the verb `batch`: its progress. */
            batch?: {
                /** @enum {string} */
                state: "running" | "completed" | "cancelled" | "failed";
                matched: number;
                progress: {
                    /** @description Workflows that were processed, with any outcome. */
                    done: number;
                    /** @description Processed workflows by the outcome of their operation. Temporal’s batch engine reports `succeeded` only. */
                    outcomes: {
                        [key: string]: number;
                    };
                    /** @description Processed workflows that failed, by kind of failure. `operation-in-progress`: the worker was interrupted, the batch operation was stopped, and the result was not certain yet; the item has it once it is reconciled. Temporal’s batch engine reports `unexplained` only. */
                    failed: {
                        [key: string]: number;
                    };
                    /** @description Runs that were skipped because their workflow had a later run when the query matched. In the first pass of a rollback, also runs with a later run since: the next pass looks for it. Later passes do not count. */
                    skipped: number;
                    /** @description For each kind of failure: one workflow that failed, and why. */
                    failureExamples?: {
                        [key: string]: {
                            workflowId: string;
                            message: string;
                        };
                    };
                    /** @description With `followSeconds`: the new runs that were followed, by progress. `wentOn`: open and past the reset point, or continued as new. `failedAgain`: closed with a status other than completed. `stuck`: cannot proceed. `stillRunning`: not past the reset point yet. */
                    progress?: {
                        wentOn: number;
                        completed: number;
                        failedAgain: number;
                        stuck: number;
                        stillRunning: number;
                    };
                    /** @description If it was started with a `canary`: the progress of the canary. */
                    canary?: {
                        /**
                         * @description `underway`: its workflows are being processed. `waiting`: they are processed, and their new runs are followed. `passed`: the other workflows are processed. `failed`: no other workflow is processed.
                         * @enum {string}
                         */
                        state: "underway" | "waiting" | "passed" | "failed";
                        /** @description Number of workflows in the canary. */
                        count: number;
                        /** @description How many of them have failed so far, in the operation or in the new run. */
                        failed: number;
                        /**
                         * Format: date-time
                         * @description With `waiting`: when the canary passes or fails, at the latest.
                         */
                        until?: string;
                    };
                };
                /** @description With the state `failed`: why. */
                failure?: string;
            };
            /**
             * Format: date-time
             * @description With the verb `batch`: when a stop was requested.
             */
            stopRequestedAt?: string;
            /**
             * Format: date-time
             * @description With the verb `batch`: when it was suspended.
             */
            suspendedAt?: string;
        };
        Operations: {
            namespace: string;
            /** @description Newest first. */
            operations: components["schemas"]["Operation"][];
            /** @description The `pageToken` of the next page. Absent on the last page. */
            nextPageToken?: string;
        };
        BatchOperation: {
            /** @description Id of the operation in the ledger. Temporal’s history has it too. */
            operationId: string;
            namespace: string;
            /** @enum {string} */
            state: "running" | "completed" | "cancelled" | "failed" | "suspended";
            /**
             * @description `worker`: Rewind’s worker. `server`: Temporal’s batch engine, which reports much less.
             * @enum {string}
             */
            engine: "worker" | "server";
            /** @enum {string} */
            action: "cancel" | "terminate" | "reset" | "pause" | "unpause" | "updateOptions";
            /** @description The query, if it was started with one. */
            query?: string;
            reason: string;
            actor: {
                /** @description ARN of the IAM caller, or `event:<source>/<event id>` for an event. */
                id: string;
            };
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            requestedAt: string;
            matched: number;
            /** @description Workflows that were processed, with any outcome. */
            done: number;
            /** @description Processed workflows by the outcome of their operation. Temporal’s batch engine reports `succeeded` only. */
            outcomes: {
                [key: string]: number;
            };
            /** @description Processed workflows that failed, by kind of failure. `operation-in-progress`: the worker was interrupted, the batch operation was stopped, and the result was not certain yet; the item has it once it is reconciled. Temporal’s batch engine reports `unexplained` only. */
            failed: {
                [key: string]: number;
            };
            /** @description Runs that were skipped because their workflow had a later run when the query matched. In the first pass of a rollback, also runs with a later run since: the next pass looks for it. Later passes do not count. */
            skipped: number;
            /** @description For each kind of failure: one workflow that failed, and why. */
            failureExamples?: {
                [key: string]: {
                    workflowId: string;
                    message: string;
                };
            };
            /** @description With `followSeconds`: the new runs that were followed, by progress. `wentOn`: open and past the reset point, or continued as new. `failedAgain`: closed with a status other than completed. `stuck`: cannot proceed. `stillRunning`: not past the reset point yet. */
            progress?: {
                wentOn: number;
                completed: number;
                failedAgain: number;
                stuck: number;
                stillRunning: number;
            };
            /** @description If it was started with a `canary`: the progress of the canary. */
            canary?: {
                /**
                 * @description `underway`: its workflows are being processed. `waiting`: they are processed, and their new runs are followed. `passed`: the other workflows are processed. `failed`: no other workflow is processed.
                 * @enum {string}
                 */
                state: "underway" | "waiting" | "passed" | "failed";
                /** @description Number of workflows in the canary. */
                count: number;
                /** @description How many of them have failed so far, in the operation or in the new run. */
                failed: number;
                /**
                 * Format: date-time
                 * @description With `waiting`: when the canary passes or fails, at the latest.
                 */
                until?: string;
            };
            /**
             * Format: date-time
             * @description When a stop was requested. No other workflow is processed after that.
             */
            stopRequestedAt?: string;
            /** @description If this is a rollback: what it rolls back, and its results so far. */
            rollback?: {
                deploymentName: string;
                badBuildId: string;
                toBuildId: string;
                /** @description New runs that completed, continued as new or are past the reset point. */
                repaired: number;
                /** @description New runs that failed again or are stuck. */
                failedAgain: number;
                /** @description New runs that are not past the reset point yet, or were not followed that far. */
                stillRunning: number;
                /** @description Workflows that were not reset. `failed` and `failureExamples` say why. */
                notRepairable: number;
            };
            /**
             * Format: date-time
             * @description With the state `suspended`: when it was suspended. No workflow is processed until it is resumed.
             */
            suspendedAt?: string;
            /** @description With the state `failed`: why. */
            failure?: string;
            /** @description While it is running: why it does not proceed. `noPoller`: no worker polls its task queue. `activityFailing`: its worker cannot list workflows or write to the ledger, and retries. */
            stuck?: ("noPoller" | "workflowTaskFailing" | "workflowPaused" | "activityPaused" | "noActivityPoller" | "activityNotHeartbeating" | "childStuck" | "childResultMissing" | "activityFailing")[];
            /** @description With `activityFailing`: why the worker’s last attempt failed. */
            lastFailure?: string;
            /** @description Workflows per second since the start. */
            ratePerSecond?: number;
            /** @description Workflows per second in about the last 15 seconds. */
            ratePerSecondNow?: number;
            /** @description While it is running: estimated from `ratePerSecondNow`, or from `ratePerSecond` if that is absent. */
            secondsLeft?: number;
        };
        BatchOperations: {
            namespace: string;
            /** @description Newest first. */
            batchOperations: components["schemas"]["BatchOperation"][];
            /** @description The `pageToken` of the next page. Absent on the last page. */
            nextPageToken?: string;
        };
        BatchPreview: {
            /** @constant */
            outcome: "preview";
            /**
             * @description `worker`: Rewind’s worker. `server`: Temporal’s batch engine, which reports much less.
             * @enum {string}
             */
            engine: "worker" | "server";
            namespace: string;
            matched: number;
            /** @description True if more runs match than `maxWorkflows` allows, so that the batch operation would be rejected. */
            tooMany: boolean;
            /** @description Some of the runs that match, each with a preview if the action is a reset. */
            sample: {
                workflowId: string;
                runId?: string;
                reset?: components["schemas"]["ResetPreview"];
                refused?: string;
            }[];
            /** @description For a reset: the activities in `discarded` of the sample that the new runs execute again, by type. */
            reexecutedActivities?: {
                [key: string]: number;
            };
            /** @description What this engine does not support for the action, one sentence each. */
            limitations?: string[];
        };
        BatchItems: {
            /** @description Id of the operation in the ledger. Temporal’s history has it too. */
            operationId: string;
            /** @description Each workflow’s operation, newest first. */
            items: components["schemas"]["Operation"][];
            /** @description With `outcome=notBegun`, in place of `items`: the workflows without an operation so far, in the order in which they were listed. */
            notBegun?: {
                workflowId: string;
                runId?: string;
            }[];
            /** @description The `pageToken` of the next page. Absent on the last page. */
            nextPageToken?: string;
        };
        RejectedEvent: {
            /** @description Id for a redrive. It is the same for each delivery of the event to the trigger. */
            rejectedEventId: string;
            /** @description Namespace of the trigger or cancellation request; `_unknown` if it is not configured. */
            namespace: string;
            /** @description Name of the trigger, or `cancellationRequests`. */
            trigger: string;
            /**
             * @description Kind of failure because of which the event was rejected.
             * @enum {string}
             */
            kind: "invalid-request" | "payload-too-large" | "namespace-not-configured" | "workflow-not-found" | "run-not-found" | "pause-unsupported" | "activity-not-found" | "not-a-reset-point" | "conflict" | "batch-workflow" | "system-workflow" | "idempotency-key-reused" | "operation-in-progress" | "operation-not-found" | "too-many-matches" | "unsupported-by-engine" | "ledger-unavailable" | "queue-unavailable" | "too-many-waiting" | "throttled" | "temporal-unavailable" | "temporal-timeout" | "configuration" | "outcome-unknown" | "response-too-large" | "internal";
            /** @description Why the event was rejected. */
            reason: string;
            /** @description EventBridge’s `id` of the event. */
            eventId: string;
            source: string;
            detailType: string;
            /**
             * Format: date-time
             * @description When the event arrived. A workflow that was started more than a minute later is not changed.
             */
            arrivedAt?: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            firstRejectedAt: string;
            /**
             * Format: date-time
             * @description When the event was last rejected.
             */
            rejectedAt: string;
            /**
             * @description `rejected`: it can be redriven. `redriving`: a redrive is sending it, or was interrupted; repeat the redrive. `redriven`: it was sent again and is not processed yet. `handled`: it succeeded after a redrive.
             * @enum {string}
             */
            state: "rejected" | "redriving" | "redriven" | "handled";
            /** @description How often the event was redriven. If this is not 0 and `state` is `rejected`, it has failed again. */
            redrives: number;
            lastRedrive?: {
                actor: {
                    /** @description ARN of the IAM caller, or `event:<source>/<event id>` for an event. */
                    id: string;
                };
                reason: string;
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC.
                 */
                requestedAt: string;
            };
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            handledAt?: string;
            /** @description With `handled`: the outcome of the operation, or the kind of failure that means that there is nothing to do. */
            outcome?: string;
        };
        RejectedEvents: {
            namespace: string;
            /** @description Most recently rejected first. */
            rejectedEvents: components["schemas"]["RejectedEvent"][];
            /** @description The `pageToken` of the next page. Absent on the last page. */
            nextPageToken?: string;
        };
        RedrivePreview: {
            /** @constant */
            outcome: "preview";
            namespace: string;
            /** @description Number of events that would be redriven, 1000 at most. */
            matched: number;
            /** @description True if more events match: a request redrives 1000 at most. */
            more: boolean;
            /** @description Some of these events. */
            sample: {
                /** @description Id for a redrive. It is the same for each delivery of the event to the trigger. */
                rejectedEventId: string;
                /** @description Namespace of the trigger or cancellation request; `_unknown` if it is not configured. */
                namespace: string;
                /** @description Name of the trigger, or `cancellationRequests`. */
                trigger: string;
                /**
                 * @description Kind of failure because of which the event was rejected.
                 * @enum {string}
                 */
                kind: "invalid-request" | "payload-too-large" | "namespace-not-configured" | "workflow-not-found" | "run-not-found" | "pause-unsupported" | "activity-not-found" | "not-a-reset-point" | "conflict" | "batch-workflow" | "system-workflow" | "idempotency-key-reused" | "operation-in-progress" | "operation-not-found" | "too-many-matches" | "unsupported-by-engine" | "ledger-unavailable" | "queue-unavailable" | "too-many-waiting" | "throttled" | "temporal-unavailable" | "temporal-timeout" | "configuration" | "outcome-unknown" | "response-too-large" | "internal";
                /** @description Why the event was rejected. */
                reason: string;
                /** @description EventBridge’s `id` of the event. */
                eventId: string;
                source: string;
                detailType: string;
                /**
                 * Format: date-time
                 * @description When the event arrived. A workflow that was started more than a minute later is not changed.
                 */
                arrivedAt?: string;
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC.
                 */
                firstRejectedAt: string;
                /**
                 * Format: date-time
                 * @description When the event was last rejected.
                 */
                rejectedAt: string;
                /**
                 * @description `rejected`: it can be redriven. `redriving`: a redrive is sending it, or was interrupted; repeat the redrive. `redriven`: it was sent again and is not processed yet. `handled`: it succeeded after a redrive.
                 * @enum {string}
                 */
                state: "rejected" | "redriving" | "redriven" | "handled";
                /** @description How often the event was redriven. If this is not 0 and `state` is `rejected`, it has failed again. */
                redrives: number;
                lastRedrive?: {
                    actor: {
                        /** @description ARN of the IAM caller, or `event:<source>/<event id>` for an event. */
                        id: string;
                    };
                    reason: string;
                    /**
                     * Format: date-time
                     * @description RFC 3339, UTC.
                     */
                    requestedAt: string;
                };
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC.
                 */
                handledAt?: string;
                /** @description With `handled`: the outcome of the operation, or the kind of failure that means that there is nothing to do. */
                outcome?: string;
                /** @description The complete event, as EventBridge delivered it. */
                event: {
                    [key: string]: unknown;
                };
            }[];
        };
        RedriveResult: {
            /** @constant */
            outcome: "redriven";
            namespace: string;
            /** @description Number of events that were sent again. */
            redriven: number;
            /** @description True if more events match: a request redrives 1000 at most. */
            more: boolean;
            /** @description With `rejectedEventIds`: the events that were already redriven or handled, and the ids that this namespace does not have (`unknown`). */
            skipped: {
                rejectedEventId: string;
                /** @enum {string} */
                state: "redriven" | "handled" | "unknown";
            }[];
        };
        Problem: {
            /** @description Stable: match on it, not on `title` or `detail`. */
            type: string;
            title: string;
            status: number;
            detail: string;
            /** @description API Gateway’s request id, which is in the logs. */
            requestId: string;
            /** @description The invalid fields, each with its value and a description of the valid values. */
            errors?: {
                field: string;
                value?: unknown;
                allowed: string;
            }[];
            /** @description With `not-a-reset-point`: the newest reset points of the run. */
            resetPoints?: components["schemas"]["ResetPoint"][];
        };
        GatewayProblem: {
            /** @description Stable: match on it, not on `title` or `detail`. */
            type: string;
            title: string;
            status?: number;
            detail: string;
            /** @description API Gateway’s request id, which is in the logs. */
            requestId: string;
        };
        CancelWorkflowRequest: {
            /** @description a string of 1 to 1000 bytes in UTF-8 */
            workflowId: string;
            /** @description the UUID of a run; the latest run when left out */
            runId?: string;
            /** @description the UUID of the first run of the workflow execution chain, as describe returns it; any chain when left out */
            firstExecutionRunId?: string;
            /** @description a string of 1 to 1000 characters that are not all blank */
            reason: string;
            /** @description a number of seconds from 0 to 25 */
            waitSeconds?: number;
        };
        TerminateWorkflowRequest: {
            /** @description a string of 1 to 1000 bytes in UTF-8 */
            workflowId: string;
            /** @description the UUID of a run; the latest run when left out */
            runId?: string;
            /** @description the UUID of the first run of the workflow execution chain, as describe returns it; any chain when left out */
            firstExecutionRunId?: string;
            /** @description a string of 1 to 1000 characters that are not all blank */
            reason: string;
        };
        ResetWorkflowRequest: {
            /** @description a string of 1 to 1000 bytes in UTF-8 */
            workflowId: string;
            /** @description the UUID of a run; the latest run when left out */
            runId?: string;
            /** @description a string of 1 to 1000 characters that are not all blank */
            reason: string;
            /** @description an object with exactly one of eventId, at, beforeActivity, beforeFailure, beforeTime, buildId, beforeBuildId, back; and with a build id optionally deploymentName */
            target: {
                /** @description the eventId, an integer, of one of the points that GET …/workflows/reset-points lists */
                eventId?: number;
                /**
                 * @description one of "firstWorkflowTask", "lastWorkflowTask", "lastContinuedAsNew"
                 * @enum {string}
                 */
                at?: "firstWorkflowTask" | "lastWorkflowTask" | "lastContinuedAsNew";
                /** @description an object with either "type" or "activityId", and optionally "occurrence" */
                beforeActivity?: {
                    /** @description a string of 1 to 1000 characters */
                    type?: string;
                    /** @description a string of 1 to 1000 characters */
                    activityId?: string;
                    /** @description a whole number from 1, counted from the first such activity, or "first" or "last"; "last" when left out */
                    occurrence?: number | ("first" | "last");
                } & (unknown | unknown);
                /**
                 * @description one of "first", "last"
                 * @enum {string}
                 */
                beforeFailure?: "first" | "last";
                /**
                 * Format: date-time
                 * @description a time in RFC 3339 such as "2026-01-31T12:00:00Z", with its offset
                 */
                beforeTime?: string;
                /** @description a build id of 1 to 1000 characters, as reset-points shows it */
                buildId?: string;
                /** @description a build id of 1 to 1000 characters: the run is reset to before its first workflow task on that build */
                beforeBuildId?: string;
                /** @description with buildId or beforeBuildId: the worker deployment of the build, of 1 to 1000 characters; without it, only builds of one deployment may have this id in the run, and in the runs since the first on a build with this id */
                deploymentName?: string;
                /** @description a whole number of workflow tasks before the last one, from 0 */
                back?: number;
            };
            /** @description the UUID of the run that has to be the current one; any when left out */
            ifCurrentRunId?: string;
            /** @description the UUID of the live run that may be terminated when an older run is reset; none when left out */
            terminateRunId?: string;
            /** @description a list of the kinds of events that are not reapplied to the new run: "signals", "updates", "nexus" */
            excludeReapply?: ("signals" | "updates" | "nexus")[];
            /** @description "autoUpgrade", {"pinned": {"deploymentName": "…", "buildId": "…"}} or, for the next workflow task only and if the server supports it, {"oneTime": {"deploymentName": "…", "buildId": "…"}} */
            versioningOverride?: "autoUpgrade" | {
                pinned: {
                    /** @description "autoUpgrade", {"pinned": {"deploymentName": "…", "buildId": "…"}} or, for the next workflow task only and if the server supports it, {"oneTime": {"deploymentName": "…", "buildId": "…"}} */
                    deploymentName: string;
                    /** @description "autoUpgrade", {"pinned": {"deploymentName": "…", "buildId": "…"}} or, for the next workflow task only and if the server supports it, {"oneTime": {"deploymentName": "…", "buildId": "…"}} */
                    buildId: string;
                };
            } | {
                oneTime: {
                    /** @description "autoUpgrade", {"pinned": {"deploymentName": "…", "buildId": "…"}} or, for the next workflow task only and if the server supports it, {"oneTime": {"deploymentName": "…", "buildId": "…"}} */
                    deploymentName: string;
                    /** @description "autoUpgrade", {"pinned": {"deploymentName": "…", "buildId": "…"}} or, for the next workflow task only and if the server supports it, {"oneTime": {"deploymentName": "…", "buildId": "…"}} */
                    buildId: string;
                };
            };
            /**
             * @description one of "leave", "cancel", "terminate"; "leave" when left out
             * @enum {string}
             */
            orphanedChildren?: "leave" | "cancel" | "terminate";
            /** @description an object with "signalName", and optionally "input", a JSON value that is the only argument */
            thenSignal?: {
                /** @description an object with "signalName", and optionally "input", a JSON value that is the only argument */
                signalName: string;
                input?: unknown;
            };
            /** @description a number of seconds from 0 to 25 */
            waitSeconds?: number;
            /** @description true or false */
            dryRun?: boolean;
        };
        PauseWorkflowRequest: {
            /** @description a string of 1 to 1000 bytes in UTF-8 */
            workflowId: string;
            /** @description the UUID of a run; the latest run when left out */
            runId?: string;
            /** @description the UUID of the first run of the workflow execution chain, as describe returns it; any chain when left out */
            firstExecutionRunId?: string;
            /** @description a string of 1 to 1000 characters that are not all blank */
            reason: string;
            /**
             * Format: date-time
             * @description a time in RFC 3339 such as "2026-01-31T12:00:00Z", with its offset, or left out
             */
            until?: string;
        };
        UnpauseWorkflowRequest: {
            /** @description a string of 1 to 1000 bytes in UTF-8 */
            workflowId: string;
            /** @description the UUID of a run; the latest run when left out */
            runId?: string;
            /** @description the UUID of the first run of the workflow execution chain, as describe returns it; any chain when left out */
            firstExecutionRunId?: string;
            /** @description a string of 1 to 1000 characters that are not all blank */
            reason: string;
        };
        RestartWorkflowRequest: {
            /** @description a string of 1 to 1000 bytes in UTF-8 */
            workflowId: string;
            /** @description the UUID of a run; the latest run when left out */
            runId?: string;
            /** @description the UUID of the live run that may be terminated; none when left out */
            terminateRunId?: string;
            /**
             * @description "allowDuplicate" to restart even a workflow that completed, or "allowDuplicateFailedOnly"; "allowDuplicateFailedOnly" when left out
             * @enum {string}
             */
            workflowIdReusePolicy?: "allowDuplicateFailedOnly" | "allowDuplicate";
            /** @description a string of 1 to 1000 characters that are not all blank */
            reason: string;
        };
        UpdateWorkflowOptionsRequest: {
            /** @description a string of 1 to 1000 bytes in UTF-8 */
            workflowId: string;
            /** @description the UUID of a run; the latest run when left out */
            runId?: string;
            /** @description the UUID of the first run of the workflow execution chain, as describe returns it; any chain when left out */
            firstExecutionRunId?: string;
            /** @description "autoUpgrade" or {"pinned": {"deploymentName": "…", "buildId": "…"}}, or "none" to remove the override */
            versioningOverride: ("autoUpgrade" | "none") | {
                pinned: {
                    /** @description "autoUpgrade" or {"pinned": {"deploymentName": "…", "buildId": "…"}}, or "none" to remove the override */
                    deploymentName: string;
                    /** @description "autoUpgrade" or {"pinned": {"deploymentName": "…", "buildId": "…"}}, or "none" to remove the override */
                    buildId: string;
                };
            };
            /** @description a string of 1 to 1000 characters that are not all blank */
            reason: string;
        };
        ResetActivityRequest: {
            /** @description a string of 1 to 1000 bytes in UTF-8 */
            workflowId: string;
            /** @description the UUID of a run; the latest run when left out */
            runId?: string;
            /** @description the id of a pending activity, of 1 to 1000 characters; either this or activityType */
            activityId?: string;
            /** @description the type of pending activities, of 1 to 1000 characters; the request applies to all of them */
            activityType?: string;
            /** @description a string of 1 to 1000 characters that are not all blank */
            reason: string;
            /** @description true to leave paused activities paused, or false; false when left out */
            keepPaused?: boolean;
            /** @description true to drop the heartbeat details of earlier attempts, or false; false when left out */
            resetHeartbeat?: boolean;
            /** @description true to reset an activity even while a worker executes it, or false; false when left out */
            discardRunningAttempt?: boolean;
        } & (unknown | unknown);
        PauseActivityRequest: {
            /** @description a string of 1 to 1000 bytes in UTF-8 */
            workflowId: string;
            /** @description the UUID of a run; the latest run when left out */
            runId?: string;
            /** @description the id of a pending activity, of 1 to 1000 characters; either this or activityType */
            activityId?: string;
            /** @description the type of pending activities, of 1 to 1000 characters; the request applies to all of them */
            activityType?: string;
            /** @description a string of 1 to 1000 characters that are not all blank */
            reason: string;
        } & (unknown | unknown);
        UnpauseActivityRequest: {
            /** @description a string of 1 to 1000 bytes in UTF-8 */
            workflowId: string;
            /** @description the UUID of a run; the latest run when left out */
            runId?: string;
            /** @description the id of a pending activity, of 1 to 1000 characters; either this or activityType */
            activityId?: string;
            /** @description the type of pending activities, of 1 to 1000 characters; the request applies to all of them */
            activityType?: string;
            /** @description a string of 1 to 1000 characters that are not all blank */
            reason: string;
        } & (unknown | unknown);
        PreviewBatchCancellationRequest: {
            /**
             * @description one of "worker", "server" (Temporal's batch engine); "worker" when left out
             * @default worker
             * @enum {string}
             */
            engine?: "worker" | "server";
            /** @description a visibility query, without null characters; exactly one of "query" and "workflows" */
            query?: string;
            /** @description a list of 1 to 10000 workflow ids; exactly one of "query" and "workflows" */
            workflows?: string[];
            /** @description a list of 1 to 100 workflow ids that are not changed; with "query", ids without double quotes, backslashes and control characters that neither begin nor end with ' */
            exclude?: string[];
            /**
             * @description a whole number from 1 to 100000; 1000 when left out
             * @default 1000
             */
            maxWorkflows?: number;
        } & (unknown | unknown);
        PreviewBatchTerminationRequest: {
            /**
             * @description one of "worker", "server" (Temporal's batch engine); "worker" when left out
             * @default worker
             * @enum {string}
             */
            engine?: "worker" | "server";
            /** @description a visibility query, without null characters; exactly one of "query" and "workflows" */
            query?: string;
            /** @description a list of 1 to 10000 workflow ids; exactly one of "query" and "workflows" */
            workflows?: string[];
            /** @description a list of 1 to 100 workflow ids that are not changed; with "query", ids without double quotes, backslashes and control characters that neither begin nor end with ' */
            exclude?: string[];
            /**
             * @description a whole number from 1 to 100000; 1000 when left out
             * @default 1000
             */
            maxWorkflows?: number;
        } & (unknown | unknown);
        PreviewBatchResetRequest: {
            /**
             * @description one of "worker", "server" (Temporal's batch engine); "worker" when left out
             * @default worker
             * @enum {string}
             */
            engine?: "worker" | "server";
            /** @description a visibility query, without null characters; exactly one of "query" and "workflows" */
            query?: string;
            /** @description a list of 1 to 10000 workflow ids; exactly one of "query" and "workflows" */
            workflows?: string[];
            /** @description a list of 1 to 100 workflow ids that are not changed; with "query", ids without double quotes, backslashes and control characters that neither begin nor end with ' */
            exclude?: string[];
            /**
             * @description a whole number from 1 to 100000; 1000 when left out
             * @default 1000
             */
            maxWorkflows?: number;
            /** @description an object with exactly one of eventId, at, beforeActivity, beforeFailure, beforeTime, buildId, beforeBuildId, back; and with a build id optionally deploymentName */
            target: {
                /** @description the eventId, an integer, of one of the points that GET …/workflows/reset-points lists */
                eventId?: number;
                /**
                 * @description one of "firstWorkflowTask", "lastWorkflowTask", "lastContinuedAsNew"
                 * @enum {string}
                 */
                at?: "firstWorkflowTask" | "lastWorkflowTask" | "lastContinuedAsNew";
                /** @description an object with either "type" or "activityId", and optionally "occurrence" */
                beforeActivity?: {
                    /** @description a string of 1 to 1000 characters */
                    type?: string;
                    /** @description a string of 1 to 1000 characters */
                    activityId?: string;
                    /** @description a whole number from 1, counted from the first such activity, or "first" or "last"; "last" when left out */
                    occurrence?: number | ("first" | "last");
                } & (unknown | unknown);
                /**
                 * @description one of "first", "last"
                 * @enum {string}
                 */
                beforeFailure?: "first" | "last";
                /**
                 * Format: date-time
                 * @description a time in RFC 3339 such as "2026-01-31T12:00:00Z", with its offset
                 */
                beforeTime?: string;
                /** @description a build id of 1 to 1000 characters, as reset-points shows it */
                buildId?: string;
                /** @description a build id of 1 to 1000 characters: the run is reset to before its first workflow task on that build */
                beforeBuildId?: string;
                /** @description with buildId or beforeBuildId: the worker deployment of the build, of 1 to 1000 characters; without it, only builds of one deployment may have this id in the run, and in the runs since the first on a build with this id */
                deploymentName?: string;
                /** @description a whole number of workflow tasks before the last one, from 0 */
                back?: number;
            };
            /** @description a list of the kinds of events that are not reapplied to the new run: "signals", "updates", "nexus" */
            excludeReapply?: ("signals" | "updates" | "nexus")[];
            /** @description "autoUpgrade", {"pinned": {"deploymentName": "…", "buildId": "…"}} or, for the next workflow task only and if the server supports it, {"oneTime": {"deploymentName": "…", "buildId": "…"}} */
            versioningOverride?: "autoUpgrade" | {
                pinned: {
                    /** @description "autoUpgrade", {"pinned": {"deploymentName": "…", "buildId": "…"}} or, for the next workflow task only and if the server supports it, {"oneTime": {"deploymentName": "…", "buildId": "…"}} */
                    deploymentName: string;
                    /** @description "autoUpgrade", {"pinned": {"deploymentName": "…", "buildId": "…"}} or, for the next workflow task only and if the server supports it, {"oneTime": {"deploymentName": "…", "buildId": "…"}} */
                    buildId: string;
                };
            } | {
                oneTime: {
                    /** @description "autoUpgrade", {"pinned": {"deploymentName": "…", "buildId": "…"}} or, for the next workflow task only and if the server supports it, {"oneTime": {"deploymentName": "…", "buildId": "…"}} */
                    deploymentName: string;
                    /** @description "autoUpgrade", {"pinned": {"deploymentName": "…", "buildId": "…"}} or, for the next workflow task only and if the server supports it, {"oneTime": {"deploymentName": "…", "buildId": "…"}} */
                    buildId: string;
                };
            };
            /**
             * @description one of "leave", "cancel", "terminate"; "leave" when left out
             * @enum {string}
             */
            orphanedChildren?: "leave" | "cancel" | "terminate";
        } & (unknown | unknown);
        PreviewBatchPauseRequest: {
            /**
             * @description one of "worker", "server" (Temporal's batch engine); "worker" when left out
             * @default worker
             * @enum {string}
             */
            engine?: "worker" | "server";
            /** @description a visibility query, without null characters; exactly one of "query" and "workflows" */
            query?: string;
            /** @description a list of 1 to 10000 workflow ids; exactly one of "query" and "workflows" */
            workflows?: string[];
            /** @description a list of 1 to 100 workflow ids that are not changed; with "query", ids without double quotes, backslashes and control characters that neither begin nor end with ' */
            exclude?: string[];
            /**
             * @description a whole number from 1 to 100000; 1000 when left out
             * @default 1000
             */
            maxWorkflows?: number;
        } & (unknown | unknown);
        PreviewBatchUnpauseRequest: {
            /**
             * @description one of "worker", "server" (Temporal's batch engine); "worker" when left out
             * @default worker
             * @enum {string}
             */
            engine?: "worker" | "server";
            /** @description a visibility query, without null characters; exactly one of "query" and "workflows" */
            query?: string;
            /** @description a list of 1 to 10000 workflow ids; exactly one of "query" and "workflows" */
            workflows?: string[];
            /** @description a list of 1 to 100 workflow ids that are not changed; with "query", ids without double quotes, backslashes and control characters that neither begin nor end with ' */
            exclude?: string[];
            /**
             * @description a whole number from 1 to 100000; 1000 when left out
             * @default 1000
             */
            maxWorkflows?: number;
        } & (unknown | unknown);
        PreviewBatchUpdateOptionsRequest: {
            /**
             * @description one of "worker", "server" (Temporal's batch engine); "worker" when left out
             * @default worker
             * @enum {string}
             */
            engine?: "worker" | "server";
            /** @description a visibility query, without null characters; exactly one of "query" and "workflows" */
            query?: string;
            /** @description a list of 1 to 10000 workflow ids; exactly one of "query" and "workflows" */
            workflows?: string[];
            /** @description a list of 1 to 100 workflow ids that are not changed; with "query", ids without double quotes, backslashes and control characters that neither begin nor end with ' */
            exclude?: string[];
            /**
             * @description a whole number from 1 to 100000; 1000 when left out
             * @default 1000
             */
            maxWorkflows?: number;
        } & (unknown | unknown);
        StartBatchOperationRequest: {
            /**
             * @description one of "cancel", "terminate", "reset", "pause", "unpause", "updateOptions"
             * @enum {string}
             */
            action: "cancel" | "terminate" | "reset" | "pause" | "unpause" | "updateOptions";
            /**
             * @description one of "worker", "server" (Temporal's batch engine); "worker" when left out
             * @default worker
             * @enum {string}
             */
            engine?: "worker" | "server";
            /** @description a visibility query, without null characters; exactly one of "query" and "workflows" */
            query?: string;
            /** @description a list of 1 to 10000 workflow ids; exactly one of "query" and "workflows" */
            workflows?: string[];
            /** @description a list of 1 to 100 workflow ids that are not changed; with "query", ids without double quotes, backslashes and control characters that neither begin nor end with ' */
            exclude?: string[];
            /** @description a string of 1 to 1000 characters that are not all blank */
            reason: string;
            /** @description an object with exactly one of eventId, at, beforeActivity, beforeFailure, beforeTime, buildId, beforeBuildId, back; and with a build id optionally deploymentName */
            target?: {
                /** @description the eventId, an integer, of one of the points that GET …/workflows/reset-points lists */
                eventId?: number;
                /**
                 * @description one of "firstWorkflowTask", "lastWorkflowTask", "lastContinuedAsNew"
                 * @enum {string}
                 */
                at?: "firstWorkflowTask" | "lastWorkflowTask" | "lastContinuedAsNew";
                /** @description an object with either "type" or "activityId", and optionally "occurrence" */
                beforeActivity?: {
                    /** @description a string of 1 to 1000 characters */
                    type?: string;
                    /** @description a string of 1 to 1000 characters */
                    activityId?: string;
                    /** @description a whole number from 1, counted from the first such activity, or "first" or "last"; "last" when left out */
                    occurrence?: number | ("first" | "last");
                } & (unknown | unknown);
                /**
                 * @description one of "first", "last"
                 * @enum {string}
                 */
                beforeFailure?: "first" | "last";
                /**
                 * Format: date-time
                 * @description a time in RFC 3339 such as "2026-01-31T12:00:00Z", with its offset
                 */
                beforeTime?: string;
                /** @description a build id of 1 to 1000 characters, as reset-points shows it */
                buildId?: string;
                /** @description a build id of 1 to 1000 characters: the run is reset to before its first workflow task on that build */
                beforeBuildId?: string;
                /** @description with buildId or beforeBuildId: the worker deployment of the build, of 1 to 1000 characters; without it, only builds of one deployment may have this id in the run, and in the runs since the first on a build with this id */
                deploymentName?: string;
                /** @description a whole number of workflow tasks before the last one, from 0 */
                back?: number;
            };
            /** @description a list of the kinds of events that are not reapplied to the new run: "signals", "updates", "nexus" */
            excludeReapply?: ("signals" | "updates" | "nexus")[];
            /** @description with "reset", "autoUpgrade", {"pinned": {"deploymentName": "…", "buildId": "…"}} or, for the next workflow task only and if the server supports it, {"oneTime": {"deploymentName": "…", "buildId": "…"}}; required with "updateOptions": "autoUpgrade" or {"pinned": {"deploymentName": "…", "buildId": "…"}}, or "none" to remove the override; left out otherwise */
            versioningOverride?: ("autoUpgrade" | "none") | {
                pinned: {
                    /** @description with "reset", "autoUpgrade", {"pinned": {"deploymentName": "…", "buildId": "…"}} or, for the next workflow task only and if the server supports it, {"oneTime": {"deploymentName": "…", "buildId": "…"}}; required with "updateOptions": "autoUpgrade" or {"pinned": {"deploymentName": "…", "buildId": "…"}}, or "none" to remove the override; left out otherwise */
                    deploymentName: string;
                    /** @description with "reset", "autoUpgrade", {"pinned": {"deploymentName": "…", "buildId": "…"}} or, for the next workflow task only and if the server supports it, {"oneTime": {"deploymentName": "…", "buildId": "…"}}; required with "updateOptions": "autoUpgrade" or {"pinned": {"deploymentName": "…", "buildId": "…"}}, or "none" to remove the override; left out otherwise */
                    buildId: string;
                };
            } | {
                oneTime: {
                    /** @description with "reset", "autoUpgrade", {"pinned": {"deploymentName": "…", "buildId": "…"}} or, for the next workflow task only and if the server supports it, {"oneTime": {"deploymentName": "…", "buildId": "…"}}; required with "updateOptions": "autoUpgrade" or {"pinned": {"deploymentName": "…", "buildId": "…"}}, or "none" to remove the override; left out otherwise */
                    deploymentName: string;
                    /** @description with "reset", "autoUpgrade", {"pinned": {"deploymentName": "…", "buildId": "…"}} or, for the next workflow task only and if the server supports it, {"oneTime": {"deploymentName": "…", "buildId": "…"}}; required with "updateOptions": "autoUpgrade" or {"pinned": {"deploymentName": "…", "buildId": "…"}}, or "none" to remove the override; left out otherwise */
                    buildId: string;
                };
            };
            /**
             * @description one of "leave", "cancel", "terminate"; "leave" when left out
             * @enum {string}
             */
            orphanedChildren?: "leave" | "cancel" | "terminate";
            /**
             * Format: date-time
             * @description a time in RFC 3339 such as "2026-01-31T12:00:00Z", with its offset, or left out
             */
            until?: string;
            /** @description a whole number from 0 to 100000, such as "matched" of a preview; if another number of runs matches, nothing is done */
            expectMatched?: number;
            /** @description with "reset" and "engine": "worker", a number of seconds from 1 to 600 for which each new run is followed */
            followSeconds?: number;
            /** @description with "engine": "worker", an object with count, waitSeconds and maxFailureRate */
            canary?: {
                /** @description a whole number from 1 to 100: how many workflows are processed first */
                count: number;
                /** @description a number of seconds from 0 to 600 for which these are followed before the others are processed */
                waitSeconds: number;
                /**
                 * @description a number from 0 to 1: the share of these that may fail; 0 when left out
                 * @default 0
                 */
                maxFailureRate?: number;
            };
            /** @description with "engine": "worker", a number above 0 and up to 1: the batch operation stops when this share of the workflows has failed, after at least 10 workflows */
            stopAtFailureRate?: number;
            /**
             * @description a number from 0.01 to 200; 20 when left out
             * @default 20
             */
            ratePerSecond?: number;
            /**
             * @description a whole number from 1 to 100000; 1000 when left out
             * @default 1000
             */
            maxWorkflows?: number;
            /** @description true or false */
            dryRun?: boolean;
        } & (unknown | unknown);
        CancelBatchOperationRequest: {
            /** @description a string of 1 to 1000 characters that are not all blank */
            reason: string;
        };
        SuspendBatchOperationRequest: {
            /** @description a string of 1 to 1000 characters that are not all blank */
            reason: string;
        };
        ResumeBatchOperationRequest: {
            /** @description a string of 1 to 1000 characters that are not all blank */
            reason: string;
        };
        RetryBatchOperationRequest: {
            /** @description a string of 1 to 1000 characters that are not all blank */
            reason: string;
            /**
             * @description one of "failed", "failedAgain", "stuck", "notBegun"; "failed" when left out
             * @enum {string}
             */
            outcome?: "failed" | "failedAgain" | "stuck" | "notBegun";
            /** @description an object with exactly one of eventId, at, beforeActivity, beforeFailure, beforeTime, buildId, beforeBuildId, back; and with a build id optionally deploymentName */
            target?: {
                /** @description the eventId, an integer, of one of the points that GET …/workflows/reset-points lists */
                eventId?: number;
                /**
                 * @description one of "firstWorkflowTask", "lastWorkflowTask", "lastContinuedAsNew"
                 * @enum {string}
                 */
                at?: "firstWorkflowTask" | "lastWorkflowTask" | "lastContinuedAsNew";
                /** @description an object with either "type" or "activityId", and optionally "occurrence" */
                beforeActivity?: {
                    /** @description a string of 1 to 1000 characters */
                    type?: string;
                    /** @description a string of 1 to 1000 characters */
                    activityId?: string;
                    /** @description a whole number from 1, counted from the first such activity, or "first" or "last"; "last" when left out */
                    occurrence?: number | ("first" | "last");
                } & (unknown | unknown);
                /**
                 * @description one of "first", "last"
                 * @enum {string}
                 */
                beforeFailure?: "first" | "last";
                /**
                 * Format: date-time
                 * @description a time in RFC 3339 such as "2026-01-31T12:00:00Z", with its offset
                 */
                beforeTime?: string;
                /** @description a build id of 1 to 1000 characters, as reset-points shows it */
                buildId?: string;
                /** @description a build id of 1 to 1000 characters: the run is reset to before its first workflow task on that build */
                beforeBuildId?: string;
                /** @description with buildId or beforeBuildId: the worker deployment of the build, of 1 to 1000 characters; without it, only builds of one deployment may have this id in the run, and in the runs since the first on a build with this id */
                deploymentName?: string;
                /** @description a whole number of workflow tasks before the last one, from 0 */
                back?: number;
            };
            /** @description a whole number from 0 to 100000, such as "matched" of a preview; if another number of runs matches, nothing is done */
            expectMatched?: number;
        };
        RedriveRejectedEventsRequest: {
            /**
             * @description true; exactly one of "all", "trigger" and "rejectedEventIds"
             * @constant
             */
            all?: true;
            /** @description the name of a trigger, or "cancellationRequests": 1 to 40 characters */
            trigger?: string;
            /** @description a list of 1 to 100 rejectedEventIds; exactly one of "all", "trigger" and "rejectedEventIds" */
            rejectedEventIds?: string[];
            /** @description a string of 1 to 1000 characters that are not all blank */
            reason: string;
            /** @description true or false */
            dryRun?: boolean;
        } & (unknown | unknown | unknown);
        StartRollbackRequest: {
            /** @description the name of a worker deployment, of 1 to 255 characters */
            deploymentName: string;
            /** @description the build id to undo, of 1 to 255 characters; not the current or ramping version of the deployment */
            badBuildId: string;
            /** @description the build id that pinned runs move to, of 1 to 255 characters; that of the current version when left out */
            toBuildId?: string;
            /** @description a list of statuses, from Completed, Failed, Canceled, Terminated, TimedOut: closed runs with these statuses are reset too; only open runs when left out */
            includeClosed?: ("Completed" | "Failed" | "Canceled" | "Terminated" | "TimedOut")[];
            /** @description a list of up to 50 workflow types: a run that started on the bad build is restarted only if its type is in this list */
            restartTypes?: string[];
            /** @description a string of 1 to 1000 characters that are not all blank */
            reason: string;
            /** @description a list of 1 to 100 workflow ids that are not changed; with "query", ids without double quotes, backslashes and control characters that neither begin nor end with ' */
            exclude?: string[];
            /** @description a list of the kinds of events that are not reapplied to the new run: "signals", "updates", "nexus" */
            excludeReapply?: ("signals" | "updates" | "nexus")[];
            /**
             * @description one of "leave", "cancel", "terminate"; "leave" when left out
             * @enum {string}
             */
            orphanedChildren?: "leave" | "cancel" | "terminate";
            /** @description a whole number from 0 to 100000, such as "matched" of a preview; if another number of runs matches, nothing is done */
            expectMatched?: number;
            /** @description with "reset" and "engine": "worker", a number of seconds from 1 to 600 for which each new run is followed */
            followSeconds?: number;
            /** @description with "engine": "worker", an object with count, waitSeconds and maxFailureRate */
            canary?: {
                /** @description a whole number from 1 to 100: how many workflows are processed first */
                count: number;
                /** @description a number of seconds from 0 to 600 for which these are followed before the others are processed */
                waitSeconds: number;
                /**
                 * @description a number from 0 to 1: the share of these that may fail; 0 when left out
                 * @default 0
                 */
                maxFailureRate?: number;
            };
            /** @description with "engine": "worker", a number above 0 and up to 1: the batch operation stops when this share of the workflows has failed, after at least 10 workflows */
            stopAtFailureRate?: number;
            /**
             * @description a number from 0.01 to 200; 20 when left out
             * @default 20
             */
            ratePerSecond?: number;
            /**
             * @description a whole number from 1 to 100000; 1000 when left out
             * @default 1000
             */
            maxWorkflows?: number;
            /** @description true or false */
            dryRun?: boolean;
        };
    };
    responses: {
        /** @description The request was rejected; The request is not valid. */
        "400.invalid-request.gateway": {
            headers: {
                "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": (components["schemas"]["Problem"] | components["schemas"]["GatewayProblem"]) & {
                    /** @enum {unknown} */
                    type?: "urn:rewind:problem:refused-by-gateway" | "urn:rewind:problem:invalid-request";
                    /** @constant */
                    status?: 400;
                };
            };
        };
        /** @description The request was rejected. */
        "401.gateway": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["GatewayProblem"] & {
                    /** @enum {unknown} */
                    type?: "urn:rewind:problem:refused-by-gateway";
                    /** @constant */
                    status?: 401;
                };
            };
        };
        /** @description The request was rejected; IAM does not allow this; Not signed, or no such route; The signature is not valid; The API key of a usage plan is missing or not valid; The credentials have expired. */
        "403.gateway": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["GatewayProblem"] & {
                    /** @enum {unknown} */
                    type?: "urn:rewind:problem:refused-by-gateway" | "urn:rewind:problem:access-denied" | "urn:rewind:problem:unsigned-or-unknown-route" | "urn:rewind:problem:invalid-signature" | "urn:rewind:problem:invalid-api-key" | "urn:rewind:problem:expired-credentials";
                    /** @constant */
                    status?: 403;
                };
            };
        };
        /** @description The request was rejected; Namespace not configured. */
        "404.namespace-not-configured.gateway": {
            headers: {
                "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": (components["schemas"]["Problem"] | components["schemas"]["GatewayProblem"]) & {
                    /** @enum {unknown} */
                    type?: "urn:rewind:problem:refused-by-gateway" | "urn:rewind:problem:namespace-not-configured";
                    /** @constant */
                    status?: 404;
                };
            };
        };
        /** @description The request body is too large. */
        "413.gateway": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["GatewayProblem"] & {
                    /** @enum {unknown} */
                    type?: "urn:rewind:problem:payload-too-large";
                    /** @constant */
                    status?: 413;
                };
            };
        };
        /** @description The request was rejected. */
        "415.gateway": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["GatewayProblem"] & {
                    /** @enum {unknown} */
                    type?: "urn:rewind:problem:refused-by-gateway";
                    /** @constant */
                    status?: 415;
                };
            };
        };
        /** @description The response is too large. */
        "422.response-too-large": {
            headers: {
                "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "urn:rewind:problem:response-too-large";
                    /** @constant */
                    status?: 422;
                };
            };
        };
        /** @description The request was rejected; Too many requests; Throttled by Temporal. */
        "429.throttled.gateway": {
            headers: {
                "Retry-After": components["headers"]["retryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": (components["schemas"]["Problem"] | components["schemas"]["GatewayProblem"]) & {
                    /** @enum {unknown} */
                    type?: "urn:rewind:problem:refused-by-gateway" | "urn:rewind:problem:throttled-by-gateway" | "urn:rewind:problem:throttled";
                    /** @constant */
                    status?: 429;
                };
            };
        };
        /** @description Rewind did not respond; Rewind failed. */
        "500.internal.gateway": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": (components["schemas"]["Problem"] | components["schemas"]["GatewayProblem"]) & {
                    /** @enum {unknown} */
                    type?: "urn:rewind:problem:gateway-failure" | "urn:rewind:problem:internal";
                    /** @constant */
                    status?: 500;
                };
            };
        };
        /** @description Rewind did not respond; Rewind is not configured to reach this namespace. */
        "502.configuration.gateway": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": (components["schemas"]["Problem"] | components["schemas"]["GatewayProblem"]) & {
                    /** @enum {unknown} */
                    type?: "urn:rewind:problem:gateway-failure" | "urn:rewind:problem:configuration";
                    /** @constant */
                    status?: 502;
                };
            };
        };
        /** @description Rewind did not respond; Temporal is unavailable. */
        "503.temporal-unavailable.gateway": {
            headers: {
                "Retry-After": components["headers"]["retryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": (components["schemas"]["Problem"] | components["schemas"]["GatewayProblem"]) & {
                    /** @enum {unknown} */
                    type?: "urn:rewind:problem:gateway-failure" | "urn:rewind:problem:temporal-unavailable";
                    /** @constant */
                    status?: 503;
                };
            };
        };
        /** @description Rewind did not respond; Rewind did not respond in time; Temporal did not respond in time. */
        "504.temporal-timeout.gateway": {
            headers: {
                "Retry-After": components["headers"]["retryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": (components["schemas"]["Problem"] | components["schemas"]["GatewayProblem"]) & {
                    /** @enum {unknown} */
                    type?: "urn:rewind:problem:gateway-failure" | "urn:rewind:problem:gateway-timeout" | "urn:rewind:problem:temporal-timeout";
                    /** @constant */
                    status?: 504;
                };
            };
        };
        /** @description The request was rejected; Namespace not configured; Workflow not found; Run not found. */
        "404.namespace-not-configured.workflow-not-found.run-not-found.gateway": {
            headers: {
                "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": (components["schemas"]["Problem"] | components["schemas"]["GatewayProblem"]) & {
                    /** @enum {unknown} */
                    type?: "urn:rewind:problem:refused-by-gateway" | "urn:rewind:problem:namespace-not-configured" | "urn:rewind:problem:workflow-not-found" | "urn:rewind:problem:run-not-found";
                    /** @constant */
                    status?: 404;
                };
            };
        };
        /** @description The operation is in progress; The workflow is not in the required state; The workflow executes a batch operation; The workflow is one of Temporal's own. */
        "409.operation-in-progress.conflict.batch-workflow.system-workflow": {
            headers: {
                "Retry-After": components["headers"]["retryAfter"];
                "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "urn:rewind:problem:operation-in-progress" | "urn:rewind:problem:conflict" | "urn:rewind:problem:batch-workflow" | "urn:rewind:problem:system-workflow";
                    /** @constant */
                    status?: 409;
                };
            };
        };
        /** @description Unknown whether the operation was executed. */
        "410.outcome-unknown": {
            headers: {
                "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "urn:rewind:problem:outcome-unknown";
                    /** @constant */
                    status?: 410;
                };
            };
        };
        /** @description The request body is too large. */
        "413.payload-too-large.gateway": {
            headers: {
                "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": (components["schemas"]["Problem"] | components["schemas"]["GatewayProblem"]) & {
                    /** @enum {unknown} */
                    type?: "urn:rewind:problem:payload-too-large";
                    /** @constant */
                    status?: 413;
                };
            };
        };
        /** @description The response is too large; Idempotency key used for another request. */
        "422.response-too-large.idempotency-key-reused": {
            headers: {
                "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "urn:rewind:problem:response-too-large" | "urn:rewind:problem:idempotency-key-reused";
                    /** @constant */
                    status?: 422;
                };
            };
        };
        /** @description The request was rejected; Too many requests; Throttled by Temporal; Too many waiting requests. */
        "429.throttled.too-many-waiting.gateway": {
            headers: {
                "Retry-After": components["headers"]["retryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": (components["schemas"]["Problem"] | components["schemas"]["GatewayProblem"]) & {
                    /** @enum {unknown} */
                    type?: "urn:rewind:problem:refused-by-gateway" | "urn:rewind:problem:throttled-by-gateway" | "urn:rewind:problem:throttled" | "urn:rewind:problem:too-many-waiting";
                    /** @constant */
                    status?: 429;
                };
            };
        };
        /** @description Rewind did not respond; The operation ledger is unavailable; Temporal is unavailable. */
        "503.ledger-unavailable.temporal-unavailable.gateway": {
            headers: {
                "Retry-After": components["headers"]["retryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": (components["schemas"]["Problem"] | components["schemas"]["GatewayProblem"]) & {
                    /** @enum {unknown} */
                    type?: "urn:rewind:problem:gateway-failure" | "urn:rewind:problem:ledger-unavailable" | "urn:rewind:problem:temporal-unavailable";
                    /** @constant */
                    status?: 503;
                };
            };
        };
        /** @description The response is too large; Idempotency key used for another request; Not a reset point. */
        "422.response-too-large.idempotency-key-reused.not-a-reset-point": {
            headers: {
                "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "urn:rewind:problem:response-too-large" | "urn:rewind:problem:idempotency-key-reused" | "urn:rewind:problem:not-a-reset-point";
                    /** @constant */
                    status?: 422;
                };
            };
        };
        /** @description The operation is in progress; The workflow is not in the required state; The workflow executes a batch operation; The workflow is one of Temporal's own; The namespace does not support pausing workflows. */
        "409.operation-in-progress.conflict.batch-workflow.system-workflow.pause-unsupported": {
            headers: {
                "Retry-After": components["headers"]["retryAfter"];
                "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "urn:rewind:problem:operation-in-progress" | "urn:rewind:problem:conflict" | "urn:rewind:problem:batch-workflow" | "urn:rewind:problem:system-workflow" | "urn:rewind:problem:pause-unsupported";
                    /** @constant */
                    status?: 409;
                };
            };
        };
        /** @description The request was rejected; Namespace not configured; Workflow not found; Run not found; Pending activity not found. */
        "404.namespace-not-configured.workflow-not-found.run-not-found.activity-not-found.gateway": {
            headers: {
                "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": (components["schemas"]["Problem"] | components["schemas"]["GatewayProblem"]) & {
                    /** @enum {unknown} */
                    type?: "urn:rewind:problem:refused-by-gateway" | "urn:rewind:problem:namespace-not-configured" | "urn:rewind:problem:workflow-not-found" | "urn:rewind:problem:run-not-found" | "urn:rewind:problem:activity-not-found";
                    /** @constant */
                    status?: 404;
                };
            };
        };
        /** @description The operation is in progress; The workflow executes a batch operation; The workflow is one of Temporal's own; The workflow is not in the required state. */
        "409.operation-in-progress.batch-workflow.system-workflow.conflict": {
            headers: {
                "Retry-After": components["headers"]["retryAfter"];
                "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "urn:rewind:problem:operation-in-progress" | "urn:rewind:problem:batch-workflow" | "urn:rewind:problem:system-workflow" | "urn:rewind:problem:conflict";
                    /** @constant */
                    status?: 409;
                };
            };
        };
        /** @description The operation is in progress; The workflow executes a batch operation; The workflow is one of Temporal's own. */
        "409.operation-in-progress.batch-workflow.system-workflow": {
            headers: {
                "Retry-After": components["headers"]["retryAfter"];
                "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "urn:rewind:problem:operation-in-progress" | "urn:rewind:problem:batch-workflow" | "urn:rewind:problem:system-workflow";
                    /** @constant */
                    status?: 409;
                };
            };
        };
        /** @description The request was rejected; Too many requests. */
        "429.gateway": {
            headers: {
                "Retry-After": components["headers"]["retryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["GatewayProblem"] & {
                    /** @enum {unknown} */
                    type?: "urn:rewind:problem:refused-by-gateway" | "urn:rewind:problem:throttled-by-gateway";
                    /** @constant */
                    status?: 429;
                };
            };
        };
        /** @description Rewind did not respond. */
        "502.gateway": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["GatewayProblem"] & {
                    /** @enum {unknown} */
                    type?: "urn:rewind:problem:gateway-failure";
                    /** @constant */
                    status?: 502;
                };
            };
        };
        /** @description Rewind did not respond; The operation ledger is unavailable. */
        "503.ledger-unavailable.gateway": {
            headers: {
                "Retry-After": components["headers"]["retryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": (components["schemas"]["Problem"] | components["schemas"]["GatewayProblem"]) & {
                    /** @enum {unknown} */
                    type?: "urn:rewind:problem:gateway-failure" | "urn:rewind:problem:ledger-unavailable";
                    /** @constant */
                    status?: 503;
                };
            };
        };
        /** @description The request was rejected; Namespace not configured; Operation not found. */
        "404.namespace-not-configured.operation-not-found.gateway": {
            headers: {
                "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": (components["schemas"]["Problem"] | components["schemas"]["GatewayProblem"]) & {
                    /** @enum {unknown} */
                    type?: "urn:rewind:problem:refused-by-gateway" | "urn:rewind:problem:namespace-not-configured" | "urn:rewind:problem:operation-not-found";
                    /** @constant */
                    status?: 404;
                };
            };
        };
        /** @description The workflow executes a batch operation; The workflow is one of Temporal's own. */
        "409.batch-workflow.system-workflow": {
            headers: {
                "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "urn:rewind:problem:batch-workflow" | "urn:rewind:problem:system-workflow";
                    /** @constant */
                    status?: 409;
                };
            };
        };
        /** @description The workflow executes a batch operation; The workflow is one of Temporal's own; The namespace does not support pausing workflows. */
        "409.batch-workflow.system-workflow.pause-unsupported": {
            headers: {
                "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "urn:rewind:problem:batch-workflow" | "urn:rewind:problem:system-workflow" | "urn:rewind:problem:pause-unsupported";
                    /** @constant */
                    status?: 409;
                };
            };
        };
        /** @description The operation is in progress; The workflow executes a batch operation; The workflow is one of Temporal's own; The workflow is not in the required state; The namespace does not support pausing workflows. */
        "409.operation-in-progress.batch-workflow.system-workflow.conflict.pause-unsupported": {
            headers: {
                "Retry-After": components["headers"]["retryAfter"];
                "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "urn:rewind:problem:operation-in-progress" | "urn:rewind:problem:batch-workflow" | "urn:rewind:problem:system-workflow" | "urn:rewind:problem:conflict" | "urn:rewind:problem:pause-unsupported";
                    /** @constant */
                    status?: 409;
                };
            };
        };
        /** @description The response is too large; Idempotency key used for another request; Too many workflows match. */
        "422.response-too-large.idempotency-key-reused.too-many-matches": {
            headers: {
                "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "urn:rewind:problem:response-too-large" | "urn:rewind:problem:idempotency-key-reused" | "urn:rewind:problem:too-many-matches";
                    /** @constant */
                    status?: 422;
                };
            };
        };
        /** @description Rewind did not respond; Temporal is unavailable; The operation ledger is unavailable. */
        "503.temporal-unavailable.ledger-unavailable.gateway": {
            headers: {
                "Retry-After": components["headers"]["retryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": (components["schemas"]["Problem"] | components["schemas"]["GatewayProblem"]) & {
                    /** @enum {unknown} */
                    type?: "urn:rewind:problem:gateway-failure" | "urn:rewind:problem:temporal-unavailable" | "urn:rewind:problem:ledger-unavailable";
                    /** @constant */
                    status?: 503;
                };
            };
        };
        /** @description The batch engine of this operation does not support this. */
        "409.unsupported-by-engine": {
            headers: {
                "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "urn:rewind:problem:unsupported-by-engine";
                    /** @constant */
                    status?: 409;
                };
            };
        };
        /** @description The request was rejected; Namespace not configured; Operation not found; Workflow not found. */
        "404.namespace-not-configured.operation-not-found.workflow-not-found.gateway": {
            headers: {
                "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": (components["schemas"]["Problem"] | components["schemas"]["GatewayProblem"]) & {
                    /** @enum {unknown} */
                    type?: "urn:rewind:problem:refused-by-gateway" | "urn:rewind:problem:namespace-not-configured" | "urn:rewind:problem:operation-not-found" | "urn:rewind:problem:workflow-not-found";
                    /** @constant */
                    status?: 404;
                };
            };
        };
        /** @description The operation is in progress. */
        "409.operation-in-progress": {
            headers: {
                "Retry-After": components["headers"]["retryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "urn:rewind:problem:operation-in-progress";
                    /** @constant */
                    status?: 409;
                };
            };
        };
        /** @description The operation is in progress; The batch engine of this operation does not support this; The workflow is not in the required state. */
        "409.operation-in-progress.unsupported-by-engine.conflict": {
            headers: {
                "Retry-After": components["headers"]["retryAfter"];
                "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "urn:rewind:problem:operation-in-progress" | "urn:rewind:problem:unsupported-by-engine" | "urn:rewind:problem:conflict";
                    /** @constant */
                    status?: 409;
                };
            };
        };
        /** @description The operation is in progress; The workflow is not in the required state; The batch engine of this operation does not support this; The namespace does not support pausing workflows. */
        "409.operation-in-progress.conflict.unsupported-by-engine.pause-unsupported": {
            headers: {
                "Retry-After": components["headers"]["retryAfter"];
                "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "urn:rewind:problem:operation-in-progress" | "urn:rewind:problem:conflict" | "urn:rewind:problem:unsupported-by-engine" | "urn:rewind:problem:pause-unsupported";
                    /** @constant */
                    status?: 409;
                };
            };
        };
        /** @description Rewind did not respond; The operation ledger is unavailable; The event queue is unavailable. */
        "503.ledger-unavailable.queue-unavailable.gateway": {
            headers: {
                "Retry-After": components["headers"]["retryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": (components["schemas"]["Problem"] | components["schemas"]["GatewayProblem"]) & {
                    /** @enum {unknown} */
                    type?: "urn:rewind:problem:gateway-failure" | "urn:rewind:problem:ledger-unavailable" | "urn:rewind:problem:queue-unavailable";
                    /** @constant */
                    status?: 503;
                };
            };
        };
        /** @description The operation is in progress; The workflow is not in the required state. */
        "409.operation-in-progress.conflict": {
            headers: {
                "Retry-After": components["headers"]["retryAfter"];
                "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "urn:rewind:problem:operation-in-progress" | "urn:rewind:problem:conflict";
                    /** @constant */
                    status?: 409;
                };
            };
        };
    };
    parameters: {
        /**
         * @description A Temporal namespace that this deployment serves.
         * @example prod.a1b2c
         */
        namespace: string;
        /**
         * @description The `operationId` in the response to a change.
         * @example op-3f9a51c2b7d84e60a1f2c3d4e5f60718
         */
        operationId: string;
        /**
         * @description Executes the change once: the same request with the same key gets the first response again, for as long as the ledger keeps the operation. Keys are per namespace. Without a key, every request is a new operation.
         * @example 2f1c0f7e-8e0b-4c39-9e5c-0d5f9a4b7d11
         */
        idempotencyKey: string;
    };
    requestBodies: never;
    headers: {
        /** @description `true` if this is the response to an earlier request with this key. Nothing was done this time. */
        idempotentReplayed: "true";
        /** @description URL of the created resource, relative to the request’s URL. */
        location: string;
        /** @description Seconds to wait before a retry. */
        retryAfter: number;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listWorkflows: {
        parameters: {
            query?: {
                /** @description a visibility query such as WorkflowType = 'order' AND ExecutionStatus = "Running" */
                query?: string;
                /** @description a whole number from 1 to 100 */
                pageSize?: number;
                /** @description the nextPageToken of the previous page; the first page when left out */
                pageToken?: string;
            };
            header?: never;
            path: {
                /**
                 * @description A Temporal namespace that this deployment serves.
                 * @example prod.a1b2c
                 */
                namespace: components["parameters"]["namespace"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The runs that match, from Temporal’s visibility, which can lag by seconds. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Workflows"];
                };
            };
            400: components["responses"]["400.invalid-request.gateway"];
            401: components["responses"]["401.gateway"];
            403: components["responses"]["403.gateway"];
            404: components["responses"]["404.namespace-not-configured.gateway"];
            413: components["responses"]["413.gateway"];
            415: components["responses"]["415.gateway"];
            422: components["responses"]["422.response-too-large"];
            429: components["responses"]["429.throttled.gateway"];
            500: components["responses"]["500.internal.gateway"];
            502: components["responses"]["502.configuration.gateway"];
            503: components["responses"]["503.temporal-unavailable.gateway"];
            504: components["responses"]["504.temporal-timeout.gateway"];
        };
    };
    countWorkflows: {
        parameters: {
            query?: {
                /** @description a visibility query such as WorkflowType = 'order' AND ExecutionStatus = "Running" */
                query?: string;
            };
            header?: never;
            path: {
                /**
                 * @description A Temporal namespace that this deployment serves.
                 * @example prod.a1b2c
                 */
                namespace: components["parameters"]["namespace"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The number of runs that match. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkflowCount"];
                };
            };
            400: components["responses"]["400.invalid-request.gateway"];
            401: components["responses"]["401.gateway"];
            403: components["responses"]["403.gateway"];
            404: components["responses"]["404.namespace-not-configured.gateway"];
            413: components["responses"]["413.gateway"];
            415: components["responses"]["415.gateway"];
            422: components["responses"]["422.response-too-large"];
            429: components["responses"]["429.throttled.gateway"];
            500: components["responses"]["500.internal.gateway"];
            502: components["responses"]["502.configuration.gateway"];
            503: components["responses"]["503.temporal-unavailable.gateway"];
            504: components["responses"]["504.temporal-timeout.gateway"];
        };
    };
    describeWorkflow: {
        parameters: {
            query: {
                /** @description a string of 1 to 1000 bytes in UTF-8 */
                workflowId: string;
                /** @description the UUID of a run; the latest run when left out */
                runId?: string;
            };
            header?: never;
            path: {
                /**
                 * @description A Temporal namespace that this deployment serves.
                 * @example prod.a1b2c
                 */
                namespace: components["parameters"]["namespace"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Status, pending work, why an open run is stuck, why a closed run failed, and the previous and next run. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Workflow"];
                };
            };
            400: components["responses"]["400.invalid-request.gateway"];
            401: components["responses"]["401.gateway"];
            403: components["responses"]["403.gateway"];
            404: components["responses"]["404.namespace-not-configured.workflow-not-found.run-not-found.gateway"];
            413: components["responses"]["413.gateway"];
            415: components["responses"]["415.gateway"];
            422: components["responses"]["422.response-too-large"];
            429: components["responses"]["429.throttled.gateway"];
            500: components["responses"]["500.internal.gateway"];
            502: components["responses"]["502.configuration.gateway"];
            503: components["responses"]["503.temporal-unavailable.gateway"];
            504: components["responses"]["504.temporal-timeout.gateway"];
        };
    };
    listHistory: {
        parameters: {
            query: {
                /** @description a string of 1 to 1000 bytes in UTF-8 */
                workflowId: string;
                /** @description the UUID of a run; the latest run when left out */
                runId?: string;
                /** @description a whole number from 1 to 100 */
                pageSize?: number;
                /** @description the nextPageToken of the previous page; the first page when left out */
                pageToken?: string;
            };
            header?: never;
            path: {
                /**
                 * @description A Temporal namespace that this deployment serves.
                 * @example prod.a1b2c
                 */
                namespace: components["parameters"]["namespace"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The history, newest first, with one entry for all events of an activity, timer or child workflow. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["History"];
                };
            };
            400: components["responses"]["400.invalid-request.gateway"];
            401: components["responses"]["401.gateway"];
            403: components["responses"]["403.gateway"];
            404: components["responses"]["404.namespace-not-configured.workflow-not-found.run-not-found.gateway"];
            413: components["responses"]["413.gateway"];
            415: components["responses"]["415.gateway"];
            422: components["responses"]["422.response-too-large"];
            429: components["responses"]["429.throttled.gateway"];
            500: components["responses"]["500.internal.gateway"];
            502: components["responses"]["502.configuration.gateway"];
            503: components["responses"]["503.temporal-unavailable.gateway"];
            504: components["responses"]["504.temporal-timeout.gateway"];
        };
    };
    listResetPoints: {
        parameters: {
            query: {
                /** @description a string of 1 to 1000 bytes in UTF-8 */
                workflowId: string;
                /** @description the UUID of a run; the latest run when left out */
                runId?: string;
                /** @description a whole number from 1 to 100 */
                pageSize?: number;
                /** @description the nextPageToken of the previous page; the first page when left out */
                pageToken?: string;
            };
            header?: never;
            path: {
                /**
                 * @description A Temporal namespace that this deployment serves.
                 * @example prod.a1b2c
                 */
                namespace: components["parameters"]["namespace"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The reset points, newest first. The server accepts each of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResetPoints"];
                };
            };
            400: components["responses"]["400.invalid-request.gateway"];
            401: components["responses"]["401.gateway"];
            403: components["responses"]["403.gateway"];
            404: components["responses"]["404.namespace-not-configured.workflow-not-found.run-not-found.gateway"];
            413: components["responses"]["413.gateway"];
            415: components["responses"]["415.gateway"];
            422: components["responses"]["422.response-too-large"];
            429: components["responses"]["429.throttled.gateway"];
            500: components["responses"]["500.internal.gateway"];
            502: components["responses"]["502.configuration.gateway"];
            503: components["responses"]["503.temporal-unavailable.gateway"];
            504: components["responses"]["504.temporal-timeout.gateway"];
        };
    };
    cancelWorkflow: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Executes the change once: the same request with the same key gets the first response again, for as long as the ledger keeps the operation. Keys are per namespace. Without a key, every request is a new operation.
                 * @example 2f1c0f7e-8e0b-4c39-9e5c-0d5f9a4b7d11
                 */
                "Idempotency-Key"?: components["parameters"]["idempotencyKey"];
            };
            path: {
                /**
                 * @description A Temporal namespace that this deployment serves.
                 * @example prod.a1b2c
                 */
                namespace: components["parameters"]["namespace"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CancelWorkflowRequest"];
            };
        };
        responses: {
            /** @description The cancellation is requested, or the workflow was already closed. */
            200: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CancelResult"];
                };
            };
            400: components["responses"]["400.invalid-request.gateway"];
            401: components["responses"]["401.gateway"];
            403: components["responses"]["403.gateway"];
            404: components["responses"]["404.namespace-not-configured.workflow-not-found.run-not-found.gateway"];
            409: components["responses"]["409.operation-in-progress.conflict.batch-workflow.system-workflow"];
            410: components["responses"]["410.outcome-unknown"];
            413: components["responses"]["413.payload-too-large.gateway"];
            415: components["responses"]["415.gateway"];
            422: components["responses"]["422.response-too-large.idempotency-key-reused"];
            429: components["responses"]["429.throttled.too-many-waiting.gateway"];
            500: components["responses"]["500.internal.gateway"];
            502: components["responses"]["502.configuration.gateway"];
            503: components["responses"]["503.ledger-unavailable.temporal-unavailable.gateway"];
            504: components["responses"]["504.temporal-timeout.gateway"];
        };
    };
    terminateWorkflow: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Executes the change once: the same request with the same key gets the first response again, for as long as the ledger keeps the operation. Keys are per namespace. Without a key, every request is a new operation.
                 * @example 2f1c0f7e-8e0b-4c39-9e5c-0d5f9a4b7d11
                 */
                "Idempotency-Key"?: components["parameters"]["idempotencyKey"];
            };
            path: {
                /**
                 * @description A Temporal namespace that this deployment serves.
                 * @example prod.a1b2c
                 */
                namespace: components["parameters"]["namespace"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TerminateWorkflowRequest"];
            };
        };
        responses: {
            /** @description The workflow was terminated, or was already closed. */
            200: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TerminateResult"];
                };
            };
            400: components["responses"]["400.invalid-request.gateway"];
            401: components["responses"]["401.gateway"];
            403: components["responses"]["403.gateway"];
            404: components["responses"]["404.namespace-not-configured.workflow-not-found.run-not-found.gateway"];
            409: components["responses"]["409.operation-in-progress.conflict.batch-workflow.system-workflow"];
            410: components["responses"]["410.outcome-unknown"];
            413: components["responses"]["413.payload-too-large.gateway"];
            415: components["responses"]["415.gateway"];
            422: components["responses"]["422.response-too-large.idempotency-key-reused"];
            429: components["responses"]["429.throttled.gateway"];
            500: components["responses"]["500.internal.gateway"];
            502: components["responses"]["502.configuration.gateway"];
            503: components["responses"]["503.ledger-unavailable.temporal-unavailable.gateway"];
            504: components["responses"]["504.temporal-timeout.gateway"];
        };
    };
    resetWorkflow: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Executes the change once: the same request with the same key gets the first response again, for as long as the ledger keeps the operation. Keys are per namespace. Without a key, every request is a new operation.
                 * @example 2f1c0f7e-8e0b-4c39-9e5c-0d5f9a4b7d11
                 */
                "Idempotency-Key"?: components["parameters"]["idempotencyKey"];
            };
            path: {
                /**
                 * @description A Temporal namespace that this deployment serves.
                 * @example prod.a1b2c
                 */
                namespace: components["parameters"]["namespace"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResetWorkflowRequest"];
            };
        };
        responses: {
            /** @description With `dryRun`: what the reset would do. Nothing was changed. */
            200: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResetPreview"];
                };
            };
            /** @description The workflow was reset. `Location` is the URL that describes the new run. */
            201: {
                headers: {
                    Location: components["headers"]["location"];
                    "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResetResult"];
                };
            };
            400: components["responses"]["400.invalid-request.gateway"];
            401: components["responses"]["401.gateway"];
            403: components["responses"]["403.gateway"];
            404: components["responses"]["404.namespace-not-configured.workflow-not-found.run-not-found.gateway"];
            409: components["responses"]["409.operation-in-progress.conflict.batch-workflow.system-workflow"];
            410: components["responses"]["410.outcome-unknown"];
            413: components["responses"]["413.payload-too-large.gateway"];
            415: components["responses"]["415.gateway"];
            422: components["responses"]["422.response-too-large.idempotency-key-reused.not-a-reset-point"];
            429: components["responses"]["429.throttled.too-many-waiting.gateway"];
            500: components["responses"]["500.internal.gateway"];
            502: components["responses"]["502.configuration.gateway"];
            503: components["responses"]["503.ledger-unavailable.temporal-unavailable.gateway"];
            504: components["responses"]["504.temporal-timeout.gateway"];
        };
    };
    pauseWorkflow: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Executes the change once: the same request with the same key gets the first response again, for as long as the ledger keeps the operation. Keys are per namespace. Without a key, every request is a new operation.
                 * @example 2f1c0f7e-8e0b-4c39-9e5c-0d5f9a4b7d11
                 */
                "Idempotency-Key"?: components["parameters"]["idempotencyKey"];
            };
            path: {
                /**
                 * @description A Temporal namespace that this deployment serves.
                 * @example prod.a1b2c
                 */
                namespace: components["parameters"]["namespace"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PauseWorkflowRequest"];
            };
        };
        responses: {
            /** @description The workflow is paused, or was already closed. */
            200: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PauseResult"];
                };
            };
            400: components["responses"]["400.invalid-request.gateway"];
            401: components["responses"]["401.gateway"];
            403: components["responses"]["403.gateway"];
            404: components["responses"]["404.namespace-not-configured.workflow-not-found.run-not-found.gateway"];
            409: components["responses"]["409.operation-in-progress.conflict.batch-workflow.system-workflow.pause-unsupported"];
            410: components["responses"]["410.outcome-unknown"];
            413: components["responses"]["413.payload-too-large.gateway"];
            415: components["responses"]["415.gateway"];
            422: components["responses"]["422.response-too-large.idempotency-key-reused"];
            429: components["responses"]["429.throttled.gateway"];
            500: components["responses"]["500.internal.gateway"];
            502: components["responses"]["502.configuration.gateway"];
            503: components["responses"]["503.ledger-unavailable.temporal-unavailable.gateway"];
            504: components["responses"]["504.temporal-timeout.gateway"];
        };
    };
    unpauseWorkflow: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Executes the change once: the same request with the same key gets the first response again, for as long as the ledger keeps the operation. Keys are per namespace. Without a key, every request is a new operation.
                 * @example 2f1c0f7e-8e0b-4c39-9e5c-0d5f9a4b7d11
                 */
                "Idempotency-Key"?: components["parameters"]["idempotencyKey"];
            };
            path: {
                /**
                 * @description A Temporal namespace that this deployment serves.
                 * @example prod.a1b2c
                 */
                namespace: components["parameters"]["namespace"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UnpauseWorkflowRequest"];
            };
        };
        responses: {
            /** @description The workflow is not paused, or was already closed. */
            200: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnpauseResult"];
                };
            };
            400: components["responses"]["400.invalid-request.gateway"];
            401: components["responses"]["401.gateway"];
            403: components["responses"]["403.gateway"];
            404: components["responses"]["404.namespace-not-configured.workflow-not-found.run-not-found.gateway"];
            409: components["responses"]["409.operation-in-progress.conflict.batch-workflow.system-workflow.pause-unsupported"];
            410: components["responses"]["410.outcome-unknown"];
            413: components["responses"]["413.payload-too-large.gateway"];
            415: components["responses"]["415.gateway"];
            422: components["responses"]["422.response-too-large.idempotency-key-reused"];
            429: components["responses"]["429.throttled.gateway"];
            500: components["responses"]["500.internal.gateway"];
            502: components["responses"]["502.configuration.gateway"];
            503: components["responses"]["503.ledger-unavailable.temporal-unavailable.gateway"];
            504: components["responses"]["504.temporal-timeout.gateway"];
        };
    };
    restartWorkflow: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Executes the change once: the same request with the same key gets the first response again, for as long as the ledger keeps the operation. Keys are per namespace. Without a key, every request is a new operation.
                 * @example 2f1c0f7e-8e0b-4c39-9e5c-0d5f9a4b7d11
                 */
                "Idempotency-Key"?: components["parameters"]["idempotencyKey"];
            };
            path: {
                /**
                 * @description A Temporal namespace that this deployment serves.
                 * @example prod.a1b2c
                 */
                namespace: components["parameters"]["namespace"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RestartWorkflowRequest"];
            };
        };
        responses: {
            /** @description A new run was started. */
            200: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RestartResult"];
                };
            };
            400: components["responses"]["400.invalid-request.gateway"];
            401: components["responses"]["401.gateway"];
            403: components["responses"]["403.gateway"];
            404: components["responses"]["404.namespace-not-configured.workflow-not-found.run-not-found.gateway"];
            409: components["responses"]["409.operation-in-progress.conflict.batch-workflow.system-workflow"];
            410: components["responses"]["410.outcome-unknown"];
            413: components["responses"]["413.payload-too-large.gateway"];
            415: components["responses"]["415.gateway"];
            422: components["responses"]["422.response-too-large.idempotency-key-reused"];
            429: components["responses"]["429.throttled.gateway"];
            500: components["responses"]["500.internal.gateway"];
            502: components["responses"]["502.configuration.gateway"];
            503: components["responses"]["503.ledger-unavailable.temporal-unavailable.gateway"];
            504: components["responses"]["504.temporal-timeout.gateway"];
        };
    };
    updateWorkflowOptions: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Executes the change once: the same request with the same key gets the first response again, for as long as the ledger keeps the operation. Keys are per namespace. Without a key, every request is a new operation.
                 * @example 2f1c0f7e-8e0b-4c39-9e5c-0d5f9a4b7d11
                 */
                "Idempotency-Key"?: components["parameters"]["idempotencyKey"];
            };
            path: {
                /**
                 * @description A Temporal namespace that this deployment serves.
                 * @example prod.a1b2c
                 */
                namespace: components["parameters"]["namespace"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateWorkflowOptionsRequest"];
            };
        };
        responses: {
            /** @description The run has the override, or was already closed. */
            200: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UpdateOptionsResult"];
                };
            };
            400: components["responses"]["400.invalid-request.gateway"];
            401: components["responses"]["401.gateway"];
            403: components["responses"]["403.gateway"];
            404: components["responses"]["404.namespace-not-configured.workflow-not-found.run-not-found.gateway"];
            409: components["responses"]["409.operation-in-progress.conflict.batch-workflow.system-workflow"];
            410: components["responses"]["410.outcome-unknown"];
            413: components["responses"]["413.payload-too-large.gateway"];
            415: components["responses"]["415.gateway"];
            422: components["responses"]["422.response-too-large.idempotency-key-reused"];
            429: components["responses"]["429.throttled.gateway"];
            500: components["responses"]["500.internal.gateway"];
            502: components["responses"]["502.configuration.gateway"];
            503: components["responses"]["503.ledger-unavailable.temporal-unavailable.gateway"];
            504: components["responses"]["504.temporal-timeout.gateway"];
        };
    };
    resetActivity: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Executes the change once: the same request with the same key gets the first response again, for as long as the ledger keeps the operation. Keys are per namespace. Without a key, every request is a new operation.
                 * @example 2f1c0f7e-8e0b-4c39-9e5c-0d5f9a4b7d11
                 */
                "Idempotency-Key"?: components["parameters"]["idempotencyKey"];
            };
            path: {
                /**
                 * @description A Temporal namespace that this deployment serves.
                 * @example prod.a1b2c
                 */
                namespace: components["parameters"]["namespace"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResetActivityRequest"];
            };
        };
        responses: {
            /** @description The activity was reset, or had already ended. */
            200: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResetActivityResult"];
                };
            };
            400: components["responses"]["400.invalid-request.gateway"];
            401: components["responses"]["401.gateway"];
            403: components["responses"]["403.gateway"];
            404: components["responses"]["404.namespace-not-configured.workflow-not-found.run-not-found.activity-not-found.gateway"];
            409: components["responses"]["409.operation-in-progress.batch-workflow.system-workflow.conflict"];
            410: components["responses"]["410.outcome-unknown"];
            413: components["responses"]["413.payload-too-large.gateway"];
            415: components["responses"]["415.gateway"];
            422: components["responses"]["422.response-too-large.idempotency-key-reused"];
            429: components["responses"]["429.throttled.gateway"];
            500: components["responses"]["500.internal.gateway"];
            502: components["responses"]["502.configuration.gateway"];
            503: components["responses"]["503.ledger-unavailable.temporal-unavailable.gateway"];
            504: components["responses"]["504.temporal-timeout.gateway"];
        };
    };
    pauseActivity: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Executes the change once: the same request with the same key gets the first response again, for as long as the ledger keeps the operation. Keys are per namespace. Without a key, every request is a new operation.
                 * @example 2f1c0f7e-8e0b-4c39-9e5c-0d5f9a4b7d11
                 */
                "Idempotency-Key"?: components["parameters"]["idempotencyKey"];
            };
            path: {
                /**
                 * @description A Temporal namespace that this deployment serves.
                 * @example prod.a1b2c
                 */
                namespace: components["parameters"]["namespace"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PauseActivityRequest"];
            };
        };
        responses: {
            /** @description The activity is paused, or had already ended. */
            200: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PauseActivityResult"];
                };
            };
            400: components["responses"]["400.invalid-request.gateway"];
            401: components["responses"]["401.gateway"];
            403: components["responses"]["403.gateway"];
            404: components["responses"]["404.namespace-not-configured.workflow-not-found.run-not-found.activity-not-found.gateway"];
            409: components["responses"]["409.operation-in-progress.batch-workflow.system-workflow"];
            410: components["responses"]["410.outcome-unknown"];
            413: components["responses"]["413.payload-too-large.gateway"];
            415: components["responses"]["415.gateway"];
            422: components["responses"]["422.response-too-large.idempotency-key-reused"];
            429: components["responses"]["429.throttled.gateway"];
            500: components["responses"]["500.internal.gateway"];
            502: components["responses"]["502.configuration.gateway"];
            503: components["responses"]["503.ledger-unavailable.temporal-unavailable.gateway"];
            504: components["responses"]["504.temporal-timeout.gateway"];
        };
    };
    unpauseActivity: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Executes the change once: the same request with the same key gets the first response again, for as long as the ledger keeps the operation. Keys are per namespace. Without a key, every request is a new operation.
                 * @example 2f1c0f7e-8e0b-4c39-9e5c-0d5f9a4b7d11
                 */
                "Idempotency-Key"?: components["parameters"]["idempotencyKey"];
            };
            path: {
                /**
                 * @description A Temporal namespace that this deployment serves.
                 * @example prod.a1b2c
                 */
                namespace: components["parameters"]["namespace"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UnpauseActivityRequest"];
            };
        };
        responses: {
            /** @description The activity is not paused, or had already ended. */
            200: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnpauseActivityResult"];
                };
            };
            400: components["responses"]["400.invalid-request.gateway"];
            401: components["responses"]["401.gateway"];
            403: components["responses"]["403.gateway"];
            404: components["responses"]["404.namespace-not-configured.workflow-not-found.run-not-found.activity-not-found.gateway"];
            409: components["responses"]["409.operation-in-progress.batch-workflow.system-workflow"];
            410: components["responses"]["410.outcome-unknown"];
            413: components["responses"]["413.payload-too-large.gateway"];
            415: components["responses"]["415.gateway"];
            422: components["responses"]["422.response-too-large.idempotency-key-reused"];
            429: components["responses"]["429.throttled.gateway"];
            500: components["responses"]["500.internal.gateway"];
            502: components["responses"]["502.configuration.gateway"];
            503: components["responses"]["503.ledger-unavailable.temporal-unavailable.gateway"];
            504: components["responses"]["504.temporal-timeout.gateway"];
        };
    };
    listOperations: {
        parameters: {
            query?: {
                /** @description a string of 1 to 1000 bytes in UTF-8 */
                workflowId?: string;
                /** @description the ARN of a caller, the name of its user or role session, or the id of an event: 1 to 1000 characters */
                actor?: string;
                /** @description one of "cancel", "terminate", "reset", "pause", "unpause", "restart", "updateOptions", "resetActivity", "pauseActivity", "unpauseActivity", "batch", "suspend", "resume", "redrive" */
                verb?: "cancel" | "terminate" | "reset" | "pause" | "unpause" | "restart" | "updateOptions" | "resetActivity" | "pauseActivity" | "unpauseActivity" | "batch" | "suspend" | "resume" | "redrive";
                /** @description one of "started", "completed", "refused", "failed", "unknown" */
                state?: "started" | "completed" | "refused" | "failed" | "unknown";
                /** @description a time in RFC 3339 such as "2026-01-31T12:00:00Z", with its offset; without workflowId at most 31 days before until, and 7 when left out */
                since?: string;
                /** @description a time in RFC 3339 such as "2026-01-31T12:00:00Z", with its offset, not before since; now when left out */
                until?: string;
                /** @description the operationId of a batch operation */
                batchOperationId?: string;
                /** @description a whole number from 1 to 100 */
                pageSize?: number;
                /** @description the nextPageToken of the previous page; the first page when left out */
                pageToken?: string;
            };
            header?: never;
            path: {
                /**
                 * @description A Temporal namespace that this deployment serves.
                 * @example prod.a1b2c
                 */
                namespace: components["parameters"]["namespace"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The operations that match, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operations"];
                };
            };
            400: components["responses"]["400.invalid-request.gateway"];
            401: components["responses"]["401.gateway"];
            403: components["responses"]["403.gateway"];
            404: components["responses"]["404.namespace-not-configured.gateway"];
            413: components["responses"]["413.gateway"];
            415: components["responses"]["415.gateway"];
            422: components["responses"]["422.response-too-large"];
            429: components["responses"]["429.gateway"];
            500: components["responses"]["500.internal.gateway"];
            502: components["responses"]["502.gateway"];
            503: components["responses"]["503.ledger-unavailable.gateway"];
            504: components["responses"]["504.temporal-timeout.gateway"];
        };
    };
    getOperation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A Temporal namespace that this deployment serves.
                 * @example prod.a1b2c
                 */
                namespace: components["parameters"]["namespace"];
                /**
                 * @description The `operationId` in the response to a change.
                 * @example op-3f9a51c2b7d84e60a1f2c3d4e5f60718
                 */
                operationId: components["parameters"]["operationId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The operation: who requested it, when and why, and its result. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            400: components["responses"]["400.invalid-request.gateway"];
            401: components["responses"]["401.gateway"];
            403: components["responses"]["403.gateway"];
            404: components["responses"]["404.namespace-not-configured.operation-not-found.gateway"];
            413: components["responses"]["413.gateway"];
            415: components["responses"]["415.gateway"];
            422: components["responses"]["422.response-too-large"];
            429: components["responses"]["429.gateway"];
            500: components["responses"]["500.internal.gateway"];
            502: components["responses"]["502.gateway"];
            503: components["responses"]["503.ledger-unavailable.gateway"];
            504: components["responses"]["504.temporal-timeout.gateway"];
        };
    };
    listBatchOperations: {
        parameters: {
            query?: {
                /** @description one of running, completed, cancelled, failed, suspended; all when left out */
                state?: "running" | "completed" | "cancelled" | "failed" | "suspended";
                /** @description a whole number from 1 to 100 */
                pageSize?: number;
                /** @description the nextPageToken of the previous page; the first page when left out */
                pageToken?: string;
            };
            header?: never;
            path: {
                /**
                 * @description A Temporal namespace that this deployment serves.
                 * @example prod.a1b2c
                 */
                namespace: components["parameters"]["namespace"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The batch operations in the ledger, newest first. Their progress is at most a minute old. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchOperations"];
                };
            };
            400: components["responses"]["400.invalid-request.gateway"];
            401: components["responses"]["401.gateway"];
            403: components["responses"]["403.gateway"];
            404: components["responses"]["404.namespace-not-configured.gateway"];
            413: components["responses"]["413.gateway"];
            415: components["responses"]["415.gateway"];
            422: components["responses"]["422.response-too-large"];
            429: components["responses"]["429.gateway"];
            500: components["responses"]["500.internal.gateway"];
            502: components["responses"]["502.gateway"];
            503: components["responses"]["503.ledger-unavailable.gateway"];
            504: components["responses"]["504.temporal-timeout.gateway"];
        };
    };
    startBatchOperation: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Executes the change once: the same request with the same key gets the first response again, for as long as the ledger keeps the operation. Keys are per namespace. Without a key, every request is a new operation.
                 * @example 2f1c0f7e-8e0b-4c39-9e5c-0d5f9a4b7d11
                 */
                "Idempotency-Key"?: components["parameters"]["idempotencyKey"];
            };
            path: {
                /**
                 * @description A Temporal namespace that this deployment serves.
                 * @example prod.a1b2c
                 */
                namespace: components["parameters"]["namespace"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StartBatchOperationRequest"];
            };
        };
        responses: {
            /** @description With `dryRun`: what the batch operation would do. Nothing was changed. */
            200: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchPreview"];
                };
            };
            /** @description The batch operation was started. `Location` is the URL of its progress. */
            202: {
                headers: {
                    Location: components["headers"]["location"];
                    "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchStarted"];
                };
            };
            400: components["responses"]["400.invalid-request.gateway"];
            401: components["responses"]["401.gateway"];
            403: components["responses"]["403.gateway"];
            404: components["responses"]["404.namespace-not-configured.gateway"];
            409: components["responses"]["409.operation-in-progress.batch-workflow.system-workflow.conflict.pause-unsupported"];
            413: components["responses"]["413.payload-too-large.gateway"];
            415: components["responses"]["415.gateway"];
            422: components["responses"]["422.response-too-large.idempotency-key-reused.too-many-matches"];
            429: components["responses"]["429.throttled.gateway"];
            500: components["responses"]["500.internal.gateway"];
            502: components["responses"]["502.configuration.gateway"];
            503: components["responses"]["503.ledger-unavailable.temporal-unavailable.gateway"];
            504: components["responses"]["504.temporal-timeout.gateway"];
        };
    };
    previewBatchCancellation: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Executes the change once: the same request with the same key gets the first response again, for as long as the ledger keeps the operation. Keys are per namespace. Without a key, every request is a new operation.
                 * @example 2f1c0f7e-8e0b-4c39-9e5c-0d5f9a4b7d11
                 */
                "Idempotency-Key"?: components["parameters"]["idempotencyKey"];
            };
            path: {
                /**
                 * @description A Temporal namespace that this deployment serves.
                 * @example prod.a1b2c
                 */
                namespace: components["parameters"]["namespace"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PreviewBatchCancellationRequest"];
            };
        };
        responses: {
            /** @description The number of runs that match and a sample of them, with a preview of each if the action is a reset. */
            200: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchPreview"];
                };
            };
            400: components["responses"]["400.invalid-request.gateway"];
            401: components["responses"]["401.gateway"];
            403: components["responses"]["403.gateway"];
            404: components["responses"]["404.namespace-not-configured.gateway"];
            409: components["responses"]["409.batch-workflow.system-workflow"];
            413: components["responses"]["413.payload-too-large.gateway"];
            415: components["responses"]["415.gateway"];
            422: components["responses"]["422.response-too-large"];
            429: components["responses"]["429.throttled.gateway"];
            500: components["responses"]["500.internal.gateway"];
            502: components["responses"]["502.configuration.gateway"];
            503: components["responses"]["503.temporal-unavailable.gateway"];
            504: components["responses"]["504.temporal-timeout.gateway"];
        };
    };
    previewBatchTermination: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Executes the change once: the same request with the same key gets the first response again, for as long as the ledger keeps the operation. Keys are per namespace. Without a key, every request is a new operation.
                 * @example 2f1c0f7e-8e0b-4c39-9e5c-0d5f9a4b7d11
                 */
                "Idempotency-Key"?: components["parameters"]["idempotencyKey"];
            };
            path: {
                /**
                 * @description A Temporal namespace that this deployment serves.
                 * @example prod.a1b2c
                 */
                namespace: components["parameters"]["namespace"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PreviewBatchTerminationRequest"];
            };
        };
        responses: {
            /** @description The number of runs that match and a sample of them, with a preview of each if the action is a reset. */
            200: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchPreview"];
                };
            };
            400: components["responses"]["400.invalid-request.gateway"];
            401: components["responses"]["401.gateway"];
            403: components["responses"]["403.gateway"];
            404: components["responses"]["404.namespace-not-configured.gateway"];
            409: components["responses"]["409.batch-workflow.system-workflow"];
            413: components["responses"]["413.payload-too-large.gateway"];
            415: components["responses"]["415.gateway"];
            422: components["responses"]["422.response-too-large"];
            429: components["responses"]["429.throttled.gateway"];
            500: components["responses"]["500.internal.gateway"];
            502: components["responses"]["502.configuration.gateway"];
            503: components["responses"]["503.temporal-unavailable.gateway"];
            504: components["responses"]["504.temporal-timeout.gateway"];
        };
    };
    previewBatchReset: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Executes the change once: the same request with the same key gets the first response again, for as long as the ledger keeps the operation. Keys are per namespace. Without a key, every request is a new operation.
                 * @example 2f1c0f7e-8e0b-4c39-9e5c-0d5f9a4b7d11
                 */
                "Idempotency-Key"?: components["parameters"]["idempotencyKey"];
            };
            path: {
                /**
                 * @description A Temporal namespace that this deployment serves.
                 * @example prod.a1b2c
                 */
                namespace: components["parameters"]["namespace"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PreviewBatchResetRequest"];
            };
        };
        responses: {
            /** @description The number of runs that match and a sample of them, with a preview of each if the action is a reset. */
            200: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchPreview"];
                };
            };
            400: components["responses"]["400.invalid-request.gateway"];
            401: components["responses"]["401.gateway"];
            403: components["responses"]["403.gateway"];
            404: components["responses"]["404.namespace-not-configured.gateway"];
            409: components["responses"]["409.batch-workflow.system-workflow"];
            413: components["responses"]["413.payload-too-large.gateway"];
            415: components["responses"]["415.gateway"];
            422: components["responses"]["422.response-too-large"];
            429: components["responses"]["429.throttled.gateway"];
            500: components["responses"]["500.internal.gateway"];
            502: components["responses"]["502.configuration.gateway"];
            503: components["responses"]["503.temporal-unavailable.gateway"];
            504: components["responses"]["504.temporal-timeout.gateway"];
        };
    };
    previewBatchPause: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Executes the change once: the same request with the same key gets the first response again, for as long as the ledger keeps the operation. Keys are per namespace. Without a key, every request is a new operation.
                 * @example 2f1c0f7e-8e0b-4c39-9e5c-0d5f9a4b7d11
                 */
                "Idempotency-Key"?: components["parameters"]["idempotencyKey"];
            };
            path: {
                /**
                 * @description A Temporal namespace that this deployment serves.
                 * @example prod.a1b2c
                 */
                namespace: components["parameters"]["namespace"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PreviewBatchPauseRequest"];
            };
        };
        responses: {
            /** @description The number of runs that match and a sample of them, with a preview of each if the action is a reset. */
            200: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchPreview"];
                };
            };
            400: components["responses"]["400.invalid-request.gateway"];
            401: components["responses"]["401.gateway"];
            403: components["responses"]["403.gateway"];
            404: components["responses"]["404.namespace-not-configured.gateway"];
            409: components["responses"]["409.batch-workflow.system-workflow.pause-unsupported"];
            413: components["responses"]["413.payload-too-large.gateway"];
            415: components["responses"]["415.gateway"];
            422: components["responses"]["422.response-too-large"];
            429: components["responses"]["429.throttled.gateway"];
            500: components["responses"]["500.internal.gateway"];
            502: components["responses"]["502.configuration.gateway"];
            503: components["responses"]["503.temporal-unavailable.gateway"];
            504: components["responses"]["504.temporal-timeout.gateway"];
        };
    };
    previewBatchUnpause: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Executes the change once: the same request with the same key gets the first response again, for as long as the ledger keeps the operation. Keys are per namespace. Without a key, every request is a new operation.
                 * @example 2f1c0f7e-8e0b-4c39-9e5c-0d5f9a4b7d11
                 */
                "Idempotency-Key"?: components["parameters"]["idempotencyKey"];
            };
            path: {
                /**
                 * @description A Temporal namespace that this deployment serves.
                 * @example prod.a1b2c
                 */
                namespace: components["parameters"]["namespace"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PreviewBatchUnpauseRequest"];
            };
        };
        responses: {
            /** @description The number of runs that match and a sample of them, with a preview of each if the action is a reset. */
            200: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchPreview"];
                };
            };
            400: components["responses"]["400.invalid-request.gateway"];
            401: components["responses"]["401.gateway"];
            403: components["responses"]["403.gateway"];
            404: components["responses"]["404.namespace-not-configured.gateway"];
            409: components["responses"]["409.batch-workflow.system-workflow.pause-unsupported"];
            413: components["responses"]["413.payload-too-large.gateway"];
            415: components["responses"]["415.gateway"];
            422: components["responses"]["422.response-too-large"];
            429: components["responses"]["429.throttled.gateway"];
            500: components["responses"]["500.internal.gateway"];
            502: components["responses"]["502.configuration.gateway"];
            503: components["responses"]["503.temporal-unavailable.gateway"];
            504: components["responses"]["504.temporal-timeout.gateway"];
        };
    };
    previewBatchUpdateOptions: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Executes the change once: the same request with the same key gets the first response again, for as long as the ledger keeps the operation. Keys are per namespace. Without a key, every request is a new operation.
                 * @example 2f1c0f7e-8e0b-4c39-9e5c-0d5f9a4b7d11
                 */
                "Idempotency-Key"?: components["parameters"]["idempotencyKey"];
            };
            path: {
                /**
                 * @description A Temporal namespace that this deployment serves.
                 * @example prod.a1b2c
                 */
                namespace: components["parameters"]["namespace"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PreviewBatchUpdateOptionsRequest"];
            };
        };
        responses: {
            /** @description The number of runs that match and a sample of them, with a preview of each if the action is a reset. */
            200: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchPreview"];
                };
            };
            400: components["responses"]["400.invalid-request.gateway"];
            401: components["responses"]["401.gateway"];
            403: components["responses"]["403.gateway"];
            404: components["responses"]["404.namespace-not-configured.gateway"];
            409: components["responses"]["409.batch-workflow.system-workflow"];
            413: components["responses"]["413.payload-too-large.gateway"];
            415: components["responses"]["415.gateway"];
            422: components["responses"]["422.response-too-large"];
            429: components["responses"]["429.throttled.gateway"];
            500: components["responses"]["500.internal.gateway"];
            502: components["responses"]["502.configuration.gateway"];
            503: components["responses"]["503.temporal-unavailable.gateway"];
            504: components["responses"]["504.temporal-timeout.gateway"];
        };
    };
    getBatchOperation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A Temporal namespace that this deployment serves.
                 * @example prod.a1b2c
                 */
                namespace: components["parameters"]["namespace"];
                /**
                 * @description The `operationId` in the response to a change.
                 * @example op-3f9a51c2b7d84e60a1f2c3d4e5f60718
                 */
                operationId: components["parameters"]["operationId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its state, the number of workflows by outcome and by kind of failure, and the remaining time. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchOperation"];
                };
            };
            400: components["responses"]["400.invalid-request.gateway"];
            401: components["responses"]["401.gateway"];
            403: components["responses"]["403.gateway"];
            404: components["responses"]["404.namespace-not-configured.operation-not-found.gateway"];
            413: components["responses"]["413.gateway"];
            415: components["responses"]["415.gateway"];
            422: components["responses"]["422.response-too-large"];
            429: components["responses"]["429.throttled.gateway"];
            500: components["responses"]["500.internal.gateway"];
            502: components["responses"]["502.configuration.gateway"];
            503: components["responses"]["503.temporal-unavailable.ledger-unavailable.gateway"];
            504: components["responses"]["504.temporal-timeout.gateway"];
        };
    };
    listBatchItems: {
        parameters: {
            query?: {
                /** @description one of succeeded, failed, failedAgain, stuck, notBegun, wentOn, completed, stillRunning; all when left out */
                outcome?: "succeeded" | "failed" | "failedAgain" | "stuck" | "notBegun" | "wentOn" | "completed" | "stillRunning";
                /** @description a whole number from 1 to 100 */
                pageSize?: number;
                /** @description the nextPageToken of the previous page; the first page when left out */
                pageToken?: string;
            };
            header?: never;
            path: {
                /**
                 * @description A Temporal namespace that this deployment serves.
                 * @example prod.a1b2c
                 */
                namespace: components["parameters"]["namespace"];
                /**
                 * @description The `operationId` in the response to a change.
                 * @example op-3f9a51c2b7d84e60a1f2c3d4e5f60718
                 */
                operationId: components["parameters"]["operationId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The operation on each workflow, with its result or failure. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchItems"];
                };
            };
            400: components["responses"]["400.invalid-request.gateway"];
            401: components["responses"]["401.gateway"];
            403: components["responses"]["403.gateway"];
            404: components["responses"]["404.namespace-not-configured.operation-not-found.gateway"];
            409: components["responses"]["409.unsupported-by-engine"];
            413: components["responses"]["413.gateway"];
            415: components["responses"]["415.gateway"];
            422: components["responses"]["422.response-too-large"];
            429: components["responses"]["429.throttled.gateway"];
            500: components["responses"]["500.internal.gateway"];
            502: components["responses"]["502.configuration.gateway"];
            503: components["responses"]["503.temporal-unavailable.ledger-unavailable.gateway"];
            504: components["responses"]["504.temporal-timeout.gateway"];
        };
    };
    cancelBatchOperation: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Executes the change once: the same request with the same key gets the first response again, for as long as the ledger keeps the operation. Keys are per namespace. Without a key, every request is a new operation.
                 * @example 2f1c0f7e-8e0b-4c39-9e5c-0d5f9a4b7d11
                 */
                "Idempotency-Key"?: components["parameters"]["idempotencyKey"];
            };
            path: {
                /**
                 * @description A Temporal namespace that this deployment serves.
                 * @example prod.a1b2c
                 */
                namespace: components["parameters"]["namespace"];
                /**
                 * @description The `operationId` in the response to a change.
                 * @example op-3f9a51c2b7d84e60a1f2c3d4e5f60718
                 */
                operationId: components["parameters"]["operationId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CancelBatchOperationRequest"];
            };
        };
        responses: {
            /** @description A stop is requested, or the batch operation had already ended. */
            202: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchStopResult"];
                };
            };
            400: components["responses"]["400.invalid-request.gateway"];
            401: components["responses"]["401.gateway"];
            403: components["responses"]["403.gateway"];
            404: components["responses"]["404.namespace-not-configured.operation-not-found.workflow-not-found.gateway"];
            409: components["responses"]["409.operation-in-progress"];
            413: components["responses"]["413.payload-too-large.gateway"];
            415: components["responses"]["415.gateway"];
            422: components["responses"]["422.response-too-large.idempotency-key-reused"];
            429: components["responses"]["429.throttled.gateway"];
            500: components["responses"]["500.internal.gateway"];
            502: components["responses"]["502.configuration.gateway"];
            503: components["responses"]["503.ledger-unavailable.temporal-unavailable.gateway"];
            504: components["responses"]["504.temporal-timeout.gateway"];
        };
    };
    suspendBatchOperation: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Executes the change once: the same request with the same key gets the first response again, for as long as the ledger keeps the operation. Keys are per namespace. Without a key, every request is a new operation.
                 * @example 2f1c0f7e-8e0b-4c39-9e5c-0d5f9a4b7d11
                 */
                "Idempotency-Key"?: components["parameters"]["idempotencyKey"];
            };
            path: {
                /**
                 * @description A Temporal namespace that this deployment serves.
                 * @example prod.a1b2c
                 */
                namespace: components["parameters"]["namespace"];
                /**
                 * @description The `operationId` in the response to a change.
                 * @example op-3f9a51c2b7d84e60a1f2c3d4e5f60718
                 */
                operationId: components["parameters"]["operationId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SuspendBatchOperationRequest"];
            };
        };
        responses: {
            /** @description The batch operation is suspended, or had already ended. */
            200: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchSuspension"];
                };
            };
            400: components["responses"]["400.invalid-request.gateway"];
            401: components["responses"]["401.gateway"];
            403: components["responses"]["403.gateway"];
            404: components["responses"]["404.namespace-not-configured.operation-not-found.gateway"];
            409: components["responses"]["409.operation-in-progress.unsupported-by-engine.conflict"];
            413: components["responses"]["413.payload-too-large.gateway"];
            415: components["responses"]["415.gateway"];
            422: components["responses"]["422.response-too-large.idempotency-key-reused"];
            429: components["responses"]["429.throttled.gateway"];
            500: components["responses"]["500.internal.gateway"];
            502: components["responses"]["502.configuration.gateway"];
            503: components["responses"]["503.ledger-unavailable.temporal-unavailable.gateway"];
            504: components["responses"]["504.temporal-timeout.gateway"];
        };
    };
    resumeBatchOperation: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Executes the change once: the same request with the same key gets the first response again, for as long as the ledger keeps the operation. Keys are per namespace. Without a key, every request is a new operation.
                 * @example 2f1c0f7e-8e0b-4c39-9e5c-0d5f9a4b7d11
                 */
                "Idempotency-Key"?: components["parameters"]["idempotencyKey"];
            };
            path: {
                /**
                 * @description A Temporal namespace that this deployment serves.
                 * @example prod.a1b2c
                 */
                namespace: components["parameters"]["namespace"];
                /**
                 * @description The `operationId` in the response to a change.
                 * @example op-3f9a51c2b7d84e60a1f2c3d4e5f60718
                 */
                operationId: components["parameters"]["operationId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResumeBatchOperationRequest"];
            };
        };
        responses: {
            /** @description The batch operation continues, was not suspended, or had already ended. */
            200: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchSuspension"];
                };
            };
            400: components["responses"]["400.invalid-request.gateway"];
            401: components["responses"]["401.gateway"];
            403: components["responses"]["403.gateway"];
            404: components["responses"]["404.namespace-not-configured.operation-not-found.gateway"];
            409: components["responses"]["409.operation-in-progress.unsupported-by-engine.conflict"];
            413: components["responses"]["413.payload-too-large.gateway"];
            415: components["responses"]["415.gateway"];
            422: components["responses"]["422.response-too-large.idempotency-key-reused"];
            429: components["responses"]["429.throttled.gateway"];
            500: components["responses"]["500.internal.gateway"];
            502: components["responses"]["502.configuration.gateway"];
            503: components["responses"]["503.ledger-unavailable.temporal-unavailable.gateway"];
            504: components["responses"]["504.temporal-timeout.gateway"];
        };
    };
    retryBatchOperation: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Executes the change once: the same request with the same key gets the first response again, for as long as the ledger keeps the operation. Keys are per namespace. Without a key, every request is a new operation.
                 * @example 2f1c0f7e-8e0b-4c39-9e5c-0d5f9a4b7d11
                 */
                "Idempotency-Key"?: components["parameters"]["idempotencyKey"];
            };
            path: {
                /**
                 * @description A Temporal namespace that this deployment serves.
                 * @example prod.a1b2c
                 */
                namespace: components["parameters"]["namespace"];
                /**
                 * @description The `operationId` in the response to a change.
                 * @example op-3f9a51c2b7d84e60a1f2c3d4e5f60718
                 */
                operationId: components["parameters"]["operationId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RetryBatchOperationRequest"];
            };
        };
        responses: {
            /** @description The new batch operation was started. `Location` is the URL of its progress. */
            202: {
                headers: {
                    Location: components["headers"]["location"];
                    "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchStarted"];
                };
            };
            400: components["responses"]["400.invalid-request.gateway"];
            401: components["responses"]["401.gateway"];
            403: components["responses"]["403.gateway"];
            404: components["responses"]["404.namespace-not-configured.operation-not-found.gateway"];
            409: components["responses"]["409.operation-in-progress.conflict.unsupported-by-engine.pause-unsupported"];
            413: components["responses"]["413.payload-too-large.gateway"];
            415: components["responses"]["415.gateway"];
            422: components["responses"]["422.response-too-large.idempotency-key-reused"];
            429: components["responses"]["429.throttled.gateway"];
            500: components["responses"]["500.internal.gateway"];
            502: components["responses"]["502.configuration.gateway"];
            503: components["responses"]["503.ledger-unavailable.temporal-unavailable.gateway"];
            504: components["responses"]["504.temporal-timeout.gateway"];
        };
    };
    listRejectedEvents: {
        parameters: {
            query?: {
                /** @description the name of a trigger, or "cancellationRequests": 1 to 40 characters */
                trigger?: string;
                /** @description a kind of failure, as in the type of a problem: "invalid-request" */
                kind?: "invalid-request" | "payload-too-large" | "namespace-not-configured" | "workflow-not-found" | "run-not-found" | "pause-unsupported" | "activity-not-found" | "not-a-reset-point" | "conflict" | "batch-workflow" | "system-workflow" | "idempotency-key-reused" | "operation-in-progress" | "operation-not-found" | "too-many-matches" | "unsupported-by-engine" | "ledger-unavailable" | "queue-unavailable" | "too-many-waiting" | "throttled" | "temporal-unavailable" | "temporal-timeout" | "configuration" | "outcome-unknown" | "response-too-large" | "internal";
                /** @description one of "rejected", "redriven", "handled"; "rejected" when left out, which includes the state "redriving" */
                state?: "rejected" | "redriven" | "handled";
                /** @description a time in RFC 3339 such as "2026-01-31T12:00:00Z", with its offset: rejected then or later */
                since?: string;
                /** @description a time in RFC 3339 such as "2026-01-31T12:00:00Z", with its offset, not before since: rejected then or before */
                until?: string;
                /** @description a whole number from 1 to 100 */
                pageSize?: number;
                /** @description the nextPageToken of the previous page; the first page when left out */
                pageToken?: string;
            };
            header?: never;
            path: {
                /**
                 * @description A Temporal namespace that this deployment serves.
                 * @example prod.a1b2c
                 */
                namespace: components["parameters"]["namespace"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rejected events, most recently rejected first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RejectedEvents"];
                };
            };
            400: components["responses"]["400.invalid-request.gateway"];
            401: components["responses"]["401.gateway"];
            403: components["responses"]["403.gateway"];
            404: components["responses"]["404.namespace-not-configured.gateway"];
            413: components["responses"]["413.gateway"];
            415: components["responses"]["415.gateway"];
            422: components["responses"]["422.response-too-large"];
            429: components["responses"]["429.gateway"];
            500: components["responses"]["500.internal.gateway"];
            502: components["responses"]["502.gateway"];
            503: components["responses"]["503.ledger-unavailable.gateway"];
            504: components["responses"]["504.temporal-timeout.gateway"];
        };
    };
    redriveRejectedEvents: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Executes the change once: the same request with the same key gets the first response again, for as long as the ledger keeps the operation. Keys are per namespace. Without a key, every request is a new operation.
                 * @example 2f1c0f7e-8e0b-4c39-9e5c-0d5f9a4b7d11
                 */
                "Idempotency-Key"?: components["parameters"]["idempotencyKey"];
            };
            path: {
                /**
                 * @description A Temporal namespace that this deployment serves.
                 * @example prod.a1b2c
                 */
                namespace: components["parameters"]["namespace"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RedriveRejectedEventsRequest"];
            };
        };
        responses: {
            /** @description With `dryRun`: which events would be redriven. Nothing was sent. */
            200: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RedrivePreview"];
                };
            };
            /** @description The events are in the event queue. */
            202: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RedriveResult"];
                };
            };
            400: components["responses"]["400.invalid-request.gateway"];
            401: components["responses"]["401.gateway"];
            403: components["responses"]["403.gateway"];
            404: components["responses"]["404.namespace-not-configured.gateway"];
            413: components["responses"]["413.payload-too-large.gateway"];
            415: components["responses"]["415.gateway"];
            422: components["responses"]["422.response-too-large.idempotency-key-reused"];
            429: components["responses"]["429.gateway"];
            500: components["responses"]["500.internal.gateway"];
            502: components["responses"]["502.gateway"];
            503: components["responses"]["503.ledger-unavailable.queue-unavailable.gateway"];
            504: components["responses"]["504.temporal-timeout.gateway"];
        };
    };
    startRollback: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Executes the change once: the same request with the same key gets the first response again, for as long as the ledger keeps the operation. Keys are per namespace. Without a key, every request is a new operation.
                 * @example 2f1c0f7e-8e0b-4c39-9e5c-0d5f9a4b7d11
                 */
                "Idempotency-Key"?: components["parameters"]["idempotencyKey"];
            };
            path: {
                /**
                 * @description A Temporal namespace that this deployment serves.
                 * @example prod.a1b2c
                 */
                namespace: components["parameters"]["namespace"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StartRollbackRequest"];
            };
        };
        responses: {
            /** @description With `dryRun`: what the rollback would do. Nothing was changed. */
            200: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchPreview"];
                };
            };
            /** @description The rollback was started. `Location` is the URL of its progress. */
            202: {
                headers: {
                    Location: components["headers"]["location"];
                    "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchStarted"];
                };
            };
            400: components["responses"]["400.invalid-request.gateway"];
            401: components["responses"]["401.gateway"];
            403: components["responses"]["403.gateway"];
            404: components["responses"]["404.namespace-not-configured.gateway"];
            409: components["responses"]["409.operation-in-progress.conflict"];
            413: components["responses"]["413.payload-too-large.gateway"];
            415: components["responses"]["415.gateway"];
            422: components["responses"]["422.response-too-large.idempotency-key-reused.too-many-matches"];
            429: components["responses"]["429.throttled.gateway"];
            500: components["responses"]["500.internal.gateway"];
            502: components["responses"]["502.configuration.gateway"];
            503: components["responses"]["503.ledger-unavailable.temporal-unavailable.gateway"];
            504: components["responses"]["504.temporal-timeout.gateway"];
        };
    };
}
