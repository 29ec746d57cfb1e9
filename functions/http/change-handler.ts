import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { RequestOf, ResponseOf, Route } from '../../api/route';
import type { BatchChange } from '../../operations/batch/engine';
import { takeWaitSlot } from '../../operations/ledger/wait-slots';
import { executeOperation } from '../../operations/execute-operation';
import type { NamespaceClient } from '../../operations/temporal/namespace-client';
import type { ChangeRequest, ExecutionResult, OperationDependencies, Plan, Verb } from '../../operations/verb';
import { invalidRequest, truncate } from '../validation';
import { httpHandler } from './http-handler';
import type { HttpDependencies, HttpFunction, HttpRequest, HttpResponse } from './http-handler';

/** Dependencies of an HTTP function that changes workflows. */
export type ChangeDependencies = HttpDependencies &
  OperationDependencies & {
    /** Maximum number of concurrent requests that wait for a workflow, in all functions. Unlimited when absent. */
    maxWaiting?: number;
  };

const MAX_KEY_CHARACTERS = 255;

/**
 * Creates the handler of a route that executes a verb, once per idempotency key. A request with `dryRun` gets the verb's
 * preview and changes nothing.
 */
export function changeHandler<Of extends Route, Result extends ResponseOf<Of> & object, P extends Plan>(
  dependencies: ChangeDependencies,
  route: Of,
  verb: Verb<RequestOf<Of> & ChangeRequest, Result, P>,
): HttpFunction {
  return httpHandler(dependencies, route, async (http) => {
    const { dryRun, ...fields } = http.input as { dryRun?: boolean };
    const request = fields as RequestOf<Of> & ChangeRequest;
    const client = await http.namespace.connect(http.deadline);
    const metadata = requestMetadata(http);
    if (dryRun && verb.preview) {
      return { status: 200, body: await verb.preview({ client, request, operationId: '', ...metadata }) };
    }
    const { waitSeconds = 0 } = fields as { waitSeconds?: number };
    const { ledger, maxWaiting } = dependencies;
    const waits = waitSeconds > 0 && maxWaiting !== undefined;
    const release = waits ? await takeWaitSlot(ledger, maxWaiting, http.deadline) : undefined;
    try {
      return toResponse(route, await executeOperation(dependencies, client, verb, { ...metadata, request }));
    } finally {
      await release?.();
    }
  });
}

/** Creates the handler of a route that stops, suspends or resumes the batch operation in the path. */
export function batchChangeHandler<Of extends Route>(
  dependencies: ChangeDependencies,
  route: Of,
  change: (
    dependencies: OperationDependencies,
    client: NamespaceClient,
    operationId: string,
    operation: BatchChange,
  ) => Promise<ExecutionResult<ResponseOf<Of> & object>>,
): HttpFunction {
  return httpHandler(dependencies, route, async (http) => {
    const client = await http.namespace.connect(http.deadline);
    const operation = { ...requestMetadata(http), request: http.input as BatchChange['request'] };
    return toResponse(route, await change(dependencies, client, http.operationId, operation));
  });
}

/** Returns the part of an operation that does not come from the request body. */
export function requestMetadata(http: HttpRequest<unknown>) {
  return { ...callerOf(http), webUiUrl: http.namespace.webUiUrl };
}

/** Returns the caller of a request, its idempotency key, request id and deadline. */
export function callerOf({ actor, event, deadline }: HttpRequest<unknown, unknown>) {
  const { requestId } = event.requestContext;
  return { actor, idempotencyKey: idempotencyKeyOf(event), requestId, deadline };
}

/** Converts the result of a change to a response. A replayed result has the header `Idempotent-Replayed`. */
export function toResponse<Of extends Pick<Route, 'responses'>>(
  { responses }: Of,
  { answer, replayed }: Pick<ExecutionResult<ResponseOf<Of> & object>, 'answer' | 'replayed'>,
): HttpResponse {
  // If the route has a preview, 200 is the status of the preview.
  const status = Math.max(...Object.keys(responses).map(Number));
  const location = responses[status]?.location?.(answer);
  return {
    status,
    headers: { ...(location && { location }), ...(replayed && { 'idempotent-replayed': 'true' }) },
    body: answer,
  };
}

function idempotencyKeyOf({ multiValueHeaders }: APIGatewayProxyEvent): string | undefined {
  const keys = Object.entries(multiValueHeaders ?? {})
    .filter(([name]) => name.toLowerCase() === 'idempotency-key')
    .flatMap(([, values]) => values ?? []);
  const [key] = keys;
  if (key === undefined) return undefined;
  const isOne = keys.length === 1 && key.trim() !== '' && key.length <= MAX_KEY_CHARACTERS;
  if (isOne && !/\p{Cc}/u.test(key)) return key;
  throw invalidRequest([
    {
      field: 'Idempotency-Key',
      value: truncate(keys.length === 1 ? key : keys),
      allowed: `one header of 1 to ${MAX_KEY_CHARACTERS} characters without control characters, for example a UUID`,
    },
  ]);
}
