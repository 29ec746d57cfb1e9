import type { BatchAction } from '../../api/batch-operation';
import type { BatchRequest } from '../../api/batch-operations';
import { OperationFailure } from '../../api/failures';
import { TemporalRejection } from '../temporal/errors';
import { COMPARABLE, incomparable, quoted } from '../temporal/visibility-text';
import { checkQuery, refusedQuery, withCallersPositions } from '../visibility-query';
import { EXCEPT_OWN_WORKFLOWS } from './own-workflows';

/** What {@link effectiveQuery} puts before a query. */
export const BEFORE_QUERY = '(';

const open = 'CloseTime IS NULL';

/**
 * Which of the runs that match an action is for. `CloseTime IS NULL` finds open ones, running or paused, also on servers
 * that do not have the status `Paused`; those refuse to unpause.
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
 * The query as counting, listing and Temporal's own batch engine use it. Never matches a workflow that executes a batch
 * operation. Only a reset is for closed runs too.
 *
 * @throws {OperationFailure} `invalid-request` for a query that would get out of its parentheses, and for what Temporal would
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
    `Temporal cannot leave workflow ${JSON.stringify(id)} out of what a query matches: it does not compare with such an id. Nothing was done.`,
    { field: 'exclude', value: id, allowed: `with a query, ids ${COMPARABLE}; with "workflows", any` },
  );
}

/**
 * @param before what the server was sent before the query
 * @returns the failure for a query that the server refused; any other error as it is
 */
export function queryFailure(error: unknown, query: string, before = ''): unknown {
  if (!(error instanceof TemporalRejection && error.invalid)) return error;
  return refusedQuery(query, withCallersPositions(error.details, query, before), error);
}
