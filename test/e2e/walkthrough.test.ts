import { allBlocks, isInWalkthrough } from '../support/documentation';
import { eventually } from '../support/eventually';
import { localDetails, RewindApi } from '../support/rewind-api';
import { shell } from '../support/shell';

/* The unchanged commands of docs/walkthrough.md. The shared local stack has the configuration of that page. */

const blocks = allBlocks().filter((block) => isInWalkthrough(block) && block.language === 'sh');
const [start, cancel, events, repair, ledger, metrics, rotate] = blocks.map(({ text }) => text) as [
  string,
  string,
  string,
  string,
  string,
  string,
  string,
];
describe('the walk-through', () => {
  // The first use installs the AWS command line.
  beforeAll(() => shell('aws --version'), 300_000);
  const api = () => new RewindApi(localDetails());
  const completed = (workflowId: string, namespace?: string) =>
    eventually(async () => {
      const { body } = await api().operations(workflowId, namespace);
      return body.operations?.[0]?.state === 'completed' ? body.operations[0] : undefined;
    }, `an operation on ${workflowId}`);

  test('has the blocks that are run here', () => {
    expect(blocks).toHaveLength(7);
    expect(start).toBe('npm start -- --config rewind.json\n');
  });

  test('cancels an order', async () => {
    expect(await shell(cancel)).toContain('order-1: cancellation requested; it is Canceled');
  });

  test('lets events cancel in both namespaces', async () => {
    await shell(events);
    expect(await completed('order-2')).toMatchObject({ verb: 'cancel', reason: 'withdrawn: no stock' });
    expect(await completed('invoice-7', 'billing.a1b2c')).toMatchObject({ verb: 'cancel', namespace: 'billing.a1b2c' });
  });

  test('breaks an order and repairs it', async () => {
    const printed = await shell(repair);
    expect(printed).toContain('order-3: terminated');
    const [, eventId = 'none'] = /point +event (\d+):/.exec(printed) ?? [];
    const [, newRunId] =
      new RegExp(`order-3: reset to event ${eventId}; run ([\\w-]{36}) continues`).exec(printed) ?? [];
    expect((await api().describe('order-3')).body).toMatchObject({ status: 'Running', runId: newRunId });
  });

  test('finds the operation in the ledger', async () => {
    const printed = await shell(ledger);
    expect(printed).toMatch(/cancel +order-2 .* event:/);
    expect(printed).toMatch(/reset +order-3 .* it was the wrong one/);
    expect(printed).toMatch(/terminate +order-3 .* the wrong one/);
  });

  test('reads the metrics', async () => {
    // Operations are counted from the ledger's stream.
    const lines = await eventually(() => shell(metrics).catch(() => undefined), 'the metric of a reset');
    const { verb, Operations: counts } = JSON.parse(lines.split('\n')[0] ?? '') as Record<string, unknown>;
    expect({ verb, counts: new Set([counts].flat()) }).toEqual({ verb: 'reset', counts: new Set([1]) });
  });

  test('rotates the certificate', async () => {
    expect(await shell(rotate)).toContain('order-3 is Running');
    await api().terminate({ workflowId: 'order-3', reason: 'end of test' });
  });
});
