import type Long from 'long';

/**
 * A 64-bit number of Temporal's API, which stays far below what a number holds exactly: event ids, counts, seconds, bytes.
 * Not with `Number`, which has a `Long` written out and reads the text: microseconds for every event of a history.
 * @returns 0 where there is none, as protobuf has it
 */
export function toNumber(value: Long | null | undefined): number {
  return value?.toNumber() ?? 0;
}
