import { setTimeout as wait } from 'node:timers/promises';
import { createSecureContext } from 'node:tls';
import { WorkflowService } from '@temporalio/client/lib/types';
import type { temporal } from '@temporalio/proto';
import type { Method, RPCImpl } from 'protobufjs/light';

/** Within this time the request for the secret has gone out, in milliseconds. */
const UNTIL_ASKED_MS = 4;

/**
 * Does what the first call would do once the secret is there, while it is on its way: 20 ms for Node.js to read the
 * authorities that it trusts, and as much for protobufjs to write the code that reads a description.
 */
export async function prepareFirstCall(): Promise<void> {
  await wait(UNTIL_ASKED_MS);
  createSecureContext();
  // Lets the secret's request go on.
  await wait(1);
  await WorkflowService.create(answerWithDescription).describeWorkflowExecution({ execution: {} });
}

/** In the place of a server: so the messages of the first call are made as the call will make them. */
const answerWithDescription: RPCImpl = (method, _request, answer) =>
  answer(null, (method as Method).resolvedResponseType?.encode(described).finish());

/** A description with the messages that one of a running workflow has. */
const described: temporal.api.workflowservice.v1.IDescribeWorkflowExecutionResponse = {
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
