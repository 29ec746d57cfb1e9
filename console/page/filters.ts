/** A saved filter of the list of workflows. */
export interface Filter {
  name: string;
  title: string;
  /** The visibility query, if visibility can express the filter. For `stuck`, the page shows only some of the matches. */
  query?: string;
  /** Otherwise, which operations in the ledger name the workflows. */
  operations?: 'unsettledCancellations' | 'mine';
}

/** Open workflows. Paused ones do not have the status `Running`. */
export const OPEN = 'CloseTime IS NULL';

/** @param midnight the start of the day in the user's time zone */
export const filters = (midnight: Date): Filter[] => [
  { name: 'all', title: 'All', query: '' },
  { name: 'open', title: 'Open', query: OPEN },
  { name: 'stuck', title: 'Task failing or stuck', query: OPEN },
  {
    name: 'failed-today',
    title: 'Failed today',
    query: `ExecutionStatus IN ('Failed', 'TimedOut', 'Terminated') AND CloseTime >= '${midnight.toISOString()}'`,
  },
  { name: 'cancelling', title: 'Cancel requested, still open', operations: 'unsettledCancellations' },
  { name: 'mine', title: 'Changed by me', operations: 'mine' },
];

/** Limits the length of the query. The newest operations come first. */
const MAX_IDS = 40;

/** The query for workflows by their ids. */
export function queryOfIds(ids: string[], condition?: string): string {
  const distinct = [...new Set(ids)].slice(0, MAX_IDS);
  // Matches nothing, since no workflow id is empty.
  const list = distinct.length === 0 ? ["''"] : distinct.map(quotedValue);
  return [condition, `WorkflowId IN (${list.join(', ')})`].filter(Boolean).join(' AND ');
}

/** Quotes a value for a visibility query: quotes and backslashes are escaped with a backslash. */
const quotedValue = (text: string): string => `'${text.replaceAll(/['\\]/g, (character) => `\\${character}`)}'`;

const both = (query: string, condition: string): string =>
  query.trim() === '' ? condition : `(${query}) AND ${condition}`;

const STATUS = /^\((.*)\) AND ExecutionStatus = '(\w+)'$|^ExecutionStatus = '(\w+)'$/s;

/** Adds a status to the query, or removes it if the query has it. */
export function toggleStatus(query: string, status: string): string {
  const [, rest = '', inBoth, alone] = STATUS.exec(query) ?? [];
  const has = inBoth ?? alone;
  const without = has === undefined ? query : rest;
  return has === status ? without : both(without, `ExecutionStatus = '${status}'`);
}

export const statusOf = (query: string): string | undefined => {
  const [, , inBoth, alone] = STATUS.exec(query) ?? [];
  return inBoth ?? alone;
};

/** The query without its status, for counts of every status. */
export const withoutStatus = (query: string): string => {
  const status = statusOf(query);
  return status === undefined ? query : toggleStatus(query, status);
};
