import type { BatchAction } from '../../api/batch-operation';
import type { BatchRequest } from '../../api/batch-operations';
import { OperationFailure } from '../../api/failures';
import { TemporalRejection } from '../temporal/errors';
import { COMPARABLE, incomparable, quoted } from '../temporal/visibility-text';
import { checkQuery, refusedQuery, withCallersPositions } from '../visibility-query';
import { EXCEPT_OWN_WORKFLOWS } from '../own-workflows';

/** What {@link effectiveQuery} prepends to a query. */
export const BEFORE_QUERY = '(';

const open = 'CloseTime IS NULL';

/**
 * Condition for the runs that an action applies to. `CloseTime IS NULL` matches running and paused runs, also on servers
 * without the status `Paused`. Such servers do not support unpausing.
 */
const only: Record<BatchAction, string | undefined> = {
  cancel: open,
  terminate: open,
  pause: open,
  unpause: "ExecutionStatus = 'Paused'",
  updateOptions: open,
  reset: undefined,
};

/**
 * Returns the visibility query for a batch operation: the caller's query, without workflows that execute batch operations,
 * and limited to open runs unless the action is a reset.
 *
 * @throws {OperationFailure} `invalid-request` for a query that would escape from its parentheses, or an ID that Temporal could
 *   not exclude
 */
export function effectiveQuery({
  action,
  query = '',
  exclude = [],
}: Pick<BatchRequest, 'action' | 'query' | 'exclude'>): string {
  checkQuery(query);
  refuseIncomparable(exclude);
  const excluded = exclude.map(quoted).join(', ');
  const others = `${BEFORE_QUERY}${query}) AND ${EXCEPT_OWN_WORKFLOWS}${excluded && ` AND WorkflowId NOT IN (${excluded})`}`;
  return only[action] === undefined ? others : `${others} AND ${only[action]}`;
}

function refuseIncomparable(exclude: readonly string[]): void {
  const id = exclude.find((one) => incomparable.test(one));
  if (id === undefined) return;
  throw new OperationFailure(
    'invalid-request',
    `Temporal cannot exclude workflow ${JSON.stringify(id)} from a query, because visibility queries cannot compare with such an ID. Nothing was done.`,
    { field: 'exclude', value: id, allowed: `with a query, IDs ${COMPARABLE}; with "workflows", any IDs` },
  );
}

/**
 * Returns the failure for a query that the server rejected, and any other error unchanged.
 * @param before what was prepended to the caller's query
 */
export function queryFailure(error: unknown, query: string, before = ''): unknown {
  if (!(error instanceof TemporalRejection && error.invalid)) return error;
  return refusedQuery(query, withCallersPositions(error.details, query, before), error);
}
