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
import type { DynamoDbLedger } from '../../aws/dynamodb-ledger';
import { anyText } from '../support/arbitraries';
import { eventually } from '../support/eventually';
import { createLedger } from '../support/ledger-table';
import { ann, Rewind } from '../support/rewind';
import { testConnection, namespace, ScriptedWorkflow } from '../support/scripted-workflow';

/* What Temporal, DynamoDB and SQS make of input that is meant to hurt; the schemas are cut to that. */

const connection = testConnection();
let ledger: DynamoDbLedger;
beforeAll(async () => {
  ledger = await createLedger();
});

const accepts = (id: string) => {
  try {
    validate(workflowIdField, id);
    return true;
  } catch {
    return false;
  }
};

describe('a workflow id', () => {
  const own = (id: string) => `${randomUUID()}${id}`;
  test.each([
    ['of 1,000 bytes', own('x'.repeat(964)), true],
    ['of 1,001 bytes', own('x'.repeat(965)), false],
    ['of 1,000 bytes in 518 characters', own('ö'.repeat(482)), true],
    ['of 1,002 bytes in 519 characters', own('ö'.repeat(483)), false],
    ['with null and control characters', own('\0\u001b\u0085\u2028\uffff'), true],
    ['with half a surrogate pair', own('\ud800'), false],
  ])('%s is taken by us if and only if the server takes it', async (_what, workflowId, taken) => {
    const started = ScriptedWorkflow.start(connection, { workflowId }).then(
      () => true,
      () => false,
    );

    expect(accepts(workflowId)).toBe(taken);
    expect(await started).toBe(taken);
  });

  test('and a reason come through to the letter, null characters included', async () => {
    const hostile = '\0\u001b[2J\u2028"\'`\\<>&\uffff😀';
    const workflow = await ScriptedWorkflow.start(connection, { workflowId: own(hostile) });

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

  test('matches the workflow that is meant, and no other', async () => {
    const mark = randomUUID();
    const types =
      '%|_|*|--|/*|*/|#|;|)| OR 1 = 1|<$.detail.id>|?|:v1|{}|’|ʼ|＇|\u2028|\ufeff|\u00a0|\uffff|ö|😀|é|e\u0301| |%27|&apos;|$&'
        .split('|')
        .map((type) => `${mark}${type}`);
    const byType = new Map<string, string>();
    for (const type of types) byType.set(type, (await ScriptedWorkflow.start(connection, { type })).workflowId);
    const { client } = await ScriptedWorkflow.start(connection);
    const all = `WorkflowType STARTS_WITH '${mark}'`;
    await eventually(async () => (await client.countWorkflows(all)) === types.length, 'the workflows to be visible');

    for (const [type, workflowId] of byType) {
      const query = filled(`WorkflowType = <$.detail.value> AND ${all}`, type);
      const { executions } = await client.listWorkflows(query, 100);
      expect({ type, found: executions.map((found) => found.workflowId) }).toEqual({ type, found: [workflowId] });
    }
  });

  /** Nothing for an event that is refused. */
  function filledOrRefused(value: string): string | undefined {
    try {
      return filled('WorkflowType = <$.detail.value> AND WorkflowId = "nobody"', value);
    } catch (error) {
      if (error instanceof OperationFailure) return undefined;
      throw error;
    }
  }

  test('is one that the server understands, whatever was filled in', async () => {
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

  test('could have its meaning changed in a comment: the server reads comments', async () => {
    const { client } = await ScriptedWorkflow.start(connection);
    const nobody = `WorkflowId = 'nobody'`;
    await eventually(async () => (await client.countWorkflows(`${nobody} OR WorkflowType != 'x'`)) > 0);

    const query = filled(`${nobody} /* <$.detail.value> */`, '*/ OR CloseTime IS NULL --');
    expect(await client.countWorkflows(query)).toBeGreaterThan(0);
  });

  test('with half a surrogate pair makes the server fail, so we refuse it', async () => {
    const { client } = await ScriptedWorkflow.start(connection);
    const query = "WorkflowType = 'x\ud800'";

    await expect(client.countWorkflows(query)).rejects.toThrow('invalid UTF-8');
    expect(() => validate(startBatchRequest, { action: 'cancel', query, reason: 'r' })).toThrow('query is');
  });
});

describe('an id that a query is about', () => {
  const mark = randomUUID();
  const type = `hostile-${mark}`;
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
  const all = [...incomparable, ...comparable].map((tail) => `${mark}${tail}`);
  let client: NamespaceClient;
  const everything = { action: 'cancel', query: `WorkflowType = '${type}'` } as const;
  const matched = async (query: string) =>
    (await client.listWorkflows(query, 100)).executions.map(({ workflowId }) => workflowId).toSorted();

  beforeAll(async () => {
    for (const workflowId of all) ({ client } = await ScriptedWorkflow.start(connection, { workflowId, type }));
    await eventually(
      async () => (await client.countWorkflows(everything.query)) === all.length,
      'the workflows to be visible',
    );
  });

  test.each(incomparable.map((tail) => [tail]))(
    'that ends in %j is not left out by the server, so we refuse to try',
    async (tail) => {
      const id = `${mark}${tail}`;
      const escaped = `"${id.replaceAll(/["\\]/g, String.raw`\$&`)}"`;

      expect(await matched(`${everything.query} AND WorkflowId NOT IN (${escaped})`)).toContain(id);
      expect(() => effectiveQuery({ ...everything, exclude: ['other', id] })).toThrow(
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

  test.each(comparable.map((tail) => [tail]))('that ends in %j is left out, and no other is', async (tail) => {
    const id = `${mark}${tail}`;
    expect(await matched(effectiveQuery({ ...everything, exclude: [id] }))).toEqual(
      all.filter((other) => other !== id).toSorted(),
    );
  });

  test('is that of the runs that are listed, whatever it ends in', async () => {
    for (const id of all) {
      const { workflowExecutionInfo } = await client.describe({ workflowId: id });
      expect({ id, runs: await client.listRunIds(id, 5) }).toEqual({
        id,
        runs: [workflowExecutionInfo?.execution?.runId],
      });
    }
  });

  test('of a deployment or a build that no query finds is refused: nothing would match', async () => {
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

test('an operation id that no table can hold is not found', async () => {
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
