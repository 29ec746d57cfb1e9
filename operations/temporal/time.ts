import type { google } from '@temporalio/proto';
import { toNumber } from './to-number';

type Timestamp = google.protobuf.ITimestamp | null | undefined;
type Duration = google.protobuf.IDuration | null | undefined;

/** Formats a server time as RFC 3339 with milliseconds. Returns undefined when the server sent none. */
export function rfc3339(time: Timestamp): string | undefined {
  const milliseconds = epochMilliseconds(time);
  return milliseconds === undefined ? undefined : new Date(milliseconds).toISOString();
}

/** 1 January of the year 1, in seconds since the epoch: the zero value of Go, which the server sends for some unset times. */
const UNSET_SECONDS = -62_135_596_800;

/** Converts a server time to milliseconds since the epoch. Returns undefined when it is unset. */
export function epochMilliseconds(time: Timestamp): number | undefined {
  if (!time || toNumber(time.seconds) === UNSET_SECONDS) return undefined;
  return toNumber(time.seconds) * 1000 + Math.floor((time.nanos ?? 0) / 1e6);
}

/** Converts a duration to seconds. Returns 0 when it is unset, which the server sends as zero or omits. */
export function durationSeconds(duration: Duration): number {
  return toNumber(duration?.seconds) + (duration?.nanos ?? 0) / 1e9;
}

/** Formats a server time as RFC 3339 if it is in the future; otherwise returns undefined. */
export function futureTime(time: Timestamp): string | undefined {
  return (epochMilliseconds(time) ?? 0) > Date.now() ? rfc3339(time) : undefined;
}
