import type { APIGatewayProxyEvent } from 'aws-lambda';
import type * as z from 'zod/mini';
import type { Verb } from '../../operations/ledger/ledger';
import type {
  ExecuteOnceDependencies,
  ExecutionResult,
  RequestedOperation,
} from '../../operations/ledger/execute-once';
import type { NamespaceClient, WorkflowExecution } from '../../operations/temporal/namespace-client';
import type { Namespace } from '../../operations/temporal/namespaces';
import { httpFunction } from './http-function';
import type { HttpResponse, HttpFunction, HttpFunctionDependencies, HttpRequest } from './http-function';
import { invalidRequest, truncate } from '../parse';

/** What every HTTP function that changes something is given. */
export type ChangeFunctionDependencies = HttpFunctionDependencies & ExecuteOnceDependencies;

/** What all requests for a change have. */
type ChangeRequest = WorkflowExecution & { reason: string };

/** The answer, and whether it is the first one again. A preview is answered without having been performed. */
export type Answered<Answer> = Pick<ExecutionResult<Answer>, 'answer' | 'replayed'>;

export interface Change<Request, Answer> {
  verb: Verb;
  perform: (
    client: NamespaceClient,
    operation: RequestedOperation<Request & object>,
    /** When the answer has to be there, in milliseconds since the epoch. */
    until: number,
  ) => Promise<Answered<Answer>>;
  respond: (answer: Answer) => HttpResponse;
}

/** Longest idempotency key, in characters. A UUID has 36. */
const MAX_KEY_CHARACTERS = 255;

/** The envelope around operations that change a workflow: as `httpFunction`, and performed once under a key. */
export function changeFunction<Schema extends z.ZodMiniType<ChangeRequest>, Answer extends object>(
  dependencies: ChangeFunctionDependencies,
  schema: Schema,
  { verb, perform, respond }: Change<z.output<Schema>, Answer>,
): HttpFunction {
  return httpFunction(dependencies, schema, async (http) => {
    const { namespace, input, until } = http;
    const request: ChangeRequest = input;
    const { workflowId, reason } = request;
    const operation = { ...requestMetadata(http), workflowId, verb, reason, request: input };
    return toResponse(await perform(await namespace.connect(until), operation, until), respond);
  });
}

/** What every change takes from the request beside its body. */
export function requestMetadata({ namespace, actor, event, until }: HttpRequest<unknown, Namespace>) {
  return {
    namespace: namespace.name,
    actor,
    idempotencyKey: idempotencyKeyOf(event),
    requestId: event.requestContext.requestId,
    webUiUrl: namespace.webUiUrl,
    until,
  };
}

/** The response to a change, which says whether the answer is the first one again. */
export function toResponse<Answer>(
  { answer, replayed }: Answered<Answer>,
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
