import type { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

const byStatus: Record<string, Style> = {
  Running: 'blue',
  Paused: 'yellow',
  Completed: 'green',
  Canceled: 'yellow',
  Terminated: 'yellow',
  Failed: 'red',
  TimedOut: 'red',
};

/** The colour of a workflow's status. */
export const statusStyle = (status: string): Style => byStatus[status] ?? 'reset';
