import * as z from 'zod/mini';
import { OperationFailure } from '../api/failures';
import type { FieldError } from '../api/failures';
import { valueAt } from '../operations/value-at';

/** Maximum length of an invalid value in a response, in characters. */
const MAX_SHOWN_CHARACTERS = 200;

/** The text in `allowed` for a field that the schema does not have. */
const UNKNOWN_FIELD = 'unknown field';

/** Returns the failure for a request with invalid fields. */
export function invalidRequest(errors: FieldError[], { showValues = true } = {}): OperationFailure {
  const message = errors.map((error) => describeFieldError(error, showValues)).join('; ');
  return new OperationFailure('invalid-request', message, { errors });
}

/**
 * Validates input against a schema, whose error texts describe the valid values.
 * @param shown whether the message of the failure repeats invalid values
 * @throws {OperationFailure} `invalid-request` with each invalid field, its value and the valid values
 */
export function validate<Schema extends z.ZodMiniType>(
  schema: Schema,
  input: unknown,
  shown: { showValues?: boolean } = {},
): z.output<Schema> {
  const result = z.safeParse(schema, input);
  if (result.success) return result.data;
  throw invalidRequest(
    result.error.issues.flatMap((issue) => fieldErrors(issue, input)),
    shown,
  );
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

/** Shortens an invalid value for responses and logs. Objects are converted to JSON text. */
export function truncate(value: unknown): unknown {
  if (value === undefined || value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > MAX_SHOWN_CHARACTERS ? `${text.slice(0, MAX_SHOWN_CHARACTERS)}…` : text;
}

function describeFieldError({ field, value, allowed }: FieldError, showValue: boolean): string {
  if (allowed === UNKNOWN_FIELD) return `${field} is an unknown field`;
  const what = value === undefined ? 'missing' : showValue ? JSON.stringify(value) : 'not valid';
  return `${field} is ${what}: it must be ${allowed}`;
}
