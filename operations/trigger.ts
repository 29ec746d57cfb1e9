import type { BatchEngineName } from '../api/batch-operation';
import { OperationFailure } from '../api/failures';
import { incomparable } from './temporal/visibility-text';
import { valueAt } from './value-at';
import { quotedText, unsafeInQuery } from './visibility-query';

/** What to cancel or terminate on a matching event, and the reason. */
export type Trigger = {
  namespace: string;
  /** Template of the reason. */
  reason: string;
} & (
  | {
      /** Template of the workflow ID, e.g. `order-<$.detail.orderId>`. */
      workflowId: string;
    }
  | {
      /** Template of a visibility query for a batch operation, e.g. `CustomerId = <$.detail.customerId>`. */
      query: string;
      action: 'cancel' | 'terminate';
      engine: BatchEngineName;
      ratePerSecond: number;
      maxWorkflows: number;
    }
);

/** The fields of an EventBridge event that Rewind uses. */
export interface TriggeringEvent {
  id: string;
  source: string;
  'detail-type': string;
  detail: unknown;
  /** When the event was sent, RFC 3339 with a resolution of 1 s. */
  time?: string;
  /** Name of the replay, if EventBridge replays the event from an archive. */
  'replay-name'?: string;
}

/** Triggers by name. */
export type Triggers = Readonly<Record<string, Trigger>>;

/** Name of the rule for events that contain the request themselves. No trigger has this name: theirs are in lower case. */
export const CANCELLATION_REQUESTS = 'cancellationRequests';

/**
 * A message that a rule sends to the event queue. It names the trigger instead of copying its templates, so that a corrected
 * trigger applies to queued events.
 */
export interface QueuedEvent {
  /** Name of the trigger, or {@link CANCELLATION_REQUESTS}. */
  trigger: string;
  event: TriggeringEvent;
  /** When EventBridge received the event, which can be a day before it reaches the queue. Absent when the event was redriven. */
  ingestedAt?: string;
  /** Number of the redrive, from 1; absent when the event was not redriven. */
  redrive?: number;
  /** The namespace that the redrive was requested in: its caller may redrive in no other. */
  redrivenIn?: string;
  /** When the event first arrived, RFC 3339; absent when the event was not redriven. */
  arrivedAt?: string;
}

/** A path into the event, with names and array indexes like EventBridge's input paths. */
const path = /^\$(\.[A-Za-z0-9_-]+|\[\d+\])+$/;

/** A placeholder of a text template. */
const placeholder = /<([^<>]*)>/g;
/** A placeholder of a query template, where `<`, `>` and `<>` are operators too. */
const queryPlaceholder = /<(\$[^<>]*)>/g;
/** What looks like a placeholder without `$` in a query template. */
const placeholderWithoutDollar = /<([^\s<>=$][^\s<>]*)>/g;

/** Returns the invalid paths in a text template. */
export function malformedPaths(template: string): string[] {
  return pathsIn(template, placeholder).filter((found) => !path.test(found));
}

/** Returns the invalid paths in a query template. */
export function malformedQueryPaths(template: string): string[] {
  const text = template.replaceAll(quotedText, ' ');
  const malformed = pathsIn(template, queryPlaceholder).filter((found) => !path.test(found));
  return [...malformed, ...pathsIn(text, placeholderWithoutDollar)];
}

function pathsIn(template: string, pattern: RegExp): string[] {
  return [...template.matchAll(pattern)].map(([, found = '']) => found);
}

/** A placeholder next to a character with which a number or boolean value would form a word. */
const adjacentToWord = /[\w$.'"`]<\$[^<>]*>|<\$[^<>]*>[\w$.'"`]/;

/**
 * Whether every placeholder of a query template is where a value can be. Strings get quotes when they are filled in, so a placeholder
 * must not be within quotes or a comment. Next to a word, a number would become part of the word.
 */
export function placesValuesSafely(template: string): boolean {
  const texts: string[] = template.match(quotedText) ?? [];
  return (
    texts.every((text) => pathsIn(text, queryPlaceholder).length === 0) &&
    !unsafeInQuery.test(template.replaceAll(quotedText, ' ')) &&
    !adjacentToWord.test(template)
  );
}

/**
 * Replaces a template's placeholders with values from an event. Placeholders within a value are not replaced.
 *
 * @throws {OperationFailure} `invalid-request` for a value that is missing, not a string, whole number or boolean, or a number
 *   that may have lost digits as JSON
 */
export function fillTemplate(template: string, event: TriggeringEvent): string {
  return fillPlaceholders(template, placeholder, event, String);
}

/** Whether a value cannot be put between single quotes, or cannot be compared with by Temporal. */
const unquotable = (value: string) => value.includes("'") || incomparable.test(value);

/**
 * Replaces the placeholders of a query template. Strings are quoted, so that no value can change the query's meaning.
 *
 * @throws {OperationFailure} `invalid-request` as `fillTemplate`, and for a string with quotes, backslashes, control
 *   characters or unpaired surrogates
 */
export function fillQuery(template: string, event: TriggeringEvent): string {
  return fillPlaceholders(template, queryPlaceholder, event, (value, at) => {
    if (typeof value !== 'string') return String(value);
    if (!unquotable(value)) return `'${value}'`;
    throw new OperationFailure('invalid-request', `The event's value at ${at} cannot be part of a query.`, {
      field: at,
      value,
      allowed: 'a string without quotes, backslashes, control characters and unpaired surrogates',
    });
  });
}

function fillPlaceholders(
  template: string,
  pattern: RegExp,
  event: TriggeringEvent,
  render: (value: string | number | boolean, at: string) => string,
): string {
  return template.replaceAll(pattern, (_, at: string) => {
    const value = valueAt(event, at.match(/[A-Za-z0-9_-]+/g) ?? []);
    if (typeof value === 'number') return render(exactNumber(value, at), at);
    if ((typeof value === 'string' && value !== '') || typeof value === 'boolean') return render(value, at);
    throw new OperationFailure('invalid-request', `The event has no usable value at ${at}.`, {
      field: at,
      value,
      allowed: 'a non-empty string, a whole number or a boolean',
    });
  });
}

/**
 * Returns the number if it is certainly the number that was sent. JSON numbers are parsed as 64-bit floating point:
 * 18014401185133493 becomes 18014401185133492 and 12.50 becomes 12.5, either of which would name another workflow.
 */
function exactNumber(value: number, at: string): number {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return value;
  throw new OperationFailure(
    'invalid-request',
    `The event's number at ${at} may have lost digits: send it as a string.`,
    { field: at, value, allowed: `a string, or a whole number of up to ${Number.MAX_SAFE_INTEGER}` },
  );
}
