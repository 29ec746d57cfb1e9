import { OperationFailure } from './failures';

/** What a rule says of an event it lets through: which workflow it is about, and why that one is to be cancelled. */
export interface Trigger {
  name: string;
  namespace: string;
  /** Template of the workflow id, e.g. `order-<$.detail.orderId>`. */
  workflowId: string;
  /** Template of the reason. */
  reason: string;
}

/** The parts of an EventBridge event. */
export interface TriggeringEvent {
  id: string;
  source: string;
  'detail-type': string;
  detail: unknown;
}

/** A path into the event: dots and array indexes, as EventBridge's own input paths. */
const placeholder = /<([^<>]*)>/g;
const path = /^\$(\.[A-Za-z0-9_-]+|\[\d+\])+$/;

/** The paths in a template that cannot be read; empty when it is a good one. */
export function malformedPaths(template: string): string[] {
  return [...template.matchAll(placeholder)].map(([, found = '']) => found).filter((found) => !path.test(found));
}

/**
 * Fills a template's placeholders from an event. A value is taken as it is and looked at no further: it cannot add a
 * placeholder of its own.
 *
 * @throws {OperationFailure} `invalid-request` when the event lacks a value or has one that is no text, number or truth
 *   value
 */
export function fillTemplate(template: string, event: TriggeringEvent): string {
  return template.replaceAll(placeholder, (_, at: string) => {
    const value = valueAt(event, at);
    if (typeof value === 'string' && value !== '') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    throw new OperationFailure('invalid-request', `The event has no usable value at ${at}.`, {
      field: at,
      value,
      allowed: 'a non-empty text, a number or a truth value',
    });
  });
}

function valueAt(event: object, at: string): unknown {
  const steps = at.match(/[A-Za-z0-9_-]+/g) ?? [];
  return steps.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, step)
        ? (value as Record<string, unknown>)[step]
        : undefined,
    event,
  );
}
