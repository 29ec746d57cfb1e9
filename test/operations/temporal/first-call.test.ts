import { temporal } from '@temporalio/proto';
import { prepareConnection, prepareHistory } from '../../../operations/temporal/first-call';

/** Whether protobufjs has written the code that reads this message; it does at the first use. */
const canBeRead = (message: object) => Object.hasOwn(message, 'decode');

test('creates the decoders of a description and its parts before the first call', async () => {
  const messages = [
    temporal.api.workflowservice.v1.DescribeWorkflowExecutionResponse,
    temporal.api.workflow.v1.WorkflowExecutionInfo,
    temporal.api.workflow.v1.WorkflowExecutionExtendedInfo,
    temporal.api.workflow.v1.PendingWorkflowTaskInfo,
    temporal.api.common.v1.WorkflowExecution,
    temporal.api.workflowservice.v1.GetWorkflowExecutionHistoryReverseResponse,
    temporal.api.history.v1.HistoryEvent,
    temporal.api.history.v1.WorkflowExecutionCancelRequestedEventAttributes,
  ];
  expect(messages.map(canBeRead)).not.toContain(true);
  await prepareConnection();
  await prepareHistory();
  expect(messages.map(canBeRead)).not.toContain(false);
});
