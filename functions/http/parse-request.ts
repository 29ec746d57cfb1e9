import type { APIGatewayProxyEvent } from 'aws-lambda';
import { OperationFailure } from '../../api/failures';
import type { FieldError } from '../../api/failures';
import { invalidRequest, truncate } from '../validation';

/** Largest request body, in bytes. A request is a few ids, a reason and a target. */
const MAX_BODY_BYTES = 64 * 1024;

/** How deep a body may nest. The deepest request has four levels. */
const MAX_BODY_DEPTH = 32;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * @throws {OperationFailure} `payload-too-large`; `invalid-request` when the body is missing, not UTF-8, not a JSON object, or an ambiguous one
 */
export function parseBody({ body, isBase64Encoded }: Pick<APIGatewayProxyEvent, 'body' | 'isBase64Encoded'>): unknown {
  const bytes = Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > MAX_BODY_BYTES) {
    throw new OperationFailure(
      'payload-too-large',
      `The body has ${bytes.length} bytes; at most ${MAX_BODY_BYTES} are allowed.`,
    );
  }
  const refused = (allowed: string) =>
    invalidRequest([{ field: 'body', ...(bytes.length > 0 && { value: truncate(bytes.toString()) }), allowed }]);
  const aJsonObject = 'a JSON object in UTF-8';
  let json: string;
  let parsed: unknown;
  try {
    json = utf8.decode(bytes);
    parsed = JSON.parse(json);
  } catch {
    throw refused(aJsonObject);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw refused(aJsonObject);
  const { depth, repeated } = shapeOf(json);
  if (depth > MAX_BODY_DEPTH) throw refused(`${aJsonObject}, nested at most ${MAX_BODY_DEPTH} deep`);
  if (repeated !== undefined) {
    throw refused(`${aJsonObject} that gives each field once; ${JSON.stringify(repeated)} is given twice`);
  }
  return parsed;
}

/** The brackets of a JSON text, and its strings, which are field names where a colon follows. */
const shapingToken = /[[\]{}]|"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?/g;

/**
 * What `JSON.parse` does not report: how deep a text nests, and a field that is given twice, of which it takes the last. Of
 * two workflow ids it is unclear which one the caller means.
 */
function shapeOf(json: string): { depth: number; repeated?: string } {
  const open: Set<string>[] = [];
  let depth = 0;
  let repeated: string | undefined;
  for (const [token, colon] of json.matchAll(shapingToken)) {
    if (token === '{' || token === '[') depth = Math.max(depth, open.push(new Set()));
    else if (token === '}' || token === ']') open.pop();
    else if (colon !== undefined) {
      const name = JSON.parse(token.slice(0, -colon.length)) as string;
      const names = open.at(-1);
      if (names?.has(name)) repeated ??= name;
      names?.add(name);
    }
  }
  return { depth, repeated };
}

/**
 * The query string as an object; API Gateway has decoded it.
 * @throws {OperationFailure} `invalid-request` when a parameter is given more than once
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
