import { cancellationRequestedDetail } from '../../api/accepted-events';
import { startBatchRequest } from '../../api/batch-operations';
import { cancelRequest } from '../../api/cancel';
import type { CancelRequest } from '../../api/cancel';
import { isFailure, OperationFailure } from '../../api/failures';
import { UNKNOWN_NAMESPACE } from '../../api/route';
import { batch } from '../../operations/batch/start';
import { cancel } from '../../operations/cancel';
import { executeOperation } from '../../operations/execute-operation';
import { fingerprint, internalKey } from '../../operations/ledger/operation-id';
import type { Namespace } from '../../operations/temporal/namespaces';
import { CANCELLATION_REQUESTS, fillQuery, fillTemplate } from '../../operations/trigger';
import type { QueuedEvent, Trigger, TriggeringEvent, Triggers } from '../../operations/trigger';
import type { ChangeRequest, OperationDependencies, Plan, Verb } from '../../operations/verb';
import { validate } from '../validation';
import type { ThrottledNamespaces } from './throttled-namespaces';

export interface TriggerDependencies extends OperationDependencies {
  namespaces: { find(name: string): Namespace };
  /** The configured triggers. */
  triggers: Triggers;
}

/**
 * Executes the operation that an event triggers.
 * @returns the outcome of the operation
 * @throws {OperationFailure} `invalid-request` when the trigger is not configured or the event lacks a value that it needs;
 *   failures of the operation
 */
export async function executeTriggered(
  dependencies: TriggerDependencies,
  throttled: ThrottledNamespaces,
  { trigger: name, event, redrive, redrivenIn = UNKNOWN_NAMESPACE, arrivedAt }: QueuedEvent,
  requestId: string,
): Promise<string> {
  const { namespaces, triggers } = dependencies;
  const metadata = {
    requestId,
    actor: { id: `event:${event.source}/${event.id}` },
    askedAt: arrivedAt,
  };
  // A redrive is a new operation. With the key of the first one, it would get the recorded failure again.
  const idempotencyKey = internalKey(
    'event',
    name,
    event.source,
    event.id,
    ...(redrive === undefined ? [] : [redrive]),
  );
  const execute = async <Request extends ChangeRequest, Answer extends { outcome: string }, P extends Plan>(
    namespace: string,
    verb: Verb<Request, Answer, P>,
    request: Request,
  ) => {
    const found = namespaces.find(namespace);
    if (redrivenIn !== UNKNOWN_NAMESPACE && redrivenIn !== namespace) throw ofAnotherNamespace(name, namespace);
    const operation = { ...metadata, request, webUiUrl: found.webUiUrl };
    return throttled.run(namespace, async () => {
      const client = await found.connect();
      const executeUnder = async (key: string) => {
        const keyed = { ...operation, idempotencyKey: key, replaysOtherRequest: true };
        const { answer } = await executeOperation(dependencies, client, verb, keyed);
        return answer.outcome;
      };
      try {
        return await executeUnder(idempotencyKey);
      } catch (error) {
        // The trigger has changed since an attempt that changed nothing: the changed trigger applies.
        if (!isFailure(error, 'idempotency-key-reused')) throw error;
        return executeUnder(internalKey(idempotencyKey, fingerprint(verb.name, request)));
      }
    });
  };

  const trigger = Object.hasOwn(triggers, name) ? triggers[name] : undefined;
  if (trigger && 'query' in trigger) {
    return execute(trigger.namespace, batch, batchRequest(trigger, event)).catch((error: unknown) => {
      throw withoutValues(error, trigger.query);
    });
  }
  const { namespace, ...request } = requestOf(name, trigger, event);
  return execute(namespace, cancel, request);
}

/** Returns the namespace of an event's trigger or cancellation request, or `UNKNOWN_NAMESPACE` if it is not configured. */
export function namespaceOf(
  { namespaces, triggers }: TriggerDependencies,
  { trigger: name, event }: QueuedEvent,
): string {
  const trigger = Object.hasOwn(triggers, name) ? triggers[name] : undefined;
  const named = trigger?.namespace ?? (name === CANCELLATION_REQUESTS ? namespaceIn(event.detail) : undefined);
  try {
    return named === undefined ? UNKNOWN_NAMESPACE : namespaces.find(named).name;
  } catch {
    return UNKNOWN_NAMESPACE;
  }
}

function namespaceIn(detail: unknown): string | undefined {
  const { namespace } = (detail ?? {}) as { namespace?: unknown };
  return typeof namespace === 'string' ? namespace : undefined;
}

/** Returns the failure of a redrive after the trigger's namespace has changed: IAM allowed the redrive in the old namespace only. */
function ofAnotherNamespace(trigger: string, namespace: string): OperationFailure {
  return new OperationFailure(
    'invalid-request',
    `The trigger ${JSON.stringify(trigger)} is for namespace ${namespace} now: redrive the event there.`,
  );
}

/** Validates without values in the error, because every `reader` and the log get the error, but only a `redriver` may see values of events. */
const validateEvent: typeof validate = (schema, input) => validate(schema, input, { showValues: false });

/** Replaces the failure of a query that Temporal refuses, because the server's message can contain values of the event. */
function withoutValues(error: unknown, query: string): unknown {
  if (!isFailure(error, 'invalid-request') || error.details.field !== 'query') return error;
  return new OperationFailure(
    'invalid-request',
    `Temporal does not understand the trigger's query with the values of the event: ${query}`,
    { field: 'query' },
    { cause: error },
  );
}

function batchRequest(
  { query, action, engine, reason, ratePerSecond, maxWorkflows }: Extract<Trigger, { query: string }>,
  event: TriggeringEvent,
) {
  const { dryRun: _, ...request } = validateEvent(startBatchRequest, {
    action,
    engine,
    query: fillQuery(query, event),
    reason: fillTemplate(reason, event),
    ratePerSecond,
    maxWorkflows,
  });
  return request;
}

function requestOf(
  name: string,
  trigger: Trigger | undefined,
  event: TriggeringEvent,
): CancelRequest & { namespace: string } {
  if (trigger && 'workflowId' in trigger) {
    const { namespace, workflowId, reason } = trigger;
    const filled = { workflowId: fillTemplate(workflowId, event), reason: fillTemplate(reason, event) };
    return { namespace, ...validateEvent(cancelRequest, filled) };
  }
  if (name !== CANCELLATION_REQUESTS) {
    throw new OperationFailure('invalid-request', `The trigger ${JSON.stringify(name)} is not configured any more.`, {
      field: 'trigger',
      value: name,
      allowed: 'a trigger of the configuration',
    });
  }
  // An event gets no response, so waitSeconds has no effect.
  const {
    version: _version,
    waitSeconds: _waitSeconds,
    ...request
  } = validateEvent(cancellationRequestedDetail, event.detail);
  return request;
}
