import { setTimeout as wait } from 'node:timers/promises';
import { createSecureContext } from 'node:tls';
import { WorkflowService } from '@temporalio/client/lib/types';
import type { temporal } from '@temporalio/proto';
import type { Method, RPCImpl } from 'protobufjs/light';

/*
 * Work of the first calls that is done in advance, while the function waits for responses. docs/adr/0006 has the measurements.
 */

/** Time after which a request or a handshake has been sent, in milliseconds. */
const UNTIL_SENT_MS = 4;

/** While the secret is being read: Node.js loads the trusted CAs (20 ms), and protobufjs generates the decoder of a description (20 ms). */
export async function prepareConnection(): Promise<void> {
  await wait(UNTIL_SENT_MS);
  createSecureContext();
  // Yield, so that the request for the secret proceeds.
  await wait(1);
  await WorkflowService.create(respondWith(description)).describeWorkflowExecution({ execution: {} });
}

/** While the connection is being established: protobufjs generates the decoder of the newest events (15 ms), which every change reads. */
export async function prepareHistory(): Promise<void> {
  await wait(UNTIL_SENT_MS);
  await WorkflowService.create(respondWith(newestEvents)).getWorkflowExecutionHistoryReverse({ execution: {} });
}

/** Stands in for a server: encodes and decodes the messages as the first call will. */
const respondWith =
  (response: object): RPCImpl =>
  (method, _request, respond) =>
    respond(null, (method as Method).resolvedResponseType?.encode(response).finish());

/** The messages that the description of a running workflow contains. */
const description: temporal.api.workflowservice.v1.IDescribeWorkflowExecutionResponse = {
  executionConfig: { taskQueue: {}, workflowRunTimeout: {} },
  workflowExecutionInfo: {
    execution: {},
    type: {},
    startTime: {},
    memo: {},
    searchAttributes: {},
    autoResetPoints: {},
    rootExecution: {},
  },
  pendingWorkflowTask: {},
  workflowExtendedInfo: {},
};

/** The events that a cancellation finds. */
const newestEvents: temporal.api.workflowservice.v1.IGetWorkflowExecutionHistoryReverseResponse = {
  history: {
    events: [
      { eventTime: {}, workflowTaskScheduledEventAttributes: { taskQueue: {} } },
      { workflowExecutionCancelRequestedEventAttributes: {} },
      { workflowTaskCompletedEventAttributes: {} },
      { workflowTaskStartedEventAttributes: {} },
    ],
  },
};
