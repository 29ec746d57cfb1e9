import { CliError } from '../exit-codes';

const SECONDS = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 } as const;

/**
 * Parses a duration such as `20s`, `1h30m`, `7d`, or a number of seconds. Returns seconds.
 * @throws {CliError} if the text is not a duration
 */
export function secondsOf(given: string): number {
  if (/^\d+(\.\d+)?$/.test(given)) return Number(given);
  if (!/^(\d+(\.\d+)?(ms|[smhdw]))+$/.test(given)) {
    throw new CliError('usage', `${JSON.stringify(given)} is not a duration such as 20s, 5m, 1h30m or 7d.`);
  }
  const parts = [...given.matchAll(/(\d+(?:\.\d+)?)(ms|[smhdw])/g)];
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * SECONDS[unit as keyof typeof SECONDS], 0);
}

/** Formats a duration for display: `3 s`, `2 min`, `5 h`, `3 d`. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}

export function ago(time: string | undefined): string {
  if (time === undefined) return '';
  const seconds = (Date.now() - Date.parse(time)) / 1000;
  return seconds < 0 ? `in ${duration(-seconds)}` : `${duration(seconds)} ago`;
}

/** A date, or a date and a time with its offset. */
const time = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/;

/** Whether a date exists. `Date.parse` takes 31 February for 3 March. */
const exists = (date = '') => !Number.isNaN(Date.parse(date)) && new Date(date).toISOString().startsWith(date);

/** Parses a time, or a duration before now. Returns an ISO 8601 time. */
export function instant(given: string): string {
  if (/^\d+(\.\d+)?([smhdw]|$)/.test(given)) return new Date(Date.now() - secondsOf(given) * 1000).toISOString();
  const [, date] = time.exec(given) ?? [];
  if (exists(date) && !Number.isNaN(Date.parse(given))) return new Date(given).toISOString();
  throw new CliError('usage', `${JSON.stringify(given)} is not a time such as 2026-01-31T12:00:00Z, 24h or 7d.`);
}
