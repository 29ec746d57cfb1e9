import { allBlocks, isInWalkthrough } from '../support/documentation';
import { eventually } from '../support/eventually';
import { localDetails, RewindApi } from '../support/rewind-api';
import { shell } from '../support/shell';

/* The lines of docs/walkthrough.md as they are. The local stack that the tests share has the configuration of that page. */

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
/** The answers of `rewind`, one a line, among what other commands print. */
const answersIn = (output: string) =>
  output.split('\n').flatMap((line) => (line.startsWith('{"') ? [JSON.parse(line) as Record<string, unknown>] : []));

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
    const [answer] = answersIn(await shell(cancel));
    expect(answer).toMatchObject({ outcome: 'requested', workflowId: 'order-1', status: 'Canceled' });
  });

  test('lets events cancel in both namespaces', async () => {
    await shell(events);
    expect(await completed('order-2')).toMatchObject({ verb: 'cancel', reason: 'withdrawn: no stock' });
    expect(await completed('invoice-7', 'billing.a1b2c')).toMatchObject({ verb: 'cancel', namespace: 'billing.a1b2c' });
  });

  test('breaks an order and repairs it', async () => {
    const [terminated, preview, reset] = answersIn(await shell(repair));
    expect(terminated).toMatchObject({ outcome: 'terminated' });
    expect(preview).toMatchObject({ outcome: 'preview' });
    expect(reset).toMatchObject({ outcome: 'reset', eventId: preview?.['eventId'] });
    expect((await api().describe('order-3')).body).toMatchObject({ status: 'Running', runId: reset?.['newRunId'] });
  });

  test('finds it in the ledger', async () => {
    const [byEvent, byHand] = answersIn(await shell(ledger));
    expect(byEvent).toMatchObject({
      operations: [{ verb: 'cancel', actor: { id: expect.stringMatching(/^event:/) } }],
    });
    expect(byHand).toMatchObject({
      operations: [
        { verb: 'reset', reason: 'it was the wrong one' },
        { verb: 'terminate', reason: 'the wrong one' },
      ],
    });
  });

  test('reads the metrics', async () => {
    // Counted from the ledger's stream, a moment later.
    const lines = await eventually(() => shell(metrics).catch(() => undefined), 'the figure of a reset');
    expect(JSON.parse(lines.split('\n')[0] ?? '')).toMatchObject({ verb: 'reset', Operations: expect.anything() });
  });

  test('rotates the certificate', async () => {
    const [described] = answersIn(await shell(rotate));
    expect(described).toMatchObject({ workflowId: 'order-3', status: 'Running' });
    await api().terminate({ workflowId: 'order-3', reason: 'end of test' });
  });
});
