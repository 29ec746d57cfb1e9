import type Long from 'long';

/**
 * A 64-bit number of Temporal's API: event ids, counts, seconds, bytes. All stay far below 2^53.
 * Not `Number(value)`, which formats the `Long` and parses the text: microseconds for every event of a history.
 * @returns 0 where the field is absent, as in protobuf
 */
export function toNumber(value: Long | null | undefined): number {
  return value?.toNumber() ?? 0;
}
