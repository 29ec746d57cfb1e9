import type Long from 'long';

/**
 * Converts a 64-bit number of Temporal's API (event IDs, counts, seconds, bytes), all of which are far below 2^53.
 * Faster than `Number(value)`, which formats the `Long` and parses the string, for every event of a history.
 * @returns 0 when the field is absent, as in protobuf
 */
export function toNumber(value: Long | null | undefined): number {
  return value?.toNumber() ?? 0;
}
