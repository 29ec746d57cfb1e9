import { effectiveQuery } from '../../operations/batch/query';

const query = "WorkflowType = 'order'";

/* The server of the integration tests lacks the status `Paused`. */
test.each(['cancel', 'terminate'] as const)('%s matches every open workflow, including paused ones', (action) => {
  expect(effectiveQuery({ action, query })).toMatch(/ AND CloseTime IS NULL$/);
  expect(effectiveQuery({ action, query })).not.toContain('ExecutionStatus');
});

test('reset matches closed workflows too', () => {
  expect(effectiveQuery({ action: 'reset', query })).not.toContain('CloseTime');
});
