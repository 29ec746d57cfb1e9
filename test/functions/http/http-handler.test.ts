import * as z from 'zod/mini';
import { httpHandler } from '../../../functions/http/http-handler';
import { reason, runId, workflowId } from '../../../api/fields';
import { ConfigurationFailure, OperationFailure } from '../../../api/failures';
import { apiGatewayEvent, lambdaContext } from '../../support/api-gateway-event';
import { RecordedLog } from '../../support/recorded-log';

const schema = z.strictObject({ workflowId, runId, reason });
const deep = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
const good = { workflowId: 'order-1', reason: 'withdrawn' };

async function answerTo(
  event: Parameters<typeof apiGatewayEvent>[1],
  perform: (request: { input: unknown; actor: { id: string } }) => Promise<object> = async () => ({}),
) {
  const logger = new RecordedLog();
  const namespaces = { find: (name: string) => name };
  const handler = httpHandler({ namespaces, logger }, { request: schema }, async (request) => ({
    status: 200,
    body: await perform(request),
  }));
  const { statusCode, headers, body } = await handler(apiGatewayEvent('POST', event), lambdaContext);
  return { statusCode, headers, body: JSON.parse(body), log: logger.texts };
}

describe('a request', () => {
  test('is executed with the validated values, for the caller that IAM authenticated', async () => {
    const { statusCode, body } = await answerTo(
      { body: good, headers: { 'x-user-arn': 'arn:aws:iam::111122223333:user/mallory' } },
      async ({ input, actor }) => ({ input, actor }),
    );
    expect(statusCode).toBe(200);
    expect(body).toEqual({ input: good, actor: { id: 'arn:aws:iam::111122223333:user/ann' } });
  });

  const anId = 'a string of 1 to 1000 bytes in UTF-8';
  const aReason = 'a string of 1 to 1000 characters that are not all blank';
  const json = 'a JSON object in UTF-8';
  const refused: [what: string, body: unknown, field: string, value: unknown, allowed: string][] = [
    ['no workflow id', { reason: 'r' }, 'workflowId', undefined, anId],
    ['an empty workflow id', { ...good, workflowId: '' }, 'workflowId', '', anId],
    [
      'a workflow id of 1,001 bytes',
      { ...good, workflowId: 'ö'.repeat(501) },
      'workflowId',
      `${'ö'.repeat(200)}…`,
      anId,
    ],
    ['half a surrogate pair', '{"workflowId":"\\ud800","reason":"r"}', 'workflowId', '\ud800', anId],
    ['no reason', { workflowId: 'order-1' }, 'reason', undefined, aReason],
    ['an empty reason', { ...good, reason: '' }, 'reason', '', aReason],
    ['a blank reason', { ...good, reason: ' \n' }, 'reason', ' \n', aReason],
    ['a wrong type', { ...good, workflowId: 12 }, 'workflowId', 12, anId],
    [
      'a malformed run id',
      { ...good, runId: 'latest' },
      'runId',
      'latest',
      'the UUID of a run; the latest run when left out',
    ],
    ['an unknown field', { ...good, force: true }, 'force', true, 'unknown field'],
    [
      'a field called __proto__',
      '{"workflowId":"order-1","reason":"r","__proto__":{"a":1}}',
      '__proto__',
      '{"a":1}',
      'unknown field',
    ],
    ['malformed JSON', '{"workflowId":', 'body', '{"workflowId":', json],
    ['no body', undefined, 'body', undefined, json],
    ['an array', [good], 'body', expect.any(String), json],
    ['a null byte', '{"workflowId":"order\0-1","reason":"r"}', 'body', expect.any(String), json],
    [
      'two workflow ids',
      '{"workflowId":"order-1","reason":"r","workflowId":"order-2"}',
      'body',
      expect.stringContaining('order-1'),
      `${json} without duplicate fields; "workflowId" is duplicate`,
    ],
    [
      'a depth of 1,000',
      `{"workflowId":${deep(1000)},"reason":"r"}`,
      'body',
      expect.any(String),
      `${json}, nested at most 32 deep`,
    ],
    [
      'a depth of 30,000',
      `{"workflowId":${deep(30_000)},"reason":"r"}`,
      'body',
      expect.any(String),
      `${json}, nested at most 32 deep`,
    ],
  ];
  test.each(refused)(
    'with %s is refused, with field, value and allowed values',
    async (...[, body, field, value, allowed]) => {
      const perform = jest.fn();
      const answer = await answerTo({ body }, perform);

      expect(answer).toMatchObject({
        statusCode: 400,
        headers: { 'content-type': 'application/problem+json' },
        body: { type: 'urn:rewind:problem:invalid-request', status: 400, requestId: 'request-1' },
      });
      const reported = answer.body.errors.find((error: { field: string }) => error.field === field);
      expect(reported).toEqual({ field, ...(value !== undefined && { value }), allowed });
      expect(answer.body.detail).toContain(field);
      expect(perform).not.toHaveBeenCalled();
    },
  );

  test.each([
    ['a field of the body', { dryRun: 'true' }, 'dryRun', 'true'],
    ['a field of the body twice', { dryRun: ['true', 'false'] }, 'dryRun', '["true","false"]'],
    ['an unknown field', { x: '' }, 'x', ''],
    ['an unknown field called __proto__', JSON.parse('{"__proto__": "1"}') as Record<string, string>, '__proto__', '1'],
  ])(
    'of a change with %s in its query string is refused, because the parameter would be ignored',
    async (_what, query, field, value) => {
      const perform = jest.fn();
      const { statusCode, body } = await answerTo({ body: good, query }, perform);
      expect([statusCode, body]).toMatchObject([400, { errors: [{ field, value }] }]);
      expect(perform).not.toHaveBeenCalled();
    },
  );

  test('of more than 64 KiB is refused with its size', async () => {
    const { statusCode, body } = await answerTo({ body: { ...good, reason: 'r'.repeat(64 * 1024) } });
    expect(statusCode).toBe(413);
    expect(body).toMatchObject({
      type: 'urn:rewind:problem:payload-too-large',
      detail: expect.stringContaining('65536'),
    });
  });

  test('of 10 MB is refused with its size', async () => {
    const { statusCode, body } = await answerTo({ body: `{"reason":"${'r'.repeat(10 * 1024 * 1024)}"}` });
    expect(statusCode).toBe(413);
    expect(body.detail).toContain('10485773');
    expect(JSON.stringify(body).length).toBeLessThan(1000);
  });

  test('with a percent-encoded namespace is not decoded: IAM compared the encoded form', async () => {
    const find = jest.fn();
    const handler = httpHandler({ namespaces: { find }, logger: new RecordedLog() }, { request: schema }, async () => ({
      status: 200,
      body: {},
    }));
    await handler(apiGatewayEvent('POST', { namespace: 'prod%2Ea1b2c', body: good }), lambdaContext);
    expect(find).toHaveBeenCalledWith('prod%2Ea1b2c');
  });

  test('without an IAM caller is a defect of the deployment, and nothing is done', async () => {
    const perform = jest.fn();
    const { statusCode } = await answerTo({ body: good, userArn: null }, perform);
    expect(statusCode).toBe(500);
    expect(perform).not.toHaveBeenCalled();
  });
});

describe('a failure', () => {
  test('that the caller can fix is returned in full, and not logged as an error', async () => {
    const { statusCode, headers, body, log } = await answerTo({ body: good }, async () => {
      throw new OperationFailure('throttled', 'Too many.', { retryAfterSeconds: 5 });
    });
    expect(statusCode).toBe(429);
    expect(headers).toMatchObject({ 'retry-after': '5' });
    expect(body).toMatchObject({ type: 'urn:rewind:problem:throttled', detail: 'Too many.' });
    expect(log).toEqual([]);
  });

  test('of the configuration is logged for the operator, not returned to the caller', async () => {
    const { statusCode, body, log } = await answerTo({ body: good }, async () => {
      throw new ConfigurationFailure('secret arn:aws:…:rewind/prod has no "privateKey"');
    });
    expect(statusCode).toBe(502);
    expect(JSON.stringify(body)).not.toContain('arn:aws');
    expect(log.join()).toContain('has no "privateKey"');
  });

  test('that is unexpected returns no details', async () => {
    const { statusCode, body, log } = await answerTo({ body: good }, async () => {
      throw new TypeError('the database password is hunter2');
    });
    expect(statusCode).toBe(500);
    expect(body).toMatchObject({ type: 'urn:rewind:problem:internal', requestId: 'request-1' });
    expect(JSON.stringify(body)).not.toContain('hunter2');
    expect(log).toHaveLength(1);
  });
});
