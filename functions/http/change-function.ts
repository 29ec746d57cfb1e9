import type { APIGatewayProxyEvent } from 'aws-lambda';
import type * as z from 'zod/mini';
import type { Verb } from '../../operations/ledger';
import type { OnceDependencies, Performed, RequestedOperation } from '../../operations/once';
import type { NamespaceClient, WorkflowExecution } from '../../operations/temporal/namespace-client';
import { httpFunction } from './http-function';
import type { HttpAnswer, HttpFunction, HttpFunctionDependencies } from './http-function';
import { InvalidRequest, shown } from '../parse';

/** What every HTTP function that changes something is given. */
export type ChangeFunctionDependencies = HttpFunctionDependencies & OnceDependencies;

/** What all requests for a change have. */
type ChangeRequest = WorkflowExecution & { reason: string };

/** The answer, and whether it is the first one again. A preview is answered without having been performed. */
export type Answered<Answer> = Pick<Performed<Answer>, 'answer' | 'replayed'>;

export interface Change<Request, Answer> {
  verb: Verb;
  perform: (
    client: NamespaceClient,
    operation: RequestedOperation<Request & object>,
    /** Milliseconds until the function is stopped. */
    remainingMs: number,
  ) => Promise<Answered<Answer>>;
  respond: (answer: Answer) => HttpAnswer;
}

/** Longest idempotency key, in characters. A UUID has 36. */
const MAX_KEY_CHARACTERS = 255;

/** The envelope around operations that change a workflow: as `httpFunction`, and performed once under a key. */
export function changeFunction<Schema extends z.ZodMiniType<ChangeRequest>, Answer extends object>(
  dependencies: ChangeFunctionDependencies,
  schema: Schema,
  { verb, perform, respond }: Change<z.output<Schema>, Answer>,
): HttpFunction {
  return httpFunction(dependencies, schema, async ({ namespace, actor, input, event, remainingMs }) => {
    const request: ChangeRequest = input;
    const idempotencyKey = idempotencyKeyOf(event);
    const { workflowId, reason } = request;
    const operation = {
      namespace: namespace.name,
      workflowId,
      verb,
      actor,
      reason,
      request: input,
      idempotencyKey,
      webUiUrl: namespace.webUiUrl,
    };
    const { answer, replayed } = await perform(await namespace.connect(), operation, remainingMs);
    const { status, headers, body } = respond(answer);
    return { status, headers: { ...headers, ...(replayed && { 'idempotent-replayed': 'true' }) }, body };
  });
}

function idempotencyKeyOf({ multiValueHeaders }: APIGatewayProxyEvent): string | undefined {
  const keys = Object.entries(multiValueHeaders ?? {})
    .filter(([name]) => name.toLowerCase() === 'idempotency-key')
    .flatMap(([, values]) => values ?? []);
  const [key] = keys;
  if (key === undefined) return undefined;
  if (keys.length === 1 && key.trim() !== '' && key.length <= MAX_KEY_CHARACTERS) return key;
  throw new InvalidRequest([
    {
      field: 'Idempotency-Key',
      value: shown(keys.length === 1 ? key : keys),
      allowed: `one header of 1 to ${MAX_KEY_CHARACTERS} characters, for example a UUID`,
    },
  ]);
}
