import type { APIGatewayProxyResult } from 'aws-lambda';
import { failureKind, failures, OperationFailure, problemType } from '../../api/failures';
import type { FieldError } from '../../api/failures';
import type { Problem } from '../../api/problem';
import { truncate } from '../validation';

/** Converts a thrown error to an RFC 9457 response. Errors that are not an `OperationFailure` get a generic message. */
export function problemResponse(error: unknown, requestId: string): APIGatewayProxyResult {
  const name = failureKind(error);
  const failure = error instanceof OperationFailure ? error : undefined;
  const detail =
    name === 'internal'
      ? 'An unexpected error occurred. The function log has it under this request id.'
      : (error as Error).message;
  const problem: Problem = {
    type: problemType(name),
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
      ...(failure?.details.replayed && { 'idempotent-replayed': 'true' }),
    },
    body: JSON.stringify(problem),
  };
}

/** Returns whether an error has to be logged for the operator, because the caller cannot fix its cause. */
export function isServerError(error: unknown): boolean {
  return failures[failureKind(error)].status >= 500;
}

function fieldErrors(error: unknown): { errors?: FieldError[] } {
  if (!(error instanceof OperationFailure)) return {};
  const { errors, field, value, allowed = '' } = error.details;
  if (errors) return { errors };
  return field === undefined ? {} : { errors: [{ field, value: truncate(value), allowed }] };
}
