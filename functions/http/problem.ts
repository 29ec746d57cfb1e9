import type { APIGatewayProxyResult } from 'aws-lambda';
import { OperationFailure } from '../../api/failures';
import type { FailureKind } from '../../api/failures';
import type { ResetPoint } from '../../operations/reset-points';
import { InvalidRequest, PayloadTooLarge, truncate } from '../parse';
import type { FieldError } from '../parse';

/** What went wrong, as RFC 9457 `application/problem+json`. `type` is stable; docs/problems.md explains each. */
export interface Problem {
  type: `urn:rewind:problem:${ProblemName}`;
  title: string;
  status: number;
  detail: string;
  /** API Gateway's request id: the operator finds the request in the logs by it. */
  requestId: string;
  errors?: FieldError[];
  resetPoints?: ResetPoint[];
}

export type ProblemName = FailureKind | 'payload-too-large';

/** The one place where a failure gets its status. What API Gateway answers is in api/gateway-problems.ts. */
export const problems: Record<ProblemName, { status: number; title: string }> = {
  'invalid-request': { status: 400, title: 'The request is not valid' },
  'payload-too-large': { status: 413, title: 'The request body is too large' },
  'namespace-not-configured': { status: 404, title: 'Namespace not configured' },
  'workflow-not-found': { status: 404, title: 'Workflow not found' },
  'run-not-found': { status: 404, title: 'Run not found' },
  'not-a-reset-point': { status: 422, title: 'Not a reset point' },
  conflict: { status: 409, title: 'The workflow is not in the demanded state' },
  'idempotency-key-reused': { status: 422, title: 'Idempotency key used for another request' },
  'operation-in-progress': { status: 409, title: 'The operation is in progress' },
  'too-many-matches': { status: 422, title: 'Too many workflows match' },
  'unsupported-by-engine': { status: 409, title: 'The batch engine of this operation does not do that' },
  'operation-not-found': { status: 404, title: 'Operation not found' },
  'ledger-unavailable': { status: 503, title: 'The operation ledger is unavailable' },
  throttled: { status: 429, title: 'Throttled by Temporal' },
  'temporal-unavailable': { status: 503, title: 'Temporal is unavailable' },
  'temporal-timeout': { status: 504, title: 'Temporal did not answer in time' },
  configuration: { status: 502, title: 'Rewind is not configured to reach this namespace' },
  internal: { status: 500, title: 'Rewind failed' },
};

export const problemNames = Object.keys(problems) as ProblemName[];

/** Turns anything thrown into an answer. What is not meant for callers does not get into it. */
export function problemResponse(error: unknown, requestId: string): APIGatewayProxyResult {
  const name = problemName(error);
  const failure = error instanceof OperationFailure ? error : undefined;
  const detail =
    name === 'internal'
      ? 'Something unexpected happened. The operator finds it in the function log under this request id.'
      : (error as Error).message;
  const problem: Problem = {
    type: `urn:rewind:problem:${name}`,
    title: problems[name].title,
    status: problems[name].status,
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
  return problems[problemName(error)].status >= 500;
}

function problemName(error: unknown): ProblemName {
  if (error instanceof OperationFailure) return error.kind;
  if (error instanceof InvalidRequest) return 'invalid-request';
  if (error instanceof PayloadTooLarge) return 'payload-too-large';
  return 'internal';
}

function fieldErrors(error: unknown): { errors?: FieldError[] } {
  if (error instanceof InvalidRequest) return { errors: error.errors };
  if (!(error instanceof OperationFailure) || error.details.field === undefined) return {};
  const { field, value, allowed = '' } = error.details;
  return { errors: [{ field, value: truncate(value), allowed }] };
}
