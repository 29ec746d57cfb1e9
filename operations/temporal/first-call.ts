import { setTimeout as wait } from 'node:timers/promises';
import { createSecureContext } from 'node:tls';
import { WorkflowService } from '@temporalio/client/lib/types';
import type { temporal } from '@temporalio/proto';
import type { Method, RPCImpl } from 'protobufjs/light';

/** Time after which the request for the secret has been sent, in milliseconds. */
const UNTIL_REQUESTED_MS = 4;

/**
 * Does work of the first call in advance, while the secret is being read: Node.js loads the trusted CAs (20 ms) and
 * protobufjs generates the decoder of a description (20 ms). docs/adr/0006 has the measurements.
 */
export async function prepareFirstCall(): Promise<void> {
  await wait(UNTIL_REQUESTED_MS);
  createSecureContext();
  // Yield, so that the request for the secret proceeds.
  await wait(1);
  await WorkflowService.create(respondWithDescription).describeWorkflowExecution({ execution: {} });
}

/** Stands in for a server: encodes and decodes the messages as the first call will. */
const respondWithDescription: RPCImpl = (method, _request, respond) =>
  respond(null, (method as Method).resolvedResponseType?.encode(description).finish());

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
