import { createHash, randomUUID } from 'node:crypto';
import { OperationFailure } from '../../api/failures';

export function randomOperationId(): string {
  return `op-${randomUUID().replaceAll('-', '')}`;
}

/**
 * Derives the operation ID from the namespace and the idempotency key. The caller is not part of it: a pipeline that
 * retries under a new session must not act twice.
 */
export function keyedOperationId(namespace: string, idempotencyKey: string): string {
  return `op-${sha256(namespace, idempotencyKey).slice(0, 32)}`;
}

/**
 * Returns the idempotency key of an operation that Rewind itself requests. The line breaks in it prevent callers from using the
 * key first, because a header cannot contain them.
 */
export const internalKey = (...parts: readonly (string | number)[]): string => parts.join('\n');

/** Hashes verb and request, to distinguish a repeated request from a different one under the same key. */
export function fingerprint(verb: string, request: object): string {
  return sha256(verb, JSON.stringify(request));
}

/** @param other the request to which the key belongs */
export function keyReused(other: string): OperationFailure {
  return new OperationFailure(
    'idempotency-key-reused',
    `This idempotency key belongs to another request: ${other}. Nothing was done.`,
    { field: 'Idempotency-Key', allowed: 'a new key for every new request, the same key only for the same request' },
  );
}

function sha256(...parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
