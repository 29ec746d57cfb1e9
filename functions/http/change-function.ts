import type { APIGatewayProxyEvent } from 'aws-lambda';
import type * as z from 'zod/mini';
import { executeOperation } from '../../operations/execute-operation';
import type { WorkflowExecution } from '../../operations/temporal/namespace-client';
import type { Namespace } from '../../operations/temporal/namespaces';
import { httpFunction } from './http-function';
import type { HttpResponse, HttpFunction, HttpFunctionDependencies, HttpRequest } from './http-function';
import { invalidRequest, truncate } from '../parse';
import type { ExecutionResult, OperationDependencies, Plan, Verb } from '../../operations/verb';

/** What every HTTP function that changes something is given. */
export type ChangeFunctionDependencies = HttpFunctionDependencies & OperationDependencies;

/** What all requests for a change have. */
type ChangeRequest = WorkflowExecution & { reason: string };

/** Longest idempotency key, in characters. A UUID has 36. */
const MAX_KEY_CHARACTERS = 255;

/** As `httpFunction`, around an operation that changes a workflow. */
export function changeFunction<Schema extends z.ZodMiniType<ChangeRequest>, Answer extends object, P extends Plan>(
  dependencies: ChangeFunctionDependencies,
  schema: Schema,
  verb: Verb<z.output<Schema>, Answer, P>,
  respond: (answer: Answer) => HttpResponse,
): HttpFunction {
  return httpFunction(dependencies, schema, async (http) => {
    const client = await http.namespace.connect(http.until);
    const operation = { ...requestMetadata(http), request: http.input };
    return toResponse(await executeOperation(dependencies, client, verb, operation), respond);
  });
}

/** What every change takes from the request beside its body. */
export function requestMetadata({ namespace, actor, event, until }: HttpRequest<unknown, Namespace>) {
  return {
    actor,
    idempotencyKey: idempotencyKeyOf(event),
    requestId: event.requestContext.requestId,
    webUiUrl: namespace.webUiUrl,
    deadline: until,
  };
}

/** The response to a change, which says whether the answer is the first one again. */
export function toResponse<Answer>(
  { answer, replayed }: Pick<ExecutionResult<Answer>, 'answer' | 'replayed'>,
  respond: (answer: Answer) => HttpResponse,
): HttpResponse {
  const { status, headers, body } = respond(answer);
  return { status, headers: { ...headers, ...(replayed && { 'idempotent-replayed': 'true' }) }, body };
}

function idempotencyKeyOf({ multiValueHeaders }: APIGatewayProxyEvent): string | undefined {
  const keys = Object.entries(multiValueHeaders ?? {})
    .filter(([name]) => name.toLowerCase() === 'idempotency-key')
    .flatMap(([, values]) => values ?? []);
  const [key] = keys;
  if (key === undefined) return undefined;
  if (keys.length === 1 && key.trim() !== '' && key.length <= MAX_KEY_CHARACTERS) return key;
  throw invalidRequest([
    {
      field: 'Idempotency-Key',
      value: truncate(keys.length === 1 ? key : keys),
      allowed: `one header of 1 to ${MAX_KEY_CHARACTERS} characters, for example a UUID`,
    },
  ]);
}
