import { duration } from '../../cli/output/durations';

// Created once, because creating one takes longer than rendering the rest of a timeline row.
const clock = new Intl.DateTimeFormat([], { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
const day = new Intl.DateTimeFormat([], { month: 'short', day: 'numeric' });

/** Formats a time in the user's locale, with the date if it is not today. */
export function timeText(time: string | undefined): string {
  if (time === undefined) return '';
  const date = new Date(time);
  const isToday = date.toDateString() === new Date().toDateString();
  return isToday ? clock.format(date) : `${day.format(date)} ${clock.format(date)}`;
}

/** Formats the time between start and end, or between start and now: `340 ms`, `2.4 s`, `5 min`. */
export function spanText(startTime: string | undefined, endTime: string | undefined): string {
  if (startTime === undefined) return '';
  const milliseconds = (endTime === undefined ? Date.now() : Date.parse(endTime)) - Date.parse(startTime);
  if (milliseconds < 1000) return `${Math.max(0, Math.round(milliseconds))} ms`;
  if (milliseconds < 10_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  return duration(milliseconds / 1000);
}

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

/** Turns `workflowTaskFailing` into `workflow task failing`. */
export const words = (name: string): string =>
  name.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
