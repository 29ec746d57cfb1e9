import type { HistoryEntry } from './schema';

/** The style of an entry, by its state. */
export type Tone = 'good' | 'bad' | 'ended' | 'open' | 'note';

const tones: Record<NonNullable<HistoryEntry['state']>, Tone> = {
  completed: 'good',
  fired: 'good',
  failed: 'bad',
  timedOut: 'bad',
  terminated: 'bad',
  canceled: 'ended',
  continuedAsNew: 'ended',
  pending: 'open',
  started: 'open',
  notCompleted: 'ended',
};

export function toneOf({ kind, state, failure }: HistoryEntry): Tone {
  if (kind === 'workflowTaskFailure') return 'bad';
  if (state === undefined) return 'note';
  // The last attempt failed, and the next one has not succeeded yet.
  return tones[state] === 'open' && failure !== undefined ? 'bad' : tones[state];
}

export const isOpenEntry = ({ state }: HistoryEntry): boolean => state === 'pending' || state === 'started';

export interface Scale {
  start: number;
  end: number;
}

/** Maximum part of the width for the time after the last event: an entry may be open for days. */
const MAX_OPEN_PART = 0.75;

/** The time from the run's start to its last event, with a margin for entries that are still open. */
export function scaleOf(
  entries: HistoryEntry[],
  startTime: string | undefined,
  closeTime: string | undefined,
  now = Date.now(),
): Scale {
  const start = Date.parse(startTime ?? entries.at(-1)?.startTime ?? new Date().toISOString());
  if (closeTime !== undefined) return { start, end: Math.max(Date.parse(closeTime), start + 1) };
  let last = start + 1;
  for (const { startTime: began, endTime } of entries) {
    last = Math.max(last, Date.parse(endTime ?? began ?? '') || 0);
  }
  const known = last - start;
  const openFor = entries.some(isOpenEntry) ? Math.min(now - last, (known * MAX_OPEN_PART) / (1 - MAX_OPEN_PART)) : 0;
  return { start, end: last + Math.max(known * 0.15, openFor) };
}

/** The position of an entry on the scale, in percent of the width. */
export function barOf(entry: HistoryEntry, { start, end }: Scale): { left: number; width: number } {
  const at = (time: number) => Math.min(100, Math.max(0, ((time - start) / (end - start)) * 100));
  const left = at(Date.parse(entry.startTime ?? '') || start);
  // Without an end, it lasted until the run closed, which is the end of the scale.
  const right =
    isOpenEntry(entry) || entry.state === 'notCompleted'
      ? 100
      : at(Date.parse(entry.endTime ?? entry.startTime ?? '') || start);
  return { left, width: Math.max(0, right - left) };
}

/** The rows of a scrolled list to render, with some beyond the visible part. */
export function windowOf(
  { scrollTop, height }: { scrollTop: number; height: number },
  rowHeight: number,
  count: number,
): { from: number; to: number } {
  const SPARE = 8;
  const from = Math.max(0, Math.floor(scrollTop / rowHeight) - SPARE);
  return { from, to: Math.min(count, Math.ceil((scrollTop + height) / rowHeight) + SPARE) };
}
