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
        /** Describe a workflow, and why it does not proceed or has failed */
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
        /** List what happened in a run */
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
        /** List where a run can be reset to */
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
         * @description A request is not the end: the workflow’s code decides how it handles a cancellation. Done once under an `Idempotency-Key`; the same request under the same key gets the first response again.
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
         * @description Ends it at once; its code does not run again. Done once under an `Idempotency-Key`; the same request under the same key gets the first response again.
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
         * @description Starts a new run that continues from there. Done once under an `Idempotency-Key`; the same request under the same key gets the first response again.
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
         * @description Its code gets no task until it is unpaused, and no attempt of an activity begins. What a worker executes continues; timers and timeouts keep running. Needs Temporal 1.30 or newer, with pausing enabled. Done once under an `Idempotency-Key`; the same request under the same key gets the first response again.
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
         * @description Done once under an `Idempotency-Key`; the same request under the same key gets the first response again.
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
         * Start a closed workflow anew
         * @description Starts a new run as a closed one was started: with its type, task queue, input, memo, search attributes, timeouts, retry policy and cron schedule. For a workflow that no reset point helps. Done once under an `Idempotency-Key`; the same request under the same key gets the first response again.
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
         * @description Sets or removes the versioning override of an open run. Done once under an `Idempotency-Key`; the same request under the same key gets the first response again.
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
         * Execute a pending activity now, with its attempts from the start
         * @description A paused one is unpaused unless `keepPaused` is true. Temporal’s history does not show it: the ledger is its record. After a lost response, the same request under the same key responds with `outcome-unknown` where the activity does not show whether it was changed. Done once under an `Idempotency-Key`; the same request under the same key gets the first response again.
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
         * @description No other attempt begins; timeouts keep running. One that a worker executes may end. Temporal’s history does not show it: the ledger is its record. After a lost response, the same request under the same key responds with `outcome-unknown` where the activity does not show whether it was changed. Done once under an `Idempotency-Key`; the same request under the same key gets the first response again.
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
         * @description Temporal’s history does not show it: the ledger is its record. After a lost response, the same request under the same key responds with `outcome-unknown` where the activity does not show whether it was changed. Done once under an `Idempotency-Key`; the same request under the same key gets the first response again.
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
         * @description Operations that match all that is given: on a workflow, or within a time range. Without either, those of the last 7 days.
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
         * @description Either all that a visibility query matches, or those named. Done once under an `Idempotency-Key`; the same request under the same key gets the first response again.
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
         * @description Nothing is changed. It takes the role of the action, not that of a batch operation.
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
         * @description Nothing is changed. It takes the role of the action, not that of a batch operation.
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
         * @description Nothing is changed. It takes the role of the action, not that of a batch operation.
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
         * @description Nothing is changed. It takes the role of the action, not that of a batch operation.
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
         * @description Nothing is changed. It takes the role of the action, not that of a batch operation.
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
         * @description Nothing is changed. It takes the role of the action, not that of a batch operation.
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
        /** List the operation of a batch on each workflow */
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
         * Stop a batch operation after what is in flight
         * @description Done once under an `Idempotency-Key`; the same request under the same key gets the first response again.
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
         * Suspend a batch operation after what is in flight
         * @description It begins no workflow until it is resumed. Done once under an `Idempotency-Key`; the same request under the same key gets the first response again.
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
         * @description Done once under an `Idempotency-Key`; the same request under the same key gets the first response again.
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
         * Repeat what failed in a batch operation
         * @description Or what it left undone. It is a batch operation of its own. Done once under an `Idempotency-Key`; the same request under the same key gets the first response again.
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
         * List events that were rejected
         * @description Events that cannot succeed, and those that used up their time, without their details. Those that name no configured namespace are under the namespace `_unknown`.
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
         * @description Sends them to the event queue again, where their trigger as it is now applies. An event is redriven once for each time it was rejected, however often the request is repeated; under the same `Idempotency-Key` only once at all. So repeat a request with `more` under its key. What fails again is listed again. Each is an operation `redrive` of the ledger.
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
         * @description Resets what the build touched to the last point before it, again for what it still picks up. A batch operation: its routes show, suspend and stop it. Done once under an `Idempotency-Key`; the same request under the same key gets the first response again.
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
                /** @description The run in the Temporal Web UI, where one is configured. */
                webUi?: string;
            };
            workflowType: string;
            taskQueue: string;
            /** @description Events, as visibility has them: 0 for an open run. */
            historyLength: number;
            /**
             * Format: date-time
             * @description When its first workflow task is due, after a start delay or a cron back-off.
             */
            executionTime?: string;
            /**
             * @description It executes a batch operation of Rewind.
             * @constant
             */
            ownedBy?: "rewind";
        };
        Workflows: {
            namespace: string;
            /** @description Runs that match, in the server’s order: newest first. */
            workflows: components["schemas"]["ListedWorkflow"][];
            /** @description Present while there are more. */
            nextPageToken?: string;
        };
        WorkflowCount: {
            namespace: string;
            /** @description Runs that match. */
            count: number;
            /** @description With `GROUP BY`: the values of the attributes, and the runs that have them. */
            groups?: {
                values: unknown[];
                count: number;
            }[];
        };
        Stuck: {
            /**
             * @description No worker that may take the workflow’s task polls its task queue.
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
            /** @description The version that the run is pinned to: only its workers may take the task. */
            deploymentVersion?: {
                deploymentName: string;
                buildId: string;
            };
        } | {
            /**
             * @description The workflow’s code fails at each attempt.
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
             * @description An activity is paused: an attempt that runs may end, and no other begins.
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
             * @description No worker that may take the activity polls its task queue.
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
             * @description An activity without heartbeats may not be told of the cancellation.
             * @constant
             */
            kind: "activityNotHeartbeating";
            explanation: string;
            activityId: string;
            activityType: string;
            /** @description 0 when not set. */
            startToCloseTimeoutSeconds: number;
            /** @description 0 when not set. */
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
            /** @description Of the innermost cause; at most 2,000 characters. The reason of a termination. */
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
             * @description How the later run follows from the earlier.
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
            /** @description 0: none is set, so this activity may not be told of a cancellation. */
            heartbeatTimeoutSeconds: number;
            startToCloseTimeoutSeconds: number;
            /**
             * Format: date-time
             * @description When the next attempt is due, while it waits for it.
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
             * @description When the next attempt is due, while it waits for it.
             */
            nextAttemptTime?: string;
            /** @description 0: none is set. */
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
                /** @description The run in the Temporal Web UI, where one is configured. */
                webUi?: string;
            };
            /** @description First run of the chain: send it to act on this chain of runs and on no successor. */
            firstExecutionRunId: string;
            workflowType: string;
            taskQueue: string;
            /** @description A cancellation was requested; the workflow’s code may not have received it yet. */
            cancelRequested: boolean;
            historyLength: number;
            historySizeBytes: number;
            /** @description Why an open run does not proceed: the reasons that a cancellation gives. Empty when nothing shows that it is stuck. */
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
            /** @description The run before this one in the chain; after a reset, the run that this one’s history began in. */
            predecessor?: components["schemas"]["NeighbouringRun"];
            /** @description The run that continues this one, once it has closed. */
            successor?: components["schemas"]["NeighbouringRun"];
            /** @description 0: none is set. The expiration times are those of this chain and of this run. */
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
            /** @description Present while the first workflow task of the run is not yet due. */
            backoff?: {
                /** Format: date-time */
                until: string;
                /** @enum {string} */
                cause: "startDelay" | "cron" | "retry" | "continuedAsNew";
            };
            /** @description Present when the run’s workers have a deployment version, or its versioning was overridden. */
            versioning?: {
                /** @enum {string} */
                behavior: "Unspecified" | "Pinned" | "AutoUpgrade";
                /** @description Version of the worker that completed the last workflow task. */
                deploymentVersion?: {
                    deploymentName: string;
                    buildId: string;
                };
                /** @description The only version whose workers get its tasks, by behavior or override. */
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
                /** @description From 2 on the task has failed or timed out before. */
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
            /** @description What happened, in a line. */
            label: string;
            /**
             * @description `pending` and `started`: it has not ended, or not before the run closed.
             * @enum {string}
             */
            state?: "pending" | "started" | "completed" | "failed" | "timedOut" | "canceled" | "terminated" | "continuedAsNew" | "fired";
            /** @description The event that began it: entries are in the order of these. */
            eventId: number;
            /** @description All its events, oldest first. */
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
            /** @description Of the child workflow, or of the workflow that was signaled or asked to cancel. */
            workflowId?: string;
            /** @description Of the child workflow; for a reset, of the run that was reset. */
            runId?: string;
            /** @description Attempts begun, of an activity or of a workflow task. */
            attempts?: number;
            /** @description Message of the last failure, also where a later attempt succeeded. */
            failure?: string;
            /**
             * @description The workflow asked it to cancel.
             * @constant
             */
            cancelRequested?: true;
            /** @description Of the client or worker that did it, as Temporal records it. */
            identity?: string;
            /** @description Of a cancellation, termination, reset or pause. */
            reason?: string;
            /** @description The operation of Rewind that did it, by the tag in its reason. */
            operationId?: string;
            /** @description Who requested that operation, by the same tag. */
            actor?: {
                id: string;
            };
            /** @description `target.eventId` of a reset to before it: what its workflow task did runs again. */
            resetPoint?: number;
        };
        History: {
            namespace: string;
            workflowId: string;
            runId: string;
            /** @description By the event that began each, newest first. */
            entries: components["schemas"]["HistoryEntry"][];
            /** @description Present while there are more. */
            nextPageToken?: string;
        };
        ResetPoint: {
            /** @description What `target.eventId` of a reset takes. */
            eventId: number;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            time?: string;
            /** @description What runs again from here, or what had just happened. */
            label: string;
            /** @description Build id of the worker that completed the task; of its worker deployment version where it has one. */
            buildId?: string;
            /** @description false: the server refuses `{"buildId": …}` as a target here, because children, cancellations or signals to others were pending or the point has expired. Its event id is accepted all the same. */
            resettable: boolean;
        };
        ResetPoints: {
            namespace: string;
            workflowId: string;
            runId: string;
            /** @description Newest first. */
            resetPoints: components["schemas"]["ResetPoint"][];
            /** @description Present while there are more. */
            nextPageToken?: string;
        };
        CancelResult: {
            /** @description Finds the operation in the ledger; Temporal’s history has it too. */
            operationId: string;
            /**
             * @description `requested`: the cancellation is in the workflow’s history, and its code decides when and how it ends. `alreadyRequested`: it was requested before; the server keeps the first request only. `alreadyClosed`: there was nothing to cancel.
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
                /** @description The run in the Temporal Web UI, where one is configured. */
                webUi?: string;
            };
            /** @description The run that continues the closed one and was not asked to cancel by this request. */
            successorRunId?: string;
            /** @description Seconds spent waiting, where `waitSeconds` was given. */
            waitedSeconds?: number;
            /** @description After a wait, while the run is open: what keeps it from ending. Empty when nothing shows. */
            stuck?: components["schemas"]["Stuck"][];
        };
        TerminateResult: {
            /** @description Finds the operation in the ledger; Temporal’s history has it too. */
            operationId: string;
            /**
             * @description `alreadyClosed`: it had closed, in `status`, before this request could end it.
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
                /** @description The run in the Temporal Web UI, where one is configured. */
                webUi?: string;
            };
            /** @description The run that continues the closed one and was not terminated by this request. */
            successorRunId?: string;
        };
        Discarded: {
            /** @description Events at the reset point and after it. */
            events: number;
            activities: {
                total: number;
                newest: {
                    activityId?: string;
                    activityType?: string;
                    /** @description The event that scheduled it, or the marker with the result of a local activity. */
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
                     * @description `reapplied` when it was started before the reset point: then its end reaches the new run.
                     * @enum {string}
                     */
                    fate: "reexecuted" | "reapplied" | "dropped";
                }[];
            };
            signals: {
                total: number;
                newest: {
                    name: string;
                    eventId: number;
                    /**
                     * @description `reexecuted`: the new run does it again; `reapplied`: the server carries it over.
                     * @enum {string}
                     */
                    fate: "reexecuted" | "reapplied" | "dropped";
                }[];
            };
            updates: {
                total: number;
                newest: {
                    name: string;
                    eventId: number;
                    /**
                     * @description `reexecuted`: the new run does it again; `reapplied`: the server carries it over.
                     * @enum {string}
                     */
                    fate: "reexecuted" | "reapplied" | "dropped";
                }[];
            };
            nexusOperations: {
                total: number;
                newest: {
                    name: string;
                    eventId: number;
                }[];
            };
            /** @description Cancellation requests after the reset point; they are never carried over. */
            cancelRequests: number;
        };
        OrphanedChild: {
            workflowId: string;
            /** @description The run that its parent started: the first of its chain. */
            runId: string;
            workflowType: string;
            /** @enum {string} */
            parentClosePolicy: "Unspecified" | "Terminate" | "Abandon" | "RequestCancel";
            /** @description The run that started it. */
            parentRunId: string;
            /** @description The operation on it, where one was asked for. */
            operation?: {
                /** @description Finds the operation in the ledger; Temporal’s history has it too. */
                operationId: string;
                outcome: string;
            };
            /** @description Why the operation on it failed. The same request under the same key tries again. */
            failure?: {
                kind: string;
                message: string;
            };
        };
        MissingChildResult: {
            workflowId: string;
            /** @description The run that its parent started: the first of its chain. */
            runId: string;
            workflowType: string;
            /** @description How it closed. Absent once its retention has ended. */
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
            /** @description Activities that are started or wait for a retry. */
            pendingActivities: components["schemas"]["PendingActivity"][];
            /** @description Children that are left without a parent, and the operation on each. 50 at most are listed. */
            orphanedChildren: components["schemas"]["OrphanedChild"][];
            /** @description How many there are, listed or not. */
            orphanedChildrenTotal: number;
            /** @description Children that were started before the reset point and closed after the run had closed. Temporal does not send their results to the new run: where it waits for one, it does not proceed. A reset to before such a child starts it again. 50 at most are listed. */
            missingChildResults: components["schemas"]["MissingChildResult"][];
            /** @description How many there are, listed or not. */
            missingChildResultsTotal: number;
            /** @description The live run that would be terminated. */
            terminatesRunId?: string;
            links: {
                /** @description The run in the Temporal Web UI, where one is configured. */
                webUi?: string;
            };
        };
        SentSignal: {
            signalName: string;
            /**
             * @description Unless it is `sent`, the same request under the same key sends it again; the new run gets it once.
             * @enum {string}
             */
            outcome: "sent" | "notSent" | "unknown";
            /** @description false: a worker had taken the first workflow task of the new run before the signal came. */
            beforeFirstWorkflowTask?: boolean;
            /** @description Why it was not sent, or why that is unknown. */
            why?: string;
        };
        NewRun: {
            status: components["schemas"]["WorkflowStatus"];
            /**
             * @description `completed`, `continuedAsNew`: it ended well. `pastResetPoint`: open, and beyond the workflow task that the reset gave it. `begun`: it has completed that task, and waits for what the task started. `failedAgain`: it failed as the run before it did. `failed`: it failed otherwise. `closed`: it was canceled, terminated or timed out. `stuck`: it does not proceed; `stuck` says why, also beside `pastResetPoint` where it waits for something that does not proceed. `waiting`: it has not completed its first task, and nothing shows why.
             * @enum {string}
             */
            progress: "completed" | "continuedAsNew" | "pastResetPoint" | "begun" | "failedAgain" | "failed" | "closed" | "stuck" | "waiting";
            failure?: string;
            stuck?: components["schemas"]["Stuck"][];
            /** @description Seconds spent waiting, to a tenth. */
            waitedSeconds: number;
        };
        ResetResult: {
            /** @description Finds the operation in the ledger; Temporal’s history has it too. */
            operationId: string;
            /** @constant */
            outcome: "reset";
            namespace: string;
            workflowId: string;
            /** @description The run that was reset. */
            runId: string;
            /** @description The run that continues from the reset point. */
            newRunId: string;
            /** @description Events before this one were kept. */
            eventId: number;
            /** @description Why it is this event. */
            why: string;
            /** @description The live run that the server terminated. */
            terminatedRunId?: string;
            /** @description Children that are left without a parent, and the operation on each. 50 at most are listed. */
            orphanedChildren: components["schemas"]["OrphanedChild"][];
            /** @description How many there are, listed or not. */
            orphanedChildrenTotal: number;
            /** @description Children that were started before the reset point and closed after the run had closed. Temporal does not send their results to the new run: where it waits for one, it does not proceed. A reset to before such a child starts it again. 50 at most are listed. */
            missingChildResults: components["schemas"]["MissingChildResult"][];
            /** @description How many there are, listed or not. */
            missingChildResultsTotal: number;
            /** @description What became of the signal, where one was asked for. */
            thenSignal?: components["schemas"]["SentSignal"];
            /** @description How far the new run got, where `waitSeconds` was given. */
            newRun?: components["schemas"]["NewRun"];
            links: {
                /** @description The run in the Temporal Web UI, where one is configured. */
                webUi?: string;
            };
        };
        PauseResult: {
            /** @description Finds the operation in the ledger; Temporal’s history has it too. */
            operationId: string;
            /**
             * @description `alreadyPaused`: by another operation, which `until` does not end. `alreadyClosed`: it had closed, in `status`.
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
                /** @description The run in the Temporal Web UI, where one is configured. */
                webUi?: string;
            };
            /**
             * Format: date-time
             * @description When Rewind unpauses it, within a minute.
             */
            until?: string;
        };
        UnpauseResult: {
            /** @description Finds the operation in the ledger; Temporal’s history has it too. */
            operationId: string;
            /**
             * @description `alreadyClosed`: it had closed, in `status`.
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
                /** @description The run in the Temporal Web UI, where one is configured. */
                webUi?: string;
            };
        };
        RestartResult: {
            /** @description Finds the operation in the ledger; Temporal’s history has it too. */
            operationId: string;
            /**
             * @description `terminatedOnly`: the run in `terminateRunId` was terminated, and then no new one was started: another run was, or the request broke off.
             * @enum {string}
             */
            outcome: "restarted" | "terminatedOnly";
            namespace: string;
            workflowId: string;
            /** @description The run whose start was repeated; with `terminatedOnly` the run that was terminated. */
            runId: string;
            /** @description The run that was started. */
            newRunId?: string;
            /** @description The live run that was terminated for it. */
            terminatedRunId?: string;
            /** @description With `terminatedOnly`: the run that another request has started meanwhile. */
            currentRunId?: string;
            links: {
                /** @description The run in the Temporal Web UI, where one is configured. */
                webUi?: string;
            };
        };
        UpdateOptionsResult: {
            /** @description Finds the operation in the ledger; Temporal’s history has it too. */
            operationId: string;
            /**
             * @description `unchanged`: it had this override before. `alreadyClosed`: it had closed, in `status`.
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
                /** @description The run in the Temporal Web UI, where one is configured. */
                webUi?: string;
            };
            /** @description After the request. */
            versioningOverride: ("autoUpgrade" | "none") | {
                pinned: {
                    deploymentName: string;
                    buildId: string;
                };
            };
            /** @description Before it. Absent where an earlier attempt made the change. */
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
             * @description After the change. `PauseRequested`: an attempt runs, and no other begins after it. `Ended`: it ended meanwhile. Absent where Temporal did not show it.
             * @enum {string}
             */
            state?: "Unspecified" | "Scheduled" | "Started" | "CancelRequested" | "Paused" | "PauseRequested" | "Ended";
            attempt?: number;
            /** @description Of a reset: the attempt that a worker executes and whose result Temporal refuses now, as asked for, or because it began right before the reset. The next one begins when it times out. */
            discardedAttempt?: number;
        };
        ResetActivityResult: {
            /** @description Finds the operation in the ledger; Temporal’s history has it too. */
            operationId: string;
            /**
             * @description `reset`: its attempts count from 1 again, and the next one is due now. `alreadyEnded`: the activities ended before this request could change them. `alreadyClosed`: the run had closed, in `status`.
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
                /** @description The run in the Temporal Web UI, where one is configured. */
                webUi?: string;
            };
            /** @description Those that the request is about. Empty for a closed run. */
            activities: components["schemas"]["ChangedActivity"][];
        };
        PauseActivityResult: {
            /** @description Finds the operation in the ledger; Temporal’s history has it too. */
            operationId: string;
            /**
             * @description `paused`: no other attempt begins. `alreadyPaused`: they were paused before. `alreadyEnded`: the activities ended before this request could change them. `alreadyClosed`: the run had closed, in `status`.
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
                /** @description The run in the Temporal Web UI, where one is configured. */
                webUi?: string;
            };
            /** @description Those that the request is about. Empty for a closed run. */
            activities: components["schemas"]["ChangedActivity"][];
        };
        UnpauseActivityResult: {
            /** @description Finds the operation in the ledger; Temporal’s history has it too. */
            operationId: string;
            /**
             * @description `unpaused`: the next attempt is due now. `notPaused`: none of them was paused. `alreadyEnded`: the activities ended before this request could change them. `alreadyClosed`: the run had closed, in `status`.
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
                /** @description The run in the Temporal Web UI, where one is configured. */
                webUi?: string;
            };
            /** @description Those that the request is about. Empty for a closed run. */
            activities: components["schemas"]["ChangedActivity"][];
        };
        BatchStarted: {
            /** @description Finds the operation in the ledger; Temporal’s history has it too. */
            operationId: string;
            /** @enum {string} */
            outcome: "started" | "nothingMatched";
            /** @enum {string} */
            state: "running" | "completed";
            /**
             * @description `worker`: Rewind’s worker. `server`: Temporal’s own batch engine, which reports much less.
             * @enum {string}
             */
            engine: "worker" | "server";
            namespace: string;
            /** @description Runs that matched; of each workflow the latest one is processed, except by Temporal’s own engine. */
            matched: number;
            /** @description False when no worker polls: the batch operation waits for one. */
            workerPolling?: boolean;
            explanation?: string;
            /** @description What this engine does not do for the action, each as a sentence. */
            limitations?: string[];
            links: {
                /** @description The run in the Temporal Web UI, where one is configured. */
                webUi?: string;
            };
        };
        BatchStopResult: components["schemas"]["CancelResult"] | {
            /** @description Finds the operation in the ledger; Temporal’s history has it too. */
            operationId: string;
            /**
             * @description `alreadyClosed`: it had closed, in `status`, before this request could end it.
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
                /** @description The run in the Temporal Web UI, where one is configured. */
                webUi?: string;
            };
            /** @description The run that continues the closed one and was not terminated by this request. */
            successorRunId?: string;
            matched: number;
            /** @description Workflows that were processed, whatever their outcome. */
            done: number;
            /** @description Of those, by the outcome of each one’s operation. Temporal’s own engine counts them all as `succeeded`. */
            outcomes: {
                [key: string]: number;
            };
            /** @description Of those, the failures by kind; `unexplained` by Temporal’s own engine. */
            failed: {
                [key: string]: number;
            };
            /** @description Runs that were skipped, because their workflow has a later one. */
            skipped: number;
            /** @description By kind of failure: one workflow that failed so, and why. */
            failureExamples?: {
                [key: string]: {
                    workflowId: string;
                    message: string;
                };
            };
            /** @description With `followSeconds`, of the new runs that were followed: `wentOn`: open and past the reset point, or continued as new. `failedAgain`: closed, and not as completed. `stuck`: something keeps it from proceeding. `stillRunning`: not past the reset point yet. */
            progress?: {
                wentOn: number;
                completed: number;
                failedAgain: number;
                stuck: number;
                stillRunning: number;
            };
            /** @description Where it was started with a `canary`: the verdict on it. */
            canary?: {
                /**
                 * @description `underway`: they are being done. `waiting`: they are done, and followed. `passed`: the others follow. `failed`: no other is begun.
                 * @enum {string}
                 */
                state: "underway" | "waiting" | "passed" | "failed";
                /** @description How many they are. */
                count: number;
                /** @description Of those, the failures so far: in their operation, or again in their new run. */
                failed: number;
                /**
                 * Format: date-time
                 * @description With `waiting`: when it is decided, at the latest.
                 */
                until?: string;
            };
        };
        BatchSuspension: {
            /** @description Finds the operation in the ledger; Temporal’s history has it too. */
            operationId: string;
            /**
             * @description `alreadySuspended`, `notSuspended` and `alreadyEnded`: nothing was done.
             * @enum {string}
             */
            outcome: "suspended" | "alreadySuspended" | "resumed" | "notSuspended" | "alreadyEnded";
            namespace: string;
            /** @description Finds the operation in the ledger; Temporal’s history has it too. */
            batchOperationId: string;
            /** @enum {string} */
            state: "running" | "completed" | "cancelled" | "failed" | "suspended";
            matched: number;
            /** @description Workflows that were processed, as far as that is recorded. */
            done: number;
        };
        Operation: {
            /** @description Finds the operation in the ledger; Temporal’s history has it too. */
            operationId: string;
            namespace: string;
            workflowId: string;
            /** @description What was asked for: `cancel`, `terminate`, `reset`, `pause`, `unpause`, `restart`, `updateOptions`, `resetActivity`, `pauseActivity`, `unpauseActivity`, `batch`, `suspend`, `resume`, `redrive`; `suspend` and `resume` of a batch operation. */
            verb: string;
            actor: {
                /** @description ARN of the IAM caller, or `event:<source>/<event id>` for an event. */
                id: string;
            };
            reason: string;
            /** @description Of the first request: find it by this id in the logs. */
            requestId?: string;
            /** @description The request as its schema accepted it; with `workflowCount` in place of `workflows`, and `retryOf` where it repeats what failed in a batch operation. */
            request: {
                [key: string]: unknown;
            };
            /**
             * @description `started`: written before the operation is executed. `completed`: it was executed, or there was nothing to do. `refused`: nothing was done, and asking again changes nothing. `failed`: nothing was done; the same request under the same key tries again. `unknown`: Temporal did not respond; the same request first looks up what happened.
             * @enum {string}
             */
            state: "started" | "completed" | "refused" | "failed" | "unknown";
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            requestedAt: string;
            attempt: number;
            /** @description The run it is executed on. */
            runId?: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            completedAt?: string;
            /** @description The result’s `outcome`, or the kind of failure. */
            outcome?: string;
            /** @description The first result. */
            answer?: components["schemas"]["CancelResult"] | components["schemas"]["TerminateResult"] | components["schemas"]["ResetResult"] | components["schemas"]["PauseResult"] | components["schemas"]["UnpauseResult"] | components["schemas"]["RestartResult"] | components["schemas"]["UpdateOptionsResult"] | components["schemas"]["ResetActivityResult"] | components["schemas"]["PauseActivityResult"] | components["schemas"]["UnpauseActivityResult"] | components["schemas"]["BatchStarted"] | components["schemas"]["BatchStopResult"] | components["schemas"]["BatchSuspension"];
            failure?: {
                /** @enum {string} */
                kind: "invalid-request" | "payload-too-large" | "namespace-not-configured" | "workflow-not-found" | "run-not-found" | "pause-unsupported" | "activity-not-found" | "not-a-reset-point" | "conflict" | "batch-workflow" | "idempotency-key-reused" | "operation-in-progress" | "operation-not-found" | "too-many-matches" | "unsupported-by-engine" | "ledger-unavailable" | "queue-unavailable" | "too-many-waiting" | "throttled" | "temporal-unavailable" | "temporal-timeout" | "configuration" | "outcome-unknown" | "response-too-large" | "internal";
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
             * @description When Rewind checks next what is not known yet.
             */
            nextCheckAt?: string;
            /** @description How the workflow closed after a cancellation was requested. */
            settled?: {
                status: string;
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC.
                 */
                closeTime?: string;
            };
            /** @description What kept the workflow from closing after a cancellation, or the batch operation from proceeding, when it was checked last. */
            stuck?: ("noPoller" | "workflowTaskFailing" | "workflowPaused" | "activityPaused" | "noActivityPoller" | "activityNotHeartbeating" | "childStuck" | "childResultMissing" | "activityFailing")[];
            /** @description The batch operation that this one is an item of. */
            batchOperationId?: string;
            /**
             * @description Of a batch operation that follows its new runs: how far this one got.
             * @enum {string}
             */
            progress?: "wentOn" | "completed" | "failedAgain" | "stuck" | "stillRunning";
            /** @description With the verb `batch`: its progress. */
            batch?: {
                /** @enum {string} */
                state: "running" | "completed" | "cancelled" | "failed";
                matched: number;
                progress: {
                    /** @description Workflows that were processed, whatever their outcome. */
                    done: number;
                    /** @description Of those, by the outcome of each one’s operation. Temporal’s own engine counts them all as `succeeded`. */
                    outcomes: {
                        [key: string]: number;
                    };
                    /** @description Of those, the failures by kind; `unexplained` by Temporal’s own engine. */
                    failed: {
                        [key: string]: number;
                    };
                    /** @description Runs that were skipped, because their workflow has a later one. */
                    skipped: number;
                    /** @description By kind of failure: one workflow that failed so, and why. */
                    failureExamples?: {
                        [key: string]: {
                            workflowId: string;
                            message: string;
                        };
                    };
                    /** @description With `followSeconds`, of the new runs that were followed: `wentOn`: open and past the reset point, or continued as new. `failedAgain`: closed, and not as completed. `stuck`: something keeps it from proceeding. `stillRunning`: not past the reset point yet. */
                    progress?: {
                        wentOn: number;
                        completed: number;
                        failedAgain: number;
                        stuck: number;
                        stillRunning: number;
                    };
                    /** @description Where it was started with a `canary`: the verdict on it. */
                    canary?: {
                        /**
                         * @description `underway`: they are being done. `waiting`: they are done, and followed. `passed`: the others follow. `failed`: no other is begun.
                         * @enum {string}
                         */
                        state: "underway" | "waiting" | "passed" | "failed";
                        /** @description How many they are. */
                        count: number;
                        /** @description Of those, the failures so far: in their operation, or again in their new run. */
                        failed: number;
                        /**
                         * Format: date-time
                         * @description With `waiting`: when it is decided, at the latest.
                         */
                        until?: string;
                    };
                };
                /** @description With the state `failed`: why. */
                failure?: string;
            };
            /**
             * Format: date-time
             * @description With the verb `batch`: when it was asked to stop.
             */
            stopRequestedAt?: string;
            /**
             * Format: date-time
             * @description With the verb `batch`: since when it is suspended.
             */
            suspendedAt?: string;
        };
        Operations: {
            namespace: string;
            /** @description Newest first. */
            operations: components["schemas"]["Operation"][];
            /** @description Present while there are more. */
            nextPageToken?: string;
        };
        BatchOperation: {
            /** @description Finds the operation in the ledger; Temporal’s history has it too. */
            operationId: string;
            namespace: string;
            /** @enum {string} */
            state: "running" | "completed" | "cancelled" | "failed" | "suspended";
            /**
             * @description `worker`: Rewind’s worker. `server`: Temporal’s own batch engine, which reports much less.
             * @enum {string}
             */
            engine: "worker" | "server";
            /** @enum {string} */
            action: "cancel" | "terminate" | "reset" | "pause" | "unpause" | "updateOptions";
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
            /** @description Workflows that were processed, whatever their outcome. */
            done: number;
            /** @description Of those, by the outcome of each one’s operation. Temporal’s own engine counts them all as `succeeded`. */
            outcomes: {
                [key: string]: number;
            };
            /** @description Of those, the failures by kind; `unexplained` by Temporal’s own engine. */
            failed: {
                [key: string]: number;
            };
            /** @description Runs that were skipped, because their workflow has a later one. */
            skipped: number;
            /** @description By kind of failure: one workflow that failed so, and why. */
            failureExamples?: {
                [key: string]: {
                    workflowId: string;
                    message: string;
                };
            };
            /** @description With `followSeconds`, of the new runs that were followed: `wentOn`: open and past the reset point, or continued as new. `failedAgain`: closed, and not as completed. `stuck`: something keeps it from proceeding. `stillRunning`: not past the reset point yet. */
            progress?: {
                wentOn: number;
                completed: number;
                failedAgain: number;
                stuck: number;
                stillRunning: number;
            };
            /** @description Where it was started with a `canary`: the verdict on it. */
            canary?: {
                /**
                 * @description `underway`: they are being done. `waiting`: they are done, and followed. `passed`: the others follow. `failed`: no other is begun.
                 * @enum {string}
                 */
                state: "underway" | "waiting" | "passed" | "failed";
                /** @description How many they are. */
                count: number;
                /** @description Of those, the failures so far: in their operation, or again in their new run. */
                failed: number;
                /**
                 * Format: date-time
                 * @description With `waiting`: when it is decided, at the latest.
                 */
                until?: string;
            };
            /**
             * Format: date-time
             * @description When it was asked to stop. No workflow is begun after that.
             */
            stopRequestedAt?: string;
            /** @description Of a rollback: what it rolls back, and its report so far. */
            rollback?: {
                deploymentName: string;
                badBuildId: string;
                toBuildId: string;
                /** @description New runs that completed, continued as new, or are past the reset point. */
                repaired: number;
                /** @description New runs that failed again or are stuck. */
                failedAgain: number;
                /** @description New runs that are not past the reset point yet, or were not followed to it. */
                stillRunning: number;
                /** @description Workflows that were not reset. `failed` and `failureExamples` say why. */
                notRepairable: number;
            };
            /**
             * Format: date-time
             * @description With the state `suspended`: since when. No workflow is begun while it is.
             */
            suspendedAt?: string;
            /** @description With the state `failed`: why. */
            failure?: string;
            /** @description While it is running: what keeps it from proceeding, such as `noPoller`, when no worker polls its task queue, or `activityFailing`, when its worker cannot list or record and tries again. */
            stuck?: ("noPoller" | "workflowTaskFailing" | "workflowPaused" | "activityPaused" | "noActivityPoller" | "activityNotHeartbeating" | "childStuck" | "childResultMissing" | "activityFailing")[];
            /** @description With `activityFailing`: why the worker’s last attempt failed. */
            lastFailure?: string;
            /** @description Workflows a second, since it was started. */
            ratePerSecond?: number;
            /** @description Workflows a second, in the last 15 seconds or so. */
            ratePerSecondNow?: number;
            /** @description While it is running, at the rate of now where that is known. */
            secondsLeft?: number;
        };
        BatchOperations: {
            namespace: string;
            /** @description Newest first. */
            batchOperations: components["schemas"]["BatchOperation"][];
            /** @description Present while there are more. */
            nextPageToken?: string;
        };
        BatchPreview: {
            /** @constant */
            outcome: "preview";
            /**
             * @description `worker`: Rewind’s worker. `server`: Temporal’s own batch engine, which reports much less.
             * @enum {string}
             */
            engine: "worker" | "server";
            namespace: string;
            matched: number;
            /** @description Whether it would be refused for matching more than `maxWorkflows`. */
            tooMany: boolean;
            /** @description Some of what matched, with what a reset would do to each. */
            sample: {
                workflowId: string;
                runId?: string;
                reset?: components["schemas"]["ResetPreview"];
                refused?: string;
            }[];
            /** @description Of a reset: what the new runs of the sample execute again, by activity type, as far as each preview lists it. */
            reexecutedActivities?: {
                [key: string]: number;
            };
            /** @description What this engine does not do for the action, each as a sentence. */
            limitations?: string[];
        };
        BatchItems: {
            /** @description Finds the operation in the ledger; Temporal’s history has it too. */
            operationId: string;
            /** @description Each workflow’s operation, newest first. */
            items: components["schemas"]["Operation"][];
            /** @description In place of `items` with `outcome=notBegun`: what has no operation yet, in the order of the listing. */
            notBegun?: {
                workflowId: string;
                runId?: string;
            }[];
            /** @description Present while there are more. */
            nextPageToken?: string;
        };
        RejectedEvent: {
            /** @description Names it in a redrive: the same for each delivery of the event to the trigger. */
            rejectedEventId: string;
            /** @description Of the trigger or the request; `_unknown` where it names none that is configured. */
            namespace: string;
            /** @description Name of the trigger, or `cancellationRequests`. */
            trigger: string;
            /**
             * @description The kind of failure that the event was rejected for.
             * @enum {string}
             */
            kind: "invalid-request" | "payload-too-large" | "namespace-not-configured" | "workflow-not-found" | "run-not-found" | "pause-unsupported" | "activity-not-found" | "not-a-reset-point" | "conflict" | "batch-workflow" | "idempotency-key-reused" | "operation-in-progress" | "operation-not-found" | "too-many-matches" | "unsupported-by-engine" | "ledger-unavailable" | "queue-unavailable" | "too-many-waiting" | "throttled" | "temporal-unavailable" | "temporal-timeout" | "configuration" | "outcome-unknown" | "response-too-large" | "internal";
            /** @description Why, in words. */
            reason: string;
            /** @description EventBridge’s `id` of the event. */
            eventId: string;
            source: string;
            detailType: string;
            /**
             * Format: date-time
             * @description When it arrived: a workflow that was started anew under its id since is not changed.
             */
            arrivedAt?: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            firstRejectedAt: string;
            /**
             * Format: date-time
             * @description The last time it was rejected.
             */
            rejectedAt: string;
            /**
             * @description `rejected`: it waits to be redriven. `redriving`: a request is about to send it again, or died at that; another sends it. `redriven`: it was sent again, and is handled or rejected soon. `handled`: it succeeded after that.
             * @enum {string}
             */
            state: "rejected" | "redriving" | "redriven" | "handled";
            /** @description How often it was redriven. One that is `rejected` after that has failed again. */
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
            /** @description With `handled`: as of the operation, or the kind of failure that means there is nothing to do. */
            outcome?: string;
        };
        RejectedEvents: {
            namespace: string;
            /** @description The one that was rejected last comes first. */
            rejectedEvents: components["schemas"]["RejectedEvent"][];
            /** @description Present while there are more. */
            nextPageToken?: string;
        };
        RedrivePreview: {
            /** @constant */
            outcome: "preview";
            namespace: string;
            /** @description How many would be redriven: 1000 at most. */
            matched: number;
            /** @description Whether there are more: a request redrives 1000 at most. */
            more: boolean;
            /** @description Some of them, with the event itself. */
            sample: {
                /** @description Names it in a redrive: the same for each delivery of the event to the trigger. */
                rejectedEventId: string;
                /** @description Of the trigger or the request; `_unknown` where it names none that is configured. */
                namespace: string;
                /** @description Name of the trigger, or `cancellationRequests`. */
                trigger: string;
                /**
                 * @description The kind of failure that the event was rejected for.
                 * @enum {string}
                 */
                kind: "invalid-request" | "payload-too-large" | "namespace-not-configured" | "workflow-not-found" | "run-not-found" | "pause-unsupported" | "activity-not-found" | "not-a-reset-point" | "conflict" | "batch-workflow" | "idempotency-key-reused" | "operation-in-progress" | "operation-not-found" | "too-many-matches" | "unsupported-by-engine" | "ledger-unavailable" | "queue-unavailable" | "too-many-waiting" | "throttled" | "temporal-unavailable" | "temporal-timeout" | "configuration" | "outcome-unknown" | "response-too-large" | "internal";
                /** @description Why, in words. */
                reason: string;
                /** @description EventBridge’s `id` of the event. */
                eventId: string;
                source: string;
                detailType: string;
                /**
                 * Format: date-time
                 * @description When it arrived: a workflow that was started anew under its id since is not changed.
                 */
                arrivedAt?: string;
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC.
                 */
                firstRejectedAt: string;
                /**
                 * Format: date-time
                 * @description The last time it was rejected.
                 */
                rejectedAt: string;
                /**
                 * @description `rejected`: it waits to be redriven. `redriving`: a request is about to send it again, or died at that; another sends it. `redriven`: it was sent again, and is handled or rejected soon. `handled`: it succeeded after that.
                 * @enum {string}
                 */
                state: "rejected" | "redriving" | "redriven" | "handled";
                /** @description How often it was redriven. One that is `rejected` after that has failed again. */
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
                /** @description With `handled`: as of the operation, or the kind of failure that means there is nothing to do. */
                outcome?: string;
                /** @description The event as EventBridge delivered it, with its detail. */
                event: {
                    [key: string]: unknown;
                };
            }[];
        };
        RedriveResult: {
            /** @constant */
            outcome: "redriven";
            namespace: string;
            /** @description How many were sent again. */
            redriven: number;
            /** @description Whether there are more: a request redrives 1000 at most. */
            more: boolean;
            /** @description Of `rejectedEventIds`: those that were redriven already, and those of which this namespace has no record. */
            skipped: {
                rejectedEventId: string;
                /** @enum {string} */
                state: "redriven" | "handled" | "unknown";
            }[];
        };
        Problem: {
            /** @description Stable: match on it, not on words. */
            type: string;
            title: string;
            status: number;
            detail: string;
            /** @description API Gateway’s: find the request by this id in the logs. */
            requestId: string;
            /** @description Each field that was refused, with its value and what is allowed. */
            errors?: {
                field: string;
                value?: unknown;
                allowed: string;
            }[];
            /** @description With `not-a-reset-point`: the newest points there are. */
            resetPoints?: components["schemas"]["ResetPoint"][];
        };
        GatewayProblem: {
            /** @description Stable: match on it, not on words. */
            type: string;
            title: string;
            status?: number;
            detail: string;
            /** @description API Gateway’s: find the request by this id in the logs. */
            requestId: string;
        };
        CancelWorkflowRequest: {
            /** @description a string of 1 to 1000 bytes in UTF-8 */
            workflowId: string;
            /** @description the UUID of a run, or left out for the latest run */
            runId?: string;
            /** @description the UUID of the first run of a chain, as describe shows it, or left out */
            firstExecutionRunId?: string;
            /** @description a string of 1 to 1000 characters that are not all blank */
            reason: string;
            /** @description a number of seconds from 0 to 25 */
            waitSeconds?: number;
        };
        TerminateWorkflowRequest: {
            /** @description a string of 1 to 1000 bytes in UTF-8 */
            workflowId: string;
            /** @description the UUID of a run, or left out for the latest run */
            runId?: string;
            /** @description the UUID of the first run of a chain, as describe shows it, or left out */
            firstExecutionRunId?: string;
            /** @description a string of 1 to 1000 characters that are not all blank */
            reason: string;
        };
        ResetWorkflowRequest: {
            /** @description a string of 1 to 1000 bytes in UTF-8 */
            workflowId: string;
            /** @description the UUID of a run, or left out for the latest run */
            runId?: string;
            /** @description a string of 1 to 1000 characters that are not all blank */
            reason: string;
            /** @description an object with exactly one of eventId, at, beforeActivity, beforeFailure, beforeTime, buildId, beforeBuildId, back */
            target: {
                /** @description the eventId, an integer, of one of the points that GET …/workflows/reset-points lists */
                eventId?: number;
                /**
                 * @description one of "firstWorkflowTask", "lastWorkflowTask", "lastContinuedAsNew"
                 * @enum {string}
                 */
                at?: "firstWorkflowTask" | "lastWorkflowTask" | "lastContinuedAsNew";
                /** @description an object with either "type" or "activityId", and perhaps "occurrence" */
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
                /** @description a whole number of workflow tasks before the last one, from 0 */
                back?: number;
            };
            /** @description the UUID of the run that has to be the current one, or left out */
            ifCurrentRunId?: string;
            /** @description the UUID of the live run that may be terminated when an older run is reset, or left out */
            terminateRunId?: string;
            /** @description a list of what not to carry over into the new run: "signals", "updates", "nexus" */
            excludeReapply?: ("signals" | "updates" | "nexus")[];
            /** @description "autoUpgrade", {"pinned": {"deploymentName": "…", "buildId": "…"}} or, for the next workflow task only where the server has that, {"oneTime": {"deploymentName": "…", "buildId": "…"}} */
            versioningOverride?: "autoUpgrade" | {
                pinned: {
                    /** @description "autoUpgrade", {"pinned": {"deploymentName": "…", "buildId": "…"}} or, for the next workflow task only where the server has that, {"oneTime": {"deploymentName": "…", "buildId": "…"}} */
                    deploymentName: string;
                    /** @description "autoUpgrade", {"pinned": {"deploymentName": "…", "buildId": "…"}} or, for the next workflow task only where the server has that, {"oneTime": {"deploymentName": "…", "buildId": "…"}} */
                    buildId: string;
                };
            } | {
                oneTime: {
                    /** @description "autoUpgrade", {"pinned": {"deploymentName": "…", "buildId": "…"}} or, for the next workflow task only where the server has that, {"oneTime": {"deploymentName": "…", "buildId": "…"}} */
                    deploymentName: string;
                    /** @description "autoUpgrade", {"pinned": {"deploymentName": "…", "buildId": "…"}} or, for the next workflow task only where the server has that, {"oneTime": {"deploymentName": "…", "buildId": "…"}} */
                    buildId: string;
                };
            };
            /**
             * @description one of "leave", "cancel", "terminate"; "leave" when left out
             * @enum {string}
             */
            orphanedChildren?: "leave" | "cancel" | "terminate";
            /** @description an object with "signalName", and perhaps "input", a JSON value that is its only argument */
            thenSignal?: {
                /** @description an object with "signalName", and perhaps "input", a JSON value that is its only argument */
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
            /** @description the UUID of a run, or left out for the latest run */
            runId?: string;
            /** @description the UUID of the first run of a chain, as describe shows it, or left out */
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
            /** @description the UUID of a run, or left out for the latest run */
            runId?: string;
            /** @description the UUID of the first run of a chain, as describe shows it, or left out */
            firstExecutionRunId?: string;
            /** @description a string of 1 to 1000 characters that are not all blank */
            reason: string;
        };
        RestartWorkflowRequest: {
            /** @description a string of 1 to 1000 bytes in UTF-8 */
            workflowId: string;
            /** @description the UUID of a run, or left out for the latest run */
            runId?: string;
            /** @description the UUID of the live run that may be terminated, or left out */
            terminateRunId?: string;
            /**
             * @description "allowDuplicate" to restart a workflow that has completed, too; "allowDuplicateFailedOnly" when left out
             * @enum {string}
             */
            workflowIdReusePolicy?: "allowDuplicateFailedOnly" | "allowDuplicate";
            /** @description a string of 1 to 1000 characters that are not all blank */
            reason: string;
        };
        UpdateWorkflowOptionsRequest: {
            /** @description a string of 1 to 1000 bytes in UTF-8 */
            workflowId: string;
            /** @description the UUID of a run, or left out for the latest run */
            runId?: string;
            /** @description the UUID of the first run of a chain, as describe shows it, or left out */
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
            /** @description the UUID of a run, or left out for the latest run */
            runId?: string;
            /** @description the id of a pending activity, of 1 to 1000 characters; either this or activityType */
            activityId?: string;
            /** @description the type of pending activities, of 1 to 1000 characters; all of them are meant */
            activityType?: string;
            /** @description a string of 1 to 1000 characters that are not all blank */
            reason: string;
            /** @description true to leave paused activities paused, or false; false when left out */
            keepPaused?: boolean;
            /** @description true to drop the heartbeat details of earlier attempts, or false; false when left out */
            resetHeartbeat?: boolean;
            /** @description true to reset an activity also while a worker executes it, or false; false when left out */
            discardRunningAttempt?: boolean;
        } & (unknown | unknown);
        PauseActivityRequest: {
            /** @description a string of 1 to 1000 bytes in UTF-8 */
            workflowId: string;
            /** @description the UUID of a run, or left out for the latest run */
            runId?: string;
            /** @description the id of a pending activity, of 1 to 1000 characters; either this or activityType */
            activityId?: string;
            /** @description the type of pending activities, of 1 to 1000 characters; all of them are meant */
            activityType?: string;
            /** @description a string of 1 to 1000 characters that are not all blank */
            reason: string;
        } & (unknown | unknown);
        UnpauseActivityRequest: {
            /** @description a string of 1 to 1000 bytes in UTF-8 */
            workflowId: string;
            /** @description the UUID of a run, or left out for the latest run */
            runId?: string;
            /** @description the id of a pending activity, of 1 to 1000 characters; either this or activityType */
            activityId?: string;
            /** @description the type of pending activities, of 1 to 1000 characters; all of them are meant */
            activityType?: string;
            /** @description a string of 1 to 1000 characters that are not all blank */
            reason: string;
        } & (unknown | unknown);
        PreviewBatchCancellationRequest: {
            /**
             * @description one of "worker", "server" (Temporal's own batch engine); "worker" when left out
             * @default worker
             * @enum {string}
             */
            engine?: "worker" | "server";
            /** @description a visibility query, without null characters; exactly one of "query" and "workflows" */
            query?: string;
            /** @description a list of 1 to 10000 workflow ids; exactly one of "query" and "workflows" */
            workflows?: string[];
            /** @description a list of 1 to 100 workflow ids that are left as they are */
            exclude?: string[];
            /**
             * @description a whole number from 1 to 100000; 1000 when left out
             * @default 1000
             */
            maxWorkflows?: number;
        } & (unknown | unknown);
        PreviewBatchTerminationRequest: {
            /**
             * @description one of "worker", "server" (Temporal's own batch engine); "worker" when left out
             * @default worker
             * @enum {string}
             */
            engine?: "worker" | "server";
            /** @description a visibility query, without null characters; exactly one of "query" and "workflows" */
            query?: string;
            /** @description a list of 1 to 10000 workflow ids; exactly one of "query" and "workflows" */
            workflows?: string[];
            /** @description a list of 1 to 100 workflow ids that are left as they are */
            exclude?: string[];
            /**
             * @description a whole number from 1 to 100000; 1000 when left out
             * @default 1000
             */
            maxWorkflows?: number;
        } & (unknown | unknown);
        PreviewBatchResetRequest: {
            /**
             * @description one of "worker", "server" (Temporal's own batch engine); "worker" when left out
             * @default worker
             * @enum {string}
             */
            engine?: "worker" | "server";
            /** @description a visibility query, without null characters; exactly one of "query" and "workflows" */
            query?: string;
            /** @description a list of 1 to 10000 workflow ids; exactly one of "query" and "workflows" */
            workflows?: string[];
            /** @description a list of 1 to 100 workflow ids that are left as they are */
            exclude?: string[];
            /**
             * @description a whole number from 1 to 100000; 1000 when left out
             * @default 1000
             */
            maxWorkflows?: number;
            /** @description an object with exactly one of eventId, at, beforeActivity, beforeFailure, beforeTime, buildId, beforeBuildId, back */
            target: {
                /** @description the eventId, an integer, of one of the points that GET …/workflows/reset-points lists */
                eventId?: number;
                /**
                 * @description one of "firstWorkflowTask", "lastWorkflowTask", "lastContinuedAsNew"
                 * @enum {string}
                 */
                at?: "firstWorkflowTask" | "lastWorkflowTask" | "lastContinuedAsNew";
                /** @description an object with either "type" or "activityId", and perhaps "occurrence" */
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
                /** @description a whole number of workflow tasks before the last one, from 0 */
                back?: number;
            };
            /** @description a list of what not to carry over into the new run: "signals", "updates", "nexus" */
            excludeReapply?: ("signals" | "updates" | "nexus")[];
            /** @description "autoUpgrade", {"pinned": {"deploymentName": "…", "buildId": "…"}} or, for the next workflow task only where the server has that, {"oneTime": {"deploymentName": "…", "buildId": "…"}} */
            versioningOverride?: "autoUpgrade" | {
                pinned: {
                    /** @description "autoUpgrade", {"pinned": {"deploymentName": "…", "buildId": "…"}} or, for the next workflow task only where the server has that, {"oneTime": {"deploymentName": "…", "buildId": "…"}} */
                    deploymentName: string;
                    /** @description "autoUpgrade", {"pinned": {"deploymentName": "…", "buildId": "…"}} or, for the next workflow task only where the server has that, {"oneTime": {"deploymentName": "…", "buildId": "…"}} */
                    buildId: string;
                };
            } | {
                oneTime: {
                    /** @description "autoUpgrade", {"pinned": {"deploymentName": "…", "buildId": "…"}} or, for the next workflow task only where the server has that, {"oneTime": {"deploymentName": "…", "buildId": "…"}} */
                    deploymentName: string;
                    /** @description "autoUpgrade", {"pinned": {"deploymentName": "…", "buildId": "…"}} or, for the next workflow task only where the server has that, {"oneTime": {"deploymentName": "…", "buildId": "…"}} */
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
             * @description one of "worker", "server" (Temporal's own batch engine); "worker" when left out
             * @default worker
             * @enum {string}
             */
            engine?: "worker" | "server";
            /** @description a visibility query, without null characters; exactly one of "query" and "workflows" */
            query?: string;
            /** @description a list of 1 to 10000 workflow ids; exactly one of "query" and "workflows" */
            workflows?: string[];
            /** @description a list of 1 to 100 workflow ids that are left as they are */
            exclude?: string[];
            /**
             * @description a whole number from 1 to 100000; 1000 when left out
             * @default 1000
             */
            maxWorkflows?: number;
        } & (unknown | unknown);
        PreviewBatchUnpauseRequest: {
            /**
             * @description one of "worker", "server" (Temporal's own batch engine); "worker" when left out
             * @default worker
             * @enum {string}
             */
            engine?: "worker" | "server";
            /** @description a visibility query, without null characters; exactly one of "query" and "workflows" */
            query?: string;
            /** @description a list of 1 to 10000 workflow ids; exactly one of "query" and "workflows" */
            workflows?: string[];
            /** @description a list of 1 to 100 workflow ids that are left as they are */
            exclude?: string[];
            /**
             * @description a whole number from 1 to 100000; 1000 when left out
             * @default 1000
             */
            maxWorkflows?: number;
        } & (unknown | unknown);
        PreviewBatchUpdateOptionsRequest: {
            /**
             * @description one of "worker", "server" (Temporal's own batch engine); "worker" when left out
             * @default worker
             * @enum {string}
             */
            engine?: "worker" | "server";
            /** @description a visibility query, without null characters; exactly one of "query" and "workflows" */
            query?: string;
            /** @description a list of 1 to 10000 workflow ids; exactly one of "query" and "workflows" */
            workflows?: string[];
            /** @description a list of 1 to 100 workflow ids that are left as they are */
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
             * @description one of "worker", "server" (Temporal's own batch engine); "worker" when left out
             * @default worker
             * @enum {string}
             */
            engine?: "worker" | "server";
            /** @description a visibility query, without null characters; exactly one of "query" and "workflows" */
            query?: string;
            /** @description a list of 1 to 10000 workflow ids; exactly one of "query" and "workflows" */
            workflows?: string[];
            /** @description a list of 1 to 100 workflow ids that are left as they are */
            exclude?: string[];
            /** @description a string of 1 to 1000 characters that are not all blank */
            reason: string;
            /** @description an object with exactly one of eventId, at, beforeActivity, beforeFailure, beforeTime, buildId, beforeBuildId, back */
            target?: {
                /** @description the eventId, an integer, of one of the points that GET …/workflows/reset-points lists */
                eventId?: number;
                /**
                 * @description one of "firstWorkflowTask", "lastWorkflowTask", "lastContinuedAsNew"
                 * @enum {string}
                 */
                at?: "firstWorkflowTask" | "lastWorkflowTask" | "lastContinuedAsNew";
                /** @description an object with either "type" or "activityId", and perhaps "occurrence" */
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
                /** @description a whole number of workflow tasks before the last one, from 0 */
                back?: number;
            };
            /** @description a list of what not to carry over into the new run: "signals", "updates", "nexus" */
            excludeReapply?: ("signals" | "updates" | "nexus")[];
            /** @description with "reset", "autoUpgrade", {"pinned": {"deploymentName": "…", "buildId": "…"}} or, for the next workflow task only where the server has that, {"oneTime": {"deploymentName": "…", "buildId": "…"}}; required with "updateOptions": "autoUpgrade" or {"pinned": {"deploymentName": "…", "buildId": "…"}}, or "none" to remove the override; left out otherwise */
            versioningOverride?: ("autoUpgrade" | "none") | {
                pinned: {
                    /** @description with "reset", "autoUpgrade", {"pinned": {"deploymentName": "…", "buildId": "…"}} or, for the next workflow task only where the server has that, {"oneTime": {"deploymentName": "…", "buildId": "…"}}; required with "updateOptions": "autoUpgrade" or {"pinned": {"deploymentName": "…", "buildId": "…"}}, or "none" to remove the override; left out otherwise */
                    deploymentName: string;
                    /** @description with "reset", "autoUpgrade", {"pinned": {"deploymentName": "…", "buildId": "…"}} or, for the next workflow task only where the server has that, {"oneTime": {"deploymentName": "…", "buildId": "…"}}; required with "updateOptions": "autoUpgrade" or {"pinned": {"deploymentName": "…", "buildId": "…"}}, or "none" to remove the override; left out otherwise */
                    buildId: string;
                };
            } | {
                oneTime: {
                    /** @description with "reset", "autoUpgrade", {"pinned": {"deploymentName": "…", "buildId": "…"}} or, for the next workflow task only where the server has that, {"oneTime": {"deploymentName": "…", "buildId": "…"}}; required with "updateOptions": "autoUpgrade" or {"pinned": {"deploymentName": "…", "buildId": "…"}}, or "none" to remove the override; left out otherwise */
                    deploymentName: string;
                    /** @description with "reset", "autoUpgrade", {"pinned": {"deploymentName": "…", "buildId": "…"}} or, for the next workflow task only where the server has that, {"oneTime": {"deploymentName": "…", "buildId": "…"}}; required with "updateOptions": "autoUpgrade" or {"pinned": {"deploymentName": "…", "buildId": "…"}}, or "none" to remove the override; left out otherwise */
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
            /** @description how many have to match, as a preview counted them, from 0 to 100000; otherwise nothing is done */
            expectMatched?: number;
            /** @description with "reset" and "engine": "worker", for how many seconds each new run is followed, from 1 to 600 */
            followSeconds?: number;
            /** @description with "engine": "worker", an object with count, waitSeconds and maxFailureRate */
            canary?: {
                /** @description how many are done first, a whole number from 1 to 100 */
                count: number;
                /** @description for how many seconds they are followed before the others, from 0 to 600 */
                waitSeconds: number;
                /**
                 * @description the share of them that may fail, from 0 to 1; 0 when left out
                 * @default 0
                 */
                maxFailureRate?: number;
            };
            /** @description with "engine": "worker", a number above 0 and up to 1: it stops once such a share of those done has failed, of 10 at least */
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
            /** @description an object with exactly one of eventId, at, beforeActivity, beforeFailure, beforeTime, buildId, beforeBuildId, back */
            target?: {
                /** @description the eventId, an integer, of one of the points that GET …/workflows/reset-points lists */
                eventId?: number;
                /**
                 * @description one of "firstWorkflowTask", "lastWorkflowTask", "lastContinuedAsNew"
                 * @enum {string}
                 */
                at?: "firstWorkflowTask" | "lastWorkflowTask" | "lastContinuedAsNew";
                /** @description an object with either "type" or "activityId", and perhaps "occurrence" */
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
                /** @description a whole number of workflow tasks before the last one, from 0 */
                back?: number;
            };
            /** @description how many have to match, as a preview counted them, from 0 to 100000; otherwise nothing is done */
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
            /** @description the build id whose work is undone, of 1 to 255 characters; not the current or ramping version of the deployment */
            badBuildId: string;
            /** @description the build id that pinned runs move to, of 1 to 255 characters; that of the current version when left out */
            toBuildId?: string;
            /** @description a list of the statuses of closed runs that are reset too, of Completed, Failed, Canceled, Terminated, TimedOut; open runs only when left out */
            includeClosed?: ("Completed" | "Failed" | "Canceled" | "Terminated" | "TimedOut")[];
            /** @description a list of up to 50 workflow types: a run that began on the bad build is started anew only when its type is in it */
            restartTypes?: string[];
            /** @description a string of 1 to 1000 characters that are not all blank */
            reason: string;
            /** @description a list of 1 to 100 workflow ids that are left as they are */
            exclude?: string[];
            /** @description a list of what not to carry over into the new run: "signals", "updates", "nexus" */
            excludeReapply?: ("signals" | "updates" | "nexus")[];
            /**
             * @description one of "leave", "cancel", "terminate"; "leave" when left out
             * @enum {string}
             */
            orphanedChildren?: "leave" | "cancel" | "terminate";
            /** @description how many have to match, as a preview counted them, from 0 to 100000; otherwise nothing is done */
            expectMatched?: number;
            /** @description with "reset" and "engine": "worker", for how many seconds each new run is followed, from 1 to 600 */
            followSeconds?: number;
            /** @description with "engine": "worker", an object with count, waitSeconds and maxFailureRate */
            canary?: {
                /** @description how many are done first, a whole number from 1 to 100 */
                count: number;
                /** @description for how many seconds they are followed before the others, from 0 to 600 */
                waitSeconds: number;
                /**
                 * @description the share of them that may fail, from 0 to 1; 0 when left out
                 * @default 0
                 */
                maxFailureRate?: number;
            };
            /** @description with "engine": "worker", a number above 0 and up to 1: it stops once such a share of those done has failed, of 10 at least */
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
        /** @description The request was refused; The request is not valid. */
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
        /** @description The request was refused. */
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
        /** @description The request was refused; IAM does not allow this; Not signed, or no such route; The signature is not valid; The credentials have expired. */
        "403.gateway": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["GatewayProblem"] & {
                    /** @enum {unknown} */
                    type?: "urn:rewind:problem:refused-by-gateway" | "urn:rewind:problem:access-denied" | "urn:rewind:problem:unsigned-or-unknown-route" | "urn:rewind:problem:invalid-signature" | "urn:rewind:problem:expired-credentials";
                    /** @constant */
                    status?: 403;
                };
            };
        };
        /** @description The request was refused; Namespace not configured. */
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
        /** @description The request was refused. */
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
        /** @description The request was refused; Too many requests; Throttled by Temporal. */
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
        /** @description Rewind did not answer; Rewind failed. */
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
        /** @description Rewind did not answer; Rewind is not configured to reach this namespace. */
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
        /** @description Rewind did not answer; Temporal is unavailable. */
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
        /** @description Rewind did not answer; Rewind did not answer in time; Temporal did not respond in time. */
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
        /** @description The request was refused; Namespace not configured; Workflow not found; Run not found. */
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
        /** @description The operation is in progress; The workflow is not in the required state; The workflow executes a batch operation. */
        "409.operation-in-progress.conflict.batch-workflow": {
            headers: {
                "Retry-After": components["headers"]["retryAfter"];
                "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "urn:rewind:problem:operation-in-progress" | "urn:rewind:problem:conflict" | "urn:rewind:problem:batch-workflow";
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
        /** @description The request was refused; Too many requests; Throttled by Temporal; Too many requests wait. */
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
        /** @description Rewind did not answer; The operation ledger is unavailable; Temporal is unavailable. */
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
        /** @description The operation is in progress; The workflow is not in the required state; The workflow executes a batch operation; The namespace cannot pause workflows. */
        "409.operation-in-progress.conflict.batch-workflow.pause-unsupported": {
            headers: {
                "Retry-After": components["headers"]["retryAfter"];
                "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "urn:rewind:problem:operation-in-progress" | "urn:rewind:problem:conflict" | "urn:rewind:problem:batch-workflow" | "urn:rewind:problem:pause-unsupported";
                    /** @constant */
                    status?: 409;
                };
            };
        };
        /** @description The request was refused; Namespace not configured; Workflow not found; Run not found; No such pending activity. */
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
        /** @description The operation is in progress; The workflow executes a batch operation; The workflow is not in the required state. */
        "409.operation-in-progress.batch-workflow.conflict": {
            headers: {
                "Retry-After": components["headers"]["retryAfter"];
                "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "urn:rewind:problem:operation-in-progress" | "urn:rewind:problem:batch-workflow" | "urn:rewind:problem:conflict";
                    /** @constant */
                    status?: 409;
                };
            };
        };
        /** @description The operation is in progress; The workflow executes a batch operation. */
        "409.operation-in-progress.batch-workflow": {
            headers: {
                "Retry-After": components["headers"]["retryAfter"];
                "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "urn:rewind:problem:operation-in-progress" | "urn:rewind:problem:batch-workflow";
                    /** @constant */
                    status?: 409;
                };
            };
        };
        /** @description The request was refused; Too many requests. */
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
        /** @description Rewind did not answer. */
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
        /** @description Rewind did not answer; The operation ledger is unavailable. */
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
        /** @description The request was refused; Namespace not configured; Operation not found. */
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
        /** @description The namespace cannot pause workflows. */
        "409.pause-unsupported": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "urn:rewind:problem:pause-unsupported";
                    /** @constant */
                    status?: 409;
                };
            };
        };
        /** @description The operation is in progress; The workflow executes a batch operation; The workflow is not in the required state; The namespace cannot pause workflows. */
        "409.operation-in-progress.batch-workflow.conflict.pause-unsupported": {
            headers: {
                "Retry-After": components["headers"]["retryAfter"];
                "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "urn:rewind:problem:operation-in-progress" | "urn:rewind:problem:batch-workflow" | "urn:rewind:problem:conflict" | "urn:rewind:problem:pause-unsupported";
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
        /** @description Rewind did not answer; Temporal is unavailable; The operation ledger is unavailable. */
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
        /** @description The request was refused; Namespace not configured; Operation not found; Workflow not found. */
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
        /** @description The operation is in progress; The batch engine of this operation does not support this. */
        "409.operation-in-progress.unsupported-by-engine": {
            headers: {
                "Retry-After": components["headers"]["retryAfter"];
                "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "urn:rewind:problem:operation-in-progress" | "urn:rewind:problem:unsupported-by-engine";
                    /** @constant */
                    status?: 409;
                };
            };
        };
        /** @description The operation is in progress; The workflow is not in the required state; The batch engine of this operation does not support this; The namespace cannot pause workflows. */
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
        /** @description Rewind did not answer; The operation ledger is unavailable; The event queue is unavailable. */
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
         * @description As the answer to a change names it.
         * @example op-3f9a51c2b7d84e60a1f2c3d4e5f60718
         */
        operationId: string;
        /**
         * @description Makes the change happen once: the same request under the same key gets the first answer again, as long as the ledger keeps it. Per namespace. Without one, every request is an operation of its own.
         * @example 2f1c0f7e-8e0b-4c39-9e5c-0d5f9a4b7d11
         */
        idempotencyKey: string;
    };
    requestBodies: never;
    headers: {
        /** @description `true` when the response is the first one under this key; nothing was done this time. */
        idempotentReplayed: "true";
        /** @description Relative to the request’s URL. */
        location: string;
        /** @description Seconds after which trying again makes sense. */
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
                /** @description the nextPageToken of the page before, or left out for the first page */
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
            /** @description The runs that match, as Temporal’s visibility has them: up to seconds old. */
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
            /** @description How many runs match. */
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
                /** @description the UUID of a run, or left out for the latest run */
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
            /** @description Status, pending work, why an open run does not proceed and why a closed one failed, and the runs before and after it. */
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
                /** @description the UUID of a run, or left out for the latest run */
                runId?: string;
                /** @description a whole number from 1 to 100 */
                pageSize?: number;
                /** @description the nextPageToken of the page before, or left out for the first page */
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
            /** @description The history as a timeline, newest first: one entry for all events of an activity, timer or child. */
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
                /** @description the UUID of a run, or left out for the latest run */
                runId?: string;
                /** @description a whole number from 1 to 100 */
                pageSize?: number;
                /** @description the nextPageToken of the page before, or left out for the first page */
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
            /** @description The reset points, newest first. The server accepts every one of them. */
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
                 * @description Makes the change happen once: the same request under the same key gets the first answer again, as long as the ledger keeps it. Per namespace. Without one, every request is an operation of its own.
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
            /** @description The cancellation was requested now or before, or the workflow had closed. */
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
            409: components["responses"]["409.operation-in-progress.conflict.batch-workflow"];
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
                 * @description Makes the change happen once: the same request under the same key gets the first answer again, as long as the ledger keeps it. Per namespace. Without one, every request is an operation of its own.
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
            /** @description It was terminated, or had closed. */
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
            409: components["responses"]["409.operation-in-progress.conflict.batch-workflow"];
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
                 * @description Makes the change happen once: the same request under the same key gets the first answer again, as long as the ledger keeps it. Per namespace. Without one, every request is an operation of its own.
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
            /** @description The workflow was reset; `Location` describes the new run. */
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
            409: components["responses"]["409.operation-in-progress.conflict.batch-workflow"];
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
                 * @description Makes the change happen once: the same request under the same key gets the first answer again, as long as the ledger keeps it. Per namespace. Without one, every request is an operation of its own.
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
            /** @description It is paused, or had closed. */
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
            409: components["responses"]["409.operation-in-progress.conflict.batch-workflow.pause-unsupported"];
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
                 * @description Makes the change happen once: the same request under the same key gets the first answer again, as long as the ledger keeps it. Per namespace. Without one, every request is an operation of its own.
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
            /** @description It is not paused, or had closed. */
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
            409: components["responses"]["409.operation-in-progress.conflict.batch-workflow.pause-unsupported"];
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
                 * @description Makes the change happen once: the same request under the same key gets the first answer again, as long as the ledger keeps it. Per namespace. Without one, every request is an operation of its own.
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
            409: components["responses"]["409.operation-in-progress.conflict.batch-workflow"];
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
                 * @description Makes the change happen once: the same request under the same key gets the first answer again, as long as the ledger keeps it. Per namespace. Without one, every request is an operation of its own.
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
            /** @description It has the override, or had closed. */
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
            409: components["responses"]["409.operation-in-progress.conflict.batch-workflow"];
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
                 * @description Makes the change happen once: the same request under the same key gets the first answer again, as long as the ledger keeps it. Per namespace. Without one, every request is an operation of its own.
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
            /** @description It was reset, or had ended. */
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
            409: components["responses"]["409.operation-in-progress.batch-workflow.conflict"];
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
                 * @description Makes the change happen once: the same request under the same key gets the first answer again, as long as the ledger keeps it. Per namespace. Without one, every request is an operation of its own.
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
            /** @description It is paused, or had ended. */
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
            409: components["responses"]["409.operation-in-progress.batch-workflow"];
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
                 * @description Makes the change happen once: the same request under the same key gets the first answer again, as long as the ledger keeps it. Per namespace. Without one, every request is an operation of its own.
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
            /** @description It is not paused, or had ended. */
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
            409: components["responses"]["409.operation-in-progress.batch-workflow"];
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
                /** @description the nextPageToken of the page before, or left out for the first page */
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
                 * @description As the answer to a change names it.
                 * @example op-3f9a51c2b7d84e60a1f2c3d4e5f60718
                 */
                operationId: components["parameters"]["operationId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Who asked for what, when and why, and its result. */
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
                /** @description one of running, completed, cancelled, failed, suspended, or left out for all */
                state?: "running" | "completed" | "cancelled" | "failed" | "suspended";
                /** @description a whole number from 1 to 100 */
                pageSize?: number;
                /** @description the nextPageToken of the page before, or left out for the first page */
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
            /** @description By the ledger, newest first. The progress is what was recorded last, at most a minute ago. */
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
                 * @description Makes the change happen once: the same request under the same key gets the first answer again, as long as the ledger keeps it. Per namespace. Without one, every request is an operation of its own.
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
            /** @description With `dryRun`: what it would do. Nothing was changed. */
            200: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchPreview"];
                };
            };
            /** @description It was started; `Location` shows its progress. */
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
            409: components["responses"]["409.operation-in-progress.batch-workflow.conflict.pause-unsupported"];
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
                 * @description Makes the change happen once: the same request under the same key gets the first answer again, as long as the ledger keeps it. Per namespace. Without one, every request is an operation of its own.
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
            /** @description How many match, and some of them, with what a reset would do to each. */
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
                 * @description Makes the change happen once: the same request under the same key gets the first answer again, as long as the ledger keeps it. Per namespace. Without one, every request is an operation of its own.
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
            /** @description How many match, and some of them, with what a reset would do to each. */
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
                 * @description Makes the change happen once: the same request under the same key gets the first answer again, as long as the ledger keeps it. Per namespace. Without one, every request is an operation of its own.
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
            /** @description How many match, and some of them, with what a reset would do to each. */
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
                 * @description Makes the change happen once: the same request under the same key gets the first answer again, as long as the ledger keeps it. Per namespace. Without one, every request is an operation of its own.
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
            /** @description How many match, and some of them, with what a reset would do to each. */
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
            409: components["responses"]["409.pause-unsupported"];
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
                 * @description Makes the change happen once: the same request under the same key gets the first answer again, as long as the ledger keeps it. Per namespace. Without one, every request is an operation of its own.
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
            /** @description How many match, and some of them, with what a reset would do to each. */
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
            409: components["responses"]["409.pause-unsupported"];
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
                 * @description Makes the change happen once: the same request under the same key gets the first answer again, as long as the ledger keeps it. Per namespace. Without one, every request is an operation of its own.
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
            /** @description How many match, and some of them, with what a reset would do to each. */
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
                 * @description As the answer to a change names it.
                 * @example op-3f9a51c2b7d84e60a1f2c3d4e5f60718
                 */
                operationId: components["parameters"]["operationId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its state, what was done by outcome, what failed by kind, and the time left. */
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
                /** @description one of succeeded, failed, failedAgain, stuck, notBegun, wentOn, completed, stillRunning, or left out for all */
                outcome?: "succeeded" | "failed" | "failedAgain" | "stuck" | "notBegun" | "wentOn" | "completed" | "stillRunning";
                /** @description a whole number from 1 to 100 */
                pageSize?: number;
                /** @description the nextPageToken of the page before, or left out for the first page */
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
                 * @description As the answer to a change names it.
                 * @example op-3f9a51c2b7d84e60a1f2c3d4e5f60718
                 */
                operationId: components["parameters"]["operationId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The operation on each workflow, with its result or its failure. */
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
                 * @description Makes the change happen once: the same request under the same key gets the first answer again, as long as the ledger keeps it. Per namespace. Without one, every request is an operation of its own.
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
                 * @description As the answer to a change names it.
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
            /** @description The stop was requested now or before, or it had ended. */
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
                 * @description Makes the change happen once: the same request under the same key gets the first answer again, as long as the ledger keeps it. Per namespace. Without one, every request is an operation of its own.
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
                 * @description As the answer to a change names it.
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
            /** @description It is suspended now or was before, or it had ended. */
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
            409: components["responses"]["409.operation-in-progress.unsupported-by-engine"];
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
                 * @description Makes the change happen once: the same request under the same key gets the first answer again, as long as the ledger keeps it. Per namespace. Without one, every request is an operation of its own.
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
                 * @description As the answer to a change names it.
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
            /** @description It continues, or was not suspended, or it had ended. */
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
            409: components["responses"]["409.operation-in-progress.unsupported-by-engine"];
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
                 * @description Makes the change happen once: the same request under the same key gets the first answer again, as long as the ledger keeps it. Per namespace. Without one, every request is an operation of its own.
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
                 * @description As the answer to a change names it.
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
            /** @description It was started; `Location` shows its progress. */
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
                kind?: "invalid-request" | "payload-too-large" | "namespace-not-configured" | "workflow-not-found" | "run-not-found" | "pause-unsupported" | "activity-not-found" | "not-a-reset-point" | "conflict" | "batch-workflow" | "idempotency-key-reused" | "operation-in-progress" | "operation-not-found" | "too-many-matches" | "unsupported-by-engine" | "ledger-unavailable" | "queue-unavailable" | "too-many-waiting" | "throttled" | "temporal-unavailable" | "temporal-timeout" | "configuration" | "outcome-unknown" | "response-too-large" | "internal";
                /** @description one of "rejected", "redriven", "handled"; "rejected" when left out, with those that are being redriven */
                state?: "rejected" | "redriven" | "handled";
                /** @description a time in RFC 3339 such as "2026-01-31T12:00:00Z", with its offset: rejected then or later */
                since?: string;
                /** @description a time in RFC 3339 such as "2026-01-31T12:00:00Z", with its offset, not before since: rejected then or before */
                until?: string;
                /** @description a whole number from 1 to 100 */
                pageSize?: number;
                /** @description the nextPageToken of the page before, or left out for the first page */
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
            /** @description Rejected events, the latest first. */
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
                 * @description Makes the change happen once: the same request under the same key gets the first answer again, as long as the ledger keeps it. Per namespace. Without one, every request is an operation of its own.
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
            /** @description With `dryRun`: what it would redrive, with the events. Nothing was sent. */
            200: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RedrivePreview"];
                };
            };
            /** @description They are in the event queue. */
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
            422: components["responses"]["422.response-too-large"];
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
                 * @description Makes the change happen once: the same request under the same key gets the first answer again, as long as the ledger keeps it. Per namespace. Without one, every request is an operation of its own.
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
            /** @description With `dryRun`: what it would do. Nothing was changed. */
            200: {
                headers: {
                    "Idempotent-Replayed": components["headers"]["idempotentReplayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchPreview"];
                };
            };
            /** @description It was started; `Location` shows its progress. */
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
