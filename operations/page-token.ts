import { createHash } from 'node:crypto';
import { OperationFailure } from '../api/failures';

/**
 * The `nextPageToken` of a list: where the list continues, and a checksum of that and of what was asked for. Temporal and
 * DynamoDB continue somewhere else with the token of another list, and Temporal answers a changed token with an error that
 * looks like an outage (seen on 1.29.1).
 *
 * @param list what makes two requests the same list: its route, namespace and filters
 * @param position where the next page begins, as JSON can have it
 */
export function writePageToken(list: readonly unknown[], position: unknown): string {
  const text = Buffer.from(JSON.stringify(position)).toString('base64url');
  return `${checksum(list, text)}.${text}`;
}

/**
 * The position in a token, or undefined without a token.
 * @throws {OperationFailure} `invalid-request` for a token that {@link writePageToken} did not make for this list
 */
export function readPageToken(token: string | undefined, list: readonly unknown[]): unknown {
  if (token === undefined) return undefined;
  const text = token.slice(token.indexOf('.') + 1);
  if (token !== `${checksum(list, text)}.${text}`) throw invalidPageToken(token);
  return JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown;
}

export function invalidPageToken(token: string): OperationFailure {
  return new OperationFailure('invalid-request', 'pageToken is not one that this list returned.', {
    field: 'pageToken',
    value: token,
    allowed: 'the nextPageToken of the page before, with the same parameters',
  });
}

const checksum = (list: readonly unknown[], position: string): string =>
  createHash('sha256')
    .update(JSON.stringify([list, position]))
    .digest('base64url');
