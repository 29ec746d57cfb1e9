import type { google } from '@temporalio/proto';
import { toNumber } from './to-number';

type Timestamp = google.protobuf.ITimestamp | null | undefined;
type Duration = google.protobuf.IDuration | null | undefined;

/** A server time as RFC 3339 text with milliseconds; undefined where the server sent none. */
export function rfc3339(time: Timestamp): string | undefined {
  const milliseconds = epochMilliseconds(time);
  return milliseconds === undefined ? undefined : new Date(milliseconds).toISOString();
}

/** Milliseconds since the epoch. */
export function epochMilliseconds(time: Timestamp): number | undefined {
  if (!time) return undefined;
  return toNumber(time.seconds) * 1000 + Math.floor((time.nanos ?? 0) / 1e6);
}

/** A duration in seconds; the server sends none as zero or leaves it out. */
export function durationSeconds(duration: Duration): number {
  return toNumber(duration?.seconds) + (duration?.nanos ?? 0) / 1e9;
}

/** @returns the time where it is to come */
export function futureTime(time: Timestamp): string | undefined {
  return (epochMilliseconds(time) ?? 0) > Date.now() ? rfc3339(time) : undefined;
}
