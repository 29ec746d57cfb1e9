import type { APIGatewayProxyEvent } from 'aws-lambda';
import { OperationFailure } from '../../api/failures';
import type { FieldError } from '../../api/failures';
import { changedNumber } from '../json-digits';
import { structureOf } from '../json-structure';
import { invalidRequest, truncate } from '../validation';

/** Maximum size of a request body, in bytes. */
const MAX_BODY_BYTES = 64 * 1024;

/** Maximum nesting depth of a request body. The deepest valid request has four levels. */
const MAX_BODY_DEPTH = 32;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Maximum length of a number in a message. */
const MAX_DIGITS_SHOWN = 100;

/**
 * Parses a request body, which has to be a JSON object.
 * @throws {OperationFailure} `payload-too-large`; `invalid-request` when the body is missing, not UTF-8, not a JSON object,
 * nested too deeply, has a duplicate field or a number that loses digits
 */
export function parseBody({ body, isBase64Encoded }: Pick<APIGatewayProxyEvent, 'body' | 'isBase64Encoded'>): unknown {
  const bytes = Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > MAX_BODY_BYTES) {
    throw new OperationFailure(
      'payload-too-large',
      `The body has ${bytes.length} bytes; at most ${MAX_BODY_BYTES} are allowed.`,
    );
  }
  const invalidBody = (allowed: string) =>
    invalidRequest([{ field: 'body', ...(bytes.length > 0 && { value: truncate(bytes.toString()) }), allowed }]);
  const aJsonObject = 'a JSON object in UTF-8';
  let json: string;
  let parsed: unknown;
  try {
    json = utf8.decode(bytes);
    parsed = JSON.parse(json);
  } catch {
    throw invalidBody(aJsonObject);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw invalidBody(aJsonObject);
  const { depth, repeated } = structureOf(json);
  if (depth > MAX_BODY_DEPTH) throw invalidBody(`${aJsonObject}, nested at most ${MAX_BODY_DEPTH} deep`);
  if (repeated !== undefined) {
    throw invalidBody(`${aJsonObject} without duplicate fields; ${JSON.stringify(repeated)} is duplicate`);
  }
  const changed = changedNumber(json);
  if (changed !== undefined)
    throw invalidBody(
      `${aJsonObject}; the number ${changed.slice(0, MAX_DIGITS_SHOWN)} loses digits, so send it as a string`,
    );
  return parsed;
}

/**
 * Rejects a POST with a query string, whose parameters, such as `dryRun`, would otherwise be ignored.
 * @throws {OperationFailure} `invalid-request` for any query parameter
 */
export function refuseQuery({
  multiValueQueryStringParameters: parameters,
}: Pick<APIGatewayProxyEvent, 'multiValueQueryStringParameters'>): void {
  const errors = Object.entries(parameters ?? {}).map(([field, values]): FieldError => ({
    field,
    value: truncate(values?.length === 1 ? values[0] : values),
    allowed: 'left out of the query string: a POST request has its fields in the body',
  }));
  if (errors.length > 0) throw invalidRequest(errors);
}

/**
 * Returns the query parameters, which API Gateway has decoded.
 * @throws {OperationFailure} `invalid-request` for a duplicate parameter
 */
export function parseQuery({
  multiValueQueryStringParameters: parameters,
}: Pick<APIGatewayProxyEvent, 'multiValueQueryStringParameters'>): unknown {
  const errors: FieldError[] = [];
  const entries = Object.entries(parameters ?? {}).map(([field, values = []]) => {
    if (values.length > 1) errors.push({ field, value: truncate(values), allowed: 'given once' });
    return [field, values[0]] as const;
  });
  if (errors.length > 0) throw invalidRequest(errors);
  return Object.fromEntries(entries);
}
