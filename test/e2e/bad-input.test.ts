import { randomUUID } from 'node:crypto';
import { signedRequest } from '../../local/signed-request';
import { localStack } from '../support/local-stack';

describe('bad input', () => {
  const { details, api, idle } = localStack();
  let workflowId: string;
  let runId: string;

  beforeAll(async () => {
    ({ workflowId, runId } = await idle());
  });

  // test/functions/ tests the other invalid requests. These depend on API Gateway or on Temporal.
  const reason = 'r';
  const refused: [what: string, verb: string, body: () => unknown, problem: string, field: string][] = [
    ['no workflow id', 'cancel', () => ({ reason }), 'invalid-request', 'workflowId'],
    ['no reason', 'terminate', () => ({ workflowId }), 'invalid-request', 'reason'],
    ['no target', 'reset', () => ({ workflowId, reason }), 'invalid-request', 'target'],
    ['malformed JSON', 'cancel', () => '{"workflowId"', 'invalid-request', 'body'],
    [
      'two workflow ids',
      'cancel',
      () => `{"workflowId":"${workflowId}","reason":"r","workflowId":"another"}`,
      'invalid-request',
      'body',
    ],
    ['a null byte', 'cancel', () => `{"workflowId":"${workflowId}","reason":"\0"}`, 'invalid-request', 'body'],
    [
      'a depth of 1,000',
      'cancel',
      () => `{"workflowId":"${workflowId}","reason":${'['.repeat(1000)}${']'.repeat(1000)}}`,
      'invalid-request',
      'body',
    ],
    [
      'half a surrogate pair',
      'cancel',
      () => `{"workflowId":"${workflowId}","reason":"\\ud800"}`,
      'invalid-request',
      'reason',
    ],
    ['an unknown workflow', 'cancel', () => ({ workflowId: 'missing', reason }), 'workflow-not-found', 'workflowId'],
    ['an unknown run', 'cancel', () => ({ workflowId, runId: randomUUID(), reason }), 'run-not-found', 'runId'],
  ];
  test.each(refused)('%s for %s', async (_what, verb, body, problem, field) => {
    const status = problem === 'invalid-request' ? 400 : 404;
    const answer = await api.post(`workflows/${verb}`, body());

    expect(answer).toMatchObject({
      status,
      headers: { 'content-type': 'application/problem+json' },
      body: { type: `urn:rewind:problem:${problem}`, status, detail: expect.any(String) },
    });
    expect(answer.body.errors).toContainEqual(expect.objectContaining({ field, allowed: expect.any(String) }));
  });

  test('refuses a body over 64 KiB, with its size and the limit', async () => {
    const { status, body } = await api.post('workflows/cancel', { workflowId, reason: 'r'.repeat(70_000) });
    expect({ status, body }).toMatchObject({
      status: 413,
      body: { type: 'urn:rewind:problem:payload-too-large', detail: expect.stringContaining('at most 65536') },
    });
  });

  test('refuses a namespace that is not configured, with the configured ones', async () => {
    const { status, body } = await api.post('workflows/cancel', { workflowId, reason: 'r' }, {}, 'elsewhere.a1b2c');
    expect({ status, body }).toMatchObject({
      status: 404,
      body: {
        type: 'urn:rewind:problem:namespace-not-configured',
        errors: [{ field: 'namespace', value: 'elsewhere.a1b2c', allowed: expect.stringContaining(details.namespace) }],
      },
    });
  });

  test.each([0, 1, 2, 999])('refuses event %i as a reset point, with the valid ones', async (eventId) => {
    const { status, body } = await api.reset({ workflowId, target: { eventId }, reason: 'r' });
    expect({ status, body }).toMatchObject({
      status: 422,
      body: {
        type: 'urn:rewind:problem:not-a-reset-point',
        errors: [{ field: 'target.eventId', value: eventId }],
        resetPoints: [],
      },
    });
  });

  test('does not find an unknown operation, nor one of another namespace', async () => {
    const notFound = { status: 404, body: { type: 'urn:rewind:problem:operation-not-found' } };
    expect(await api.operation('op-unknown')).toMatchObject(notFound);
    await api.cancel({ workflowId: 'missing', reason: 'r' });
    const [{ operationId } = { operationId: '' }] = (await api.operations('missing')).body.operations;
    expect((await api.operation(operationId)).status).toBe(200);
    const elsewhere = Object.keys(details.secretArns).find((name) => name !== details.namespace) ?? '';
    expect(await api.get(`operations/${operationId}`, {}, elsewhere)).toMatchObject(notFound);
  });

  describe('credentials: refused before any function runs', () => {
    const path = () => `/namespaces/${details.namespace}/workflows/cancel`;
    const body = () => ({ workflowId, reason: 'r' });

    test('unsigned', async () => {
      const response = await fetch(`${details.apiUrl}${path()}`, { method: 'POST', body: JSON.stringify(body()) });
      expect(response.status).toBe(403);
    });

    test('wrongly signed', async () => {
      const credentials = { ...details.credentials, secretAccessKey: 'x'.repeat(40) };
      const { status } = await signedRequest(
        { ...details, credentials },
        { method: 'POST', path: path(), body: body() },
      );
      expect(status).toBe(403);
    });
  });

  test('the requests above changed nothing', async () => {
    const { body } = await api.describe(workflowId);
    expect(body).toMatchObject({ status: 'Running', cancelRequested: false, runId, historyLength: 2 });
  });
});
