import { randomUUID } from 'node:crypto';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import * as fc from 'fast-check';
import { workflowId as workflowIdField } from '../../api/fields';
import { validate } from '../../functions/validation';
import { startBatchRequest } from '../../api/batch-operations';
import { OperationFailure } from '../../api/failures';
import { effectiveQuery } from '../../operations/batch/query';
import { rollbackBatch } from '../../operations/batch/rollback';
import { listedIds } from '../../operations/batch/selection';
import type { NamespaceClient } from '../../operations/temporal/namespace-client';
import { fillQuery } from '../../operations/trigger';
import { deadLetterQueue } from '../../aws/event-queue';
import { anyText } from '../support/arbitraries';
import { eventually } from '../support/eventually';
import { testLedger } from '../support/ledger-table';
import { ann, Rewind } from '../support/rewind';
import { testConnection, namespace, ScriptedWorkflow } from '../support/scripted-workflow';

/* How Temporal, DynamoDB and SQS treat hostile input: the schemas accept exactly what they accept. */

const connection = testConnection();
const ledger = testLedger();

const accepts = (id: string) => {
  try {
    validate(workflowIdField, id);
    return true;
  } catch {
    return false;
  }
};

describe('a workflow id', () => {
  const unique = (id: string) => `${randomUUID()}${id}`;
  test.each([
    ['of 1,000 bytes', unique('x'.repeat(964)), true],
    ['of 1,001 bytes', unique('x'.repeat(965)), false],
    ['of 1,000 bytes in 518 characters', unique('ö'.repeat(482)), true],
    ['of 1,002 bytes in 519 characters', unique('ö'.repeat(483)), false],
    ['with null and control characters', unique('\0\u001b\u0085\u2028\uffff'), true],
    ['with half a surrogate pair', unique('\ud800'), false],
  ])('%s is accepted by Rewind if and only if the server accepts it', async (_what, workflowId, accepted) => {
    const started = ScriptedWorkflow.start(connection, { workflowId }).then(
      () => true,
      () => false,
    );

    expect(accepts(workflowId)).toBe(accepted);
    expect(await started).toBe(accepted);
  });

  test('and a reason are stored unchanged, including null characters', async () => {
    const hostile = '\0\u001b[2J\u2028"\'`\\<>&\uffff😀';
    const workflow = await ScriptedWorkflow.start(connection, { workflowId: unique(hostile) });

    const { answer } = await new Rewind(ledger).cancel(workflow, { reason: hostile });

    expect(answer).toMatchObject({ outcome: 'requested', workflowId: workflow.workflowId });
    expect(await workflow.cancelRequests()).toMatchObject([
      { cause: `${hostile} [rewind ${answer.operationId} by ${ann.id}]` },
    ]);
    const { operations } = await ledger.search(namespace, { workflowId: workflow.workflowId }, { size: 10 });
    expect(operations).toMatchObject([{ operationId: answer.operationId, reason: hostile, state: 'completed' }]);
  });
});

describe('a query filled from a hostile event', () => {
  const filled = (template: string, value: unknown) =>
    fillQuery(template, { id: 'e', source: 's', 'detail-type': 't', detail: { value } });

  test('matches the intended workflow and no other', async () => {
    const prefix = randomUUID();
    const types =
      '%|_|*|--|/*|*/|#|;|)| OR 1 = 1|<$.detail.id>|?|:v1|{}|’|ʼ|＇|\u2028|\ufeff|\u00a0|\uffff|ö|😀|é|e\u0301| |%27|&apos;|$&'
        .split('|')
        .map((type) => `${prefix}${type}`);
    const byType = new Map<string, string>();
    for (const type of types) byType.set(type, (await ScriptedWorkflow.start(connection, { type })).workflowId);
    const { client } = await ScriptedWorkflow.start(connection);
    const all = `WorkflowType STARTS_WITH '${prefix}'`;
    await eventually(async () => (await client.countWorkflows(all)) === types.length, 'the workflows to be visible');

    for (const [type, workflowId] of byType) {
      const query = filled(`WorkflowType = <$.detail.value> AND ${all}`, type);
      const { executions } = await client.listWorkflows(query, 100);
      expect({ type, found: executions.map((found) => found.workflowId) }).toEqual({ type, found: [workflowId] });
    }
  });

  /** Returns undefined if the event is refused. */
  function filledOrRefused(value: string): string | undefined {
    try {
      return filled('WorkflowType = <$.detail.value> AND WorkflowId = "missing"', value);
    } catch (error) {
      if (error instanceof OperationFailure) return undefined;
      throw error;
    }
  }

  test('is understood by the server for any value', async () => {
    const { client } = await ScriptedWorkflow.start(connection);
    let understood = 0;
    await fc.assert(
      fc.asyncProperty(anyText, async (value) => {
        const query = filledOrRefused(value);
        if (query === undefined) return;
        understood += 1;
        expect(await client.countWorkflows(query)).toBe(0);
      }),
      { numRuns: 150 },
    );
    expect(understood).toBeGreaterThan(20);
  });

  test('changes its meaning if a placeholder is in a comment, because a value can end the comment', async () => {
    const { client } = await ScriptedWorkflow.start(connection);
    const matchesNothing = `WorkflowId = 'missing'`;
    await eventually(async () => (await client.countWorkflows(`${matchesNothing} OR WorkflowType != 'x'`)) > 0);

    const query = filled(`${matchesNothing} /* <$.detail.value> */`, '*/ OR CloseTime IS NULL --');
    expect(await client.countWorkflows(query)).toBeGreaterThan(0);
  });

  test('with half a surrogate pair fails on the server, so Rewind refuses it', async () => {
    const { client } = await ScriptedWorkflow.start(connection);
    const query = "WorkflowType = 'x\ud800'";

    await expect(client.countWorkflows(query)).rejects.toThrow('invalid UTF-8');
    expect(() => validate(startBatchRequest, { action: 'cancel', query, reason: 'r' })).toThrow('query is');
  });
});

describe('an id in a query', () => {
  const prefix = randomUUID();
  const type = `hostile-${prefix}`;
  const incomparable = [`'`, `''`, `"`, '\\', `"x"`, 'a"b', `\\'`, String.raw`\n`, '\n', '\r', '\t', '\b'];
  const comparable = [
    '',
    "it's",
    '%',
    '_',
    '`',
    ' ',
    '  ',
    '(',
    ')',
    '--',
    '#',
    '/*',
    ';',
    ', ',
    'é',
    'e\u0301',
    '😀',
    '’',
    '\ufeff',
    '<$.x>',
    '%27',
  ];
  const all = [...incomparable, ...comparable].map((tail) => `${prefix}${tail}`);
  let client: NamespaceClient;
  const request = { action: 'cancel', query: `WorkflowType = '${type}'` } as const;
  const matchedIds = async (query: string) =>
    (await client.listWorkflows(query, 100)).executions.map(({ workflowId }) => workflowId).toSorted();

  beforeAll(async () => {
    for (const workflowId of all) ({ client } = await ScriptedWorkflow.start(connection, { workflowId, type }));
    await eventually(
      async () => (await client.countWorkflows(request.query)) === all.length,
      'the workflows to be visible',
    );
  });

  test.each(incomparable.map((tail) => [tail]))(
    'that ends in %j cannot be excluded on the server, so Rewind refuses to exclude it by query',
    async (tail) => {
      const id = `${prefix}${tail}`;
      const escaped = `"${id.replaceAll(/["\\]/g, String.raw`\$&`)}"`;

      expect(await matchedIds(`${request.query} AND WorkflowId NOT IN (${escaped})`)).toContain(id);
      expect(() => effectiveQuery({ ...request, exclude: ['other', id] })).toThrow(
        expect.objectContaining({
          kind: 'invalid-request',
          details: expect.objectContaining({ field: 'exclude', value: id }),
        }),
      );
      expect(
        listedIds({ action: 'cancel', workflows: all, exclude: [id], reason: 'r', ratePerSecond: 1, maxWorkflows: 1 }),
      ).not.toContain(id);
    },
  );

  test.each(comparable.map((tail) => [tail]))('that ends in %j is excluded, and no other', async (tail) => {
    const id = `${prefix}${tail}`;
    expect(await matchedIds(effectiveQuery({ ...request, exclude: [id] }))).toEqual(
      all.filter((other) => other !== id).toSorted(),
    );
  });

  test('lists exactly the runs of its workflow, whatever characters it ends in', async () => {
    for (const id of all) {
      const { workflowExecutionInfo } = await client.describe({ workflowId: id });
      expect({ id, runs: await client.listRunIds(id, 5) }).toEqual({
        id,
        runs: [workflowExecutionInfo?.execution?.runId],
      });
    }
  });

  test('of a deployment or build that no query can match is refused', async () => {
    const rollback = { reason: 'r', ratePerSecond: 1, maxWorkflows: 1 };
    const refusal = (field: string) => ({ kind: 'invalid-request', details: { field } });
    await expect(rollbackBatch(client, { ...rollback, deploymentName: `d"`, badBuildId: 'b' })).rejects.toMatchObject(
      refusal('deploymentName'),
    );
    await expect(rollbackBatch(client, { ...rollback, deploymentName: 'd', badBuildId: 'a\\b' })).rejects.toMatchObject(
      refusal('badBuildId'),
    );
  });
});

test('an operation id outside the key limits of DynamoDB is not found', async () => {
  expect(await ledger.find('')).toBeUndefined();
  expect(await ledger.find(`op-${'0'.repeat(2046)}`)).toBeUndefined();
});

test('an event whose reason is cut in the middle of a surrogate pair is dead-lettered', async () => {
  const sqs = new SQSClient({});
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: `dead-letters-${randomUUID()}` }));

  await deadLetterQueue(sqs, QueueUrl)('{}', `${'x'.repeat(999)}😀`);

  const { Messages: [message] = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ['All'] }),
  );
  expect(message?.MessageAttributes?.['ErrorMessage']?.StringValue).toBe(String.raw`${'x'.repeat(999)}\ud83d`);
});

test('an event with characters that SQS refuses is dead-lettered as the same JSON', async () => {
  const sqs = new SQSClient({});
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: `dead-letters-${randomUUID()}` }));
  const event = { detail: { note: '\0\u001b\ud800\ufffe\uffff😀ö' } };

  await deadLetterQueue(sqs, QueueUrl)(JSON.stringify(event), 'orderId is "\uffff\0"');

  const { Messages: [message] = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ['All'] }),
  );
  const reason = message?.MessageAttributes?.['ErrorMessage']?.StringValue;
  expect(reason).toBe('orderId is "\\uffff\\u0000"');
  for (const text of [message?.Body, reason])
    expect(text).toMatch(/^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]+$/u);
  expect(JSON.parse(message?.Body ?? '')).toEqual(event);
});
