import { OperationFailure } from '../api/failures';

/** What a rule says of an event it lets through: what it is about, and why that is to be cancelled. */
export type Trigger = {
  name: string;
  namespace: string;
  /** Template of the reason. */
  reason: string;
} & (
  | {
      /** Template of the workflow id, e.g. `order-<$.detail.orderId>`. */
      workflowId: string;
    }
  | {
      /** Template of a visibility query: all that match are cancelled. E.g. `CustomerId = <$.detail.customerId>`. */
      query: string;
      ratePerSecond: number;
      maxWorkflows: number;
    }
);

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

/** A text or a name in quotes, as the server's own SQL parser reads them. */
const quoted = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`[^`]*`/gs;
/** A quote without its end, and what begins a comment. */
const unfinished = /['"`]|--|#|\/\*/;

/**
 * Whether all placeholders of a query template stand where a value can stand. Values are quoted when they are filled in:
 * within quotes, or in a comment, their own quotes would let them out.
 */
export function placesValuesSafely(template: string): boolean {
  const texts: string[] = template.match(quoted) ?? [];
  return texts.every((text) => !text.includes('<')) && !unfinished.test(template.replaceAll(quoted, ' '));
}

/**
 * Fills a template's placeholders from an event. A value is taken as it is and looked at no further: it cannot add a
 * placeholder of its own.
 *
 * @throws {OperationFailure} `invalid-request` when the event lacks a value or has one that is no text, number or truth
 *   value
 */
export function fillTemplate(template: string, event: TriggeringEvent): string {
  return filled(template, event, String);
}

/** What would end a quoted text in a visibility query, or mean something in one. */
const unquotable = /['"`\\\p{Cc}\p{Cs}]/u;

/**
 * Fills a query template. Texts are quoted here, so that no value can change what the query means.
 *
 * @throws {OperationFailure} `invalid-request` as `fillTemplate`, and for a text with quotes, backslashes, control
 *   characters or halves of surrogate pairs
 */
export function fillQuery(template: string, event: TriggeringEvent): string {
  return filled(template, event, (value, at) => {
    if (typeof value !== 'string') return String(value);
    if (!unquotable.test(value)) return `'${value}'`;
    throw new OperationFailure('invalid-request', `The event's value at ${at} cannot be part of a query.`, {
      field: at,
      value,
      allowed: 'a text without quotes, backslashes, control characters and halves of surrogate pairs',
    });
  });
}

function filled(
  template: string,
  event: TriggeringEvent,
  render: (value: string | number | boolean, at: string) => string,
): string {
  return template.replaceAll(placeholder, (_, at: string) => {
    const value = valueAt(event, at);
    if (typeof value === 'string' && value !== '') return render(value, at);
    if (typeof value === 'number' || typeof value === 'boolean') return render(value, at);
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
