import type { temporal } from '@temporalio/proto';
import type { WorkflowFailure } from '../api/describe';
import type { HistoryEvent } from './temporal/namespace-client';

type Failure = temporal.api.failure.v1.IFailure;

/** Maximum length of a failure message, in characters. */
const MAX_MESSAGE_CHARACTERS = 2_000;

/** Returns the failure in a run's close event; undefined for a run that completed, was canceled or continued as new. */
export function failureOf(closing: HistoryEvent): WorkflowFailure | undefined {
  const failed = closing.workflowExecutionFailedEventAttributes;
  if (failed) return toWorkflowFailure(failed.failure ?? {});
  if (closing.workflowExecutionTimedOutEventAttributes) return { message: 'the workflow timed out', type: 'Timeout' };
  const terminated = closing.workflowExecutionTerminatedEventAttributes;
  if (!terminated) return undefined;
  const { reason, identity } = terminated;
  return { message: truncateMessage(reason ?? ''), type: 'Terminated', ...(identity && { identity }) };
}

/** The innermost cause says what went wrong. The outermost activity, child workflow and Nexus operation say where. */
function toWorkflowFailure(failure: Failure): WorkflowFailure {
  const causes = [failure];
  for (let cause = failure.cause; cause; cause = cause.cause) causes.push(cause);
  const innermost = causes.at(-1) ?? failure;
  const activity = causes.find(({ activityFailureInfo }) => activityFailureInfo)?.activityFailureInfo;
  const child = causes.find((each) => each.childWorkflowExecutionFailureInfo)?.childWorkflowExecutionFailureInfo;
  const nexus = causes.find((each) => each.nexusOperationExecutionFailureInfo)?.nexusOperationExecutionFailureInfo;
  return {
    message: truncateMessage(innermost.message || failure.message || ''),
    type: typeOf(innermost),
    ...(activity && {
      activity: { activityId: activity.activityId ?? '', activityType: activity.activityType?.name ?? '' },
    }),
    ...(child && {
      child: {
        workflowId: child.workflowExecution?.workflowId ?? '',
        runId: child.workflowExecution?.runId ?? '',
        workflowType: child.workflowType?.name ?? '',
      },
    }),
    ...(nexus && {
      nexusOperation: {
        endpoint: nexus.endpoint ?? '',
        service: nexus.service ?? '',
        operation: nexus.operation ?? '',
      },
    }),
  };
}

function typeOf(failure: Failure): string {
  if (failure.applicationFailureInfo?.type) return failure.applicationFailureInfo.type;
  if (failure.timeoutFailureInfo) return 'Timeout';
  if (failure.canceledFailureInfo) return 'Canceled';
  if (failure.terminatedFailureInfo) return 'Terminated';
  return failure.serverFailureInfo ? 'Server' : 'Error';
}

export function truncateMessage(message: string): string {
  const characters = Array.from(message);
  if (characters.length <= MAX_MESSAGE_CHARACTERS) return message;
  return `${characters.slice(0, MAX_MESSAGE_CHARACTERS - 1).join('')}…`;
}
