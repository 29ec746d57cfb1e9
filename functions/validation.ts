import * as z from 'zod/mini';
import { OperationFailure } from '../api/failures';
import type { FieldError } from '../api/failures';

/** Longest part of a refused value that a response repeats, in characters. */
const MAX_SHOWN_CHARACTERS = 200;

/** What is allowed in a field that its schema does not have. */
const UNKNOWN_FIELD = 'unknown field';

/** A request that its schema refuses. */
export function invalidRequest(errors: FieldError[]): OperationFailure {
  return new OperationFailure('invalid-request', errors.map(describeFieldError).join('; '), { errors });
}

/**
 * Checks input against its schema. The error text of a field's schema says what is allowed in it.
 * @throws {OperationFailure} `invalid-request` naming each field, its value and what is allowed
 */
export function validate<Schema extends z.ZodMiniType>(schema: Schema, input: unknown): z.output<Schema> {
  const result = z.safeParse(schema, input);
  if (result.success) return result.data;
  throw invalidRequest(result.error.issues.flatMap((issue) => fieldErrors(issue, input)));
}

function fieldErrors(issue: z.core.$ZodIssue, input: unknown): FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const field = [...issue.path, key].map(String).join('.');
      return { field, value: truncate(valueAt(input, [...issue.path, key])), allowed: UNKNOWN_FIELD };
    });
  }
  if (issue.path.length === 0) return [{ field: 'body', value: truncate(input), allowed: 'a JSON object' }];
  return [
    { field: issue.path.map(String).join('.'), value: truncate(valueAt(input, issue.path)), allowed: issue.message },
  ];
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? (value as Record<PropertyKey, unknown>)[key]
        : undefined,
    input,
  );
}

/** The refused value, cut to a length that fits a response and a log line. */
export function truncate(value: unknown): unknown {
  if (value === undefined || value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > MAX_SHOWN_CHARACTERS ? `${text.slice(0, MAX_SHOWN_CHARACTERS)}…` : text;
}

function describeFieldError({ field, value, allowed }: FieldError): string {
  if (allowed === UNKNOWN_FIELD) return `${field} is an unknown field`;
  return value === undefined
    ? `${field} is missing: it must be ${allowed}`
    : `${field} is ${JSON.stringify(value)}: it must be ${allowed}`;
}
