import { functionLogs } from '../support/function-logs';
import { eventually } from '../support/eventually';
import { localDetails, RewindApi } from '../support/rewind-api';
import { findLeakedSecrets } from '../support/secrets';

/* Other tests write logs at the same time: the teardown searches again at the end of the run. */

test('no secret is in logs and deployed artifacts after requests that succeed and fail', async () => {
  const details = localDetails();
  const api = new RewindApi(details);
  expect((await api.describe('nobody')).status).toBe(404);
  expect((await api.post('workflows/cancel', { workflowId: 'nobody', reason: 'r' })).status).toBe(404);
  expect((await api.post('workflows/cancel', '{"workflowId":')).status).toBe(400);

  const { places, findings } = await findLeakedSecrets(details);

  expect(findings).toEqual([]);
  // The search includes the places where secrets could be.
  const bundle = expect.stringMatching(/rewind-functions\/cancel\/.*js$/);
  const files = ['ministack.log', 'worker.log', 'cdk.log', 'cdk.out/RewindControl.template.json', bundle];
  expect(places).toEqual(expect.arrayContaining(files));
  await eventually(async () => (await functionLogs(details)).join().includes('workflow-not-found'), 'the log');
});
