import type { BatchEngineName } from '../api/batch-operation';
import { OperationFailure } from '../api/failures';
import { incomparable } from './temporal/visibility-text';
import { quotedText, unsafeInQuery } from './visibility-query';

/** What a rule says of an event it lets through: what it is about, and why that is to be cancelled. */
export type Trigger = {
  namespace: string;
  /** Template of the reason. */
  reason: string;
} & (
  | {
      /** Template of the workflow id, e.g. `order-<$.detail.orderId>`. */
      workflowId: string;
    }
  | {
      /** Template of a visibility query, e.g. `CustomerId = <$.detail.customerId>`: a batch operation on all that match. */
      query: string;
      action: 'cancel' | 'terminate';
      engine: BatchEngineName;
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
  /** When it was sent, in RFC 3339, to the second. */
  time?: string;
  /** Name of the replay, where EventBridge sends it again from an archive. */
  'replay-name'?: string;
}

/** Triggers by name. */
export type Triggers = Readonly<Record<string, Trigger>>;

/** The name of the rule for events that carry the request themselves. No trigger can have it: their names are lower case. */
export const CANCELLATION_REQUESTS = 'cancellationRequests';

/** What a rule puts into the event queue. Templates are looked up when the event is handled, so that a mended trigger applies. */
export interface QueuedEvent {
  /** Name of the trigger, or {@link CANCELLATION_REQUESTS}. */
  trigger: string;
  event: TriggeringEvent;
  /** Which redrive of the event it is, from 1; absent as long as it was not redriven. */
  redrive?: number;
  /** When it came into the queue the first time, RFC 3339. The message of an event that was not redriven lacks it. */
  arrivedAt?: string;
}

/** A path into the event: names and array indexes, as in EventBridge's own input paths. */
const path = /^\$(\.[A-Za-z0-9_-]+|\[\d+\])+$/;

/** A placeholder of a text template. */
const placeholder = /<([^<>]*)>/g;
/** A placeholder of a query template, where `<`, `>` and `<>` are operators too. */
const queryPlaceholder = /<(\$[^<>]*)>/g;
/** Something in a query template that looks like a placeholder without its `$`. */
const mistakenPlaceholder = /<([^\s<>=$][^\s<>]*)>/g;

/** The paths in a text template that cannot be read. Empty when the template is valid. */
export function malformedPaths(template: string): string[] {
  return pathsIn(template, placeholder).filter((found) => !path.test(found));
}

/** As {@link malformedPaths}, for a query template. */
export function malformedQueryPaths(template: string): string[] {
  const text = template.replaceAll(quotedText, ' ');
  const malformed = pathsIn(template, queryPlaceholder).filter((found) => !path.test(found));
  return [...malformed, ...pathsIn(text, mistakenPlaceholder)];
}

function pathsIn(template: string, pattern: RegExp): string[] {
  return [...template.matchAll(pattern)].map(([, found = '']) => found);
}

/** A placeholder next to a character that a filled number or truth value would form one word with. */
const partOfAWord = /[\w$.'"`]<\$[^<>]*>|<\$[^<>]*>[\w$.'"`]/;

/**
 * Whether every placeholder of a query template stands where a value can stand. Values are quoted when they are filled in:
 * within quotes or a comment, their own quotes would end those; beside a word, a number would become part of it.
 */
export function placesValuesSafely(template: string): boolean {
  const texts: string[] = template.match(quotedText) ?? [];
  return (
    texts.every((text) => pathsIn(text, queryPlaceholder).length === 0) &&
    !unsafeInQuery.test(template.replaceAll(quotedText, ' ')) &&
    !partOfAWord.test(template)
  );
}

/**
 * Fills a template's placeholders from an event. Each value is used as it is: it cannot add a placeholder of its own.
 *
 * @throws {OperationFailure} `invalid-request` when the event lacks a value, has one that is no text, whole number or truth
 *   value, or a number whose digits JSON does not keep
 */
export function fillTemplate(template: string, event: TriggeringEvent): string {
  return filled(template, placeholder, event, String);
}

/** Values are put between single quotes. */
const unquotable = (value: string) => value.includes("'") || incomparable.test(value);

/**
 * Fills a query template. Texts are quoted here, so that no value can change what the query means.
 *
 * @throws {OperationFailure} `invalid-request` as `fillTemplate`, and for a text with quotes, backslashes, control
 *   characters or halves of surrogate pairs
 */
export function fillQuery(template: string, event: TriggeringEvent): string {
  return filled(template, queryPlaceholder, event, (value, at) => {
    if (typeof value !== 'string') return String(value);
    if (!unquotable(value)) return `'${value}'`;
    throw new OperationFailure('invalid-request', `The event's value at ${at} cannot be part of a query.`, {
      field: at,
      value,
      allowed: 'a text without quotes, backslashes, control characters and halves of surrogate pairs',
    });
  });
}

function filled(
  template: string,
  pattern: RegExp,
  event: TriggeringEvent,
  render: (value: string | number | boolean, at: string) => string,
): string {
  return template.replaceAll(pattern, (_, at: string) => {
    const value = valueAt(event, at);
    if (typeof value === 'number') return render(exactNumber(value, at), at);
    if ((typeof value === 'string' && value !== '') || typeof value === 'boolean') return render(value, at);
    throw new OperationFailure('invalid-request', `The event has no usable value at ${at}.`, {
      field: at,
      value,
      allowed: 'a non-empty text, a whole number or a truth value',
    });
  });
}

/**
 * A number whose digits are those that were sent. JSON numbers are read as 64-bit floating point: 18014401185133493 becomes
 * 18014401185133492, 12.50 becomes 12.5, and either would name another workflow.
 */
function exactNumber(value: number, at: string): number {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return value;
  throw new OperationFailure(
    'invalid-request',
    `The event's number at ${at} may have lost digits on its way: send it as text.`,
    { field: at, value, allowed: `a text, or a whole number of up to ${Number.MAX_SAFE_INTEGER}` },
  );
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
