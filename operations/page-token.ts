import { createHash } from 'node:crypto';
import { OperationFailure } from '../api/failures';

/** A requested page of a list. */
export interface PageRequest {
  size: number;
  /** The `nextPageToken` of the previous page. */
  token?: string;
}

/**
 * Returns the `nextPageToken` of a list: the position of the next page, and a checksum of the position and the list. With the
 * token of another list, Temporal and DynamoDB would continue at a wrong position. With a modified token, Temporal responds
 * with an error that looks like an outage (observed on 1.29.1).
 *
 * @param list identifies the list: its route, namespace and filters
 * @param position where the next page starts; must be serializable as JSON
 */
export function writePageToken(list: readonly unknown[], position: unknown): string {
  const text = Buffer.from(JSON.stringify(position)).toString('base64url');
  return `${checksum(list, text)}.${text}`;
}

/**
 * Returns the position in a token, or undefined without a token.
 * @throws {OperationFailure} `invalid-request` for a token that {@link writePageToken} did not create for this list
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
    allowed: 'the nextPageToken of the previous page, with the same parameters',
  });
}

const checksum = (list: readonly unknown[], position: string): string =>
  createHash('sha256')
    .update(JSON.stringify([list, position]))
    .digest('base64url');
