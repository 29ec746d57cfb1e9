import { randomUUID } from 'node:crypto';
import type { LocalDetails } from '../../local/details';
import { functionLogs } from '../support/function-logs';
import { metricsIn } from '../support/written-metrics';
import { eventually } from '../support/eventually';
import { localDetails, RewindApi } from '../support/rewind-api';

describe('logs and metrics of the deployed functions', () => {
  let details: LocalDetails;
  beforeAll(() => {
    details = localDetails();
  });

  test('logs one line for an operation, and counts it from the ledger’s stream', async () => {
    const dimensions = {
      stack: 'RewindControl',
      namespace: details.namespace,
      verb: 'terminate',
      state: 'refused',
      outcome: 'workflow-not-found',
    };
    const counted = async () =>
      metricsIn((await functionLogs(details)).join('\n'))
        .filter((metric) => JSON.stringify(metric.dimensions) === JSON.stringify(dimensions))
        .flatMap(({ values }) => values['Operations'] ?? []).length;
    const before = await counted();
    const workflowId = `no-such-${randomUUID()}`;
    const api = new RewindApi(details);
    const { body } = await api.post('workflows/terminate', { workflowId, reason: 'not to be logged' });

    const log = await eventually(async () => {
      const lines = await functionLogs(details);
      return lines.some((line) => line.includes(workflowId)) && lines;
    }, 'the operation’s line');

    const about = log.filter((line) => line.includes(workflowId));
    expect(about).toHaveLength(1);
    expect(JSON.parse(about[0] ?? '')).toMatchObject({
      level: 'INFO',
      service: 'rewind',
      message: 'operation',
      verb: 'terminate',
      workflowId,
      requestId: body.requestId,
      outcome: 'workflow-not-found',
      state: 'refused',
      spentMs: { ledger: expect.any(Number), temporal: expect.any(Number) },
    });
    expect(log.join('\n')).not.toContain('not to be logged');

    // Other tests count, too.
    await eventually(async () => (await counted()) > before, 'its metric');
  });
});
