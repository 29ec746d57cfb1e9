import type { APIGatewayProxyResult } from 'aws-lambda';
import { failures, OperationFailure } from '../../api/failures';
import type { FailureKind, FieldError } from '../../api/failures';
import type { ResetPoint } from '../../operations/reset-points';
import { truncate } from '../parse';

/** What went wrong, as RFC 9457 `application/problem+json`. `type` is stable; docs/problems.md explains each. */
export interface Problem {
  type: `urn:rewind:problem:${FailureKind}`;
  title: string;
  status: number;
  detail: string;
  /** API Gateway's request id: the operator finds the request in the logs by it. */
  requestId: string;
  errors?: FieldError[];
  resetPoints?: ResetPoint[];
}

/** Turns anything thrown into an answer. What is not meant for callers does not get into it. */
export function problemResponse(error: unknown, requestId: string): APIGatewayProxyResult {
  const name = failureKind(error);
  const failure = error instanceof OperationFailure ? error : undefined;
  const detail =
    name === 'internal'
      ? 'Something unexpected happened. The operator finds it in the function log under this request id.'
      : (error as Error).message;
  const problem: Problem = {
    type: `urn:rewind:problem:${name}`,
    title: failures[name].title,
    status: failures[name].status,
    detail,
    requestId,
    ...fieldErrors(error),
    ...(failure?.details.resetPoints && { resetPoints: failure.details.resetPoints }),
  };
  const retryAfter = failure?.details.retryAfterSeconds;
  return {
    statusCode: problem.status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
    },
    body: JSON.stringify(problem),
  };
}

/** Whether the operator has to look at it: the caller cannot put it right. */
export function isServerError(error: unknown): boolean {
  return failures[failureKind(error)].status >= 500;
}

function failureKind(error: unknown): FailureKind {
  return error instanceof OperationFailure ? error.kind : 'internal';
}

function fieldErrors(error: unknown): { errors?: FieldError[] } {
  if (!(error instanceof OperationFailure)) return {};
  const { errors, field, value, allowed = '' } = error.details;
  if (errors) return { errors };
  return field === undefined ? {} : { errors: [{ field, value: truncate(value), allowed }] };
}
