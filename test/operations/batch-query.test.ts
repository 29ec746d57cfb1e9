import { effectiveQuery } from '../../operations/batch/query';

const query = "WorkflowType = 'order'";

/* The server of the integration tests does not know the status `Paused`, so that paused workflows cannot be observed there. */
test.each(['cancel', 'terminate'] as const)('%s is for every open workflow, paused ones included', (action) => {
  expect(effectiveQuery({ action, query })).toMatch(/ AND CloseTime IS NULL$/);
  expect(effectiveQuery({ action, query })).not.toContain('ExecutionStatus');
});

test('a reset is for closed workflows too', () => {
  expect(effectiveQuery({ action: 'reset', query })).not.toContain('CloseTime');
});
