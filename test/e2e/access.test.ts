import { randomUUID } from 'node:crypto';
import { AttachUserPolicyCommand, IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { createUser } from '../../local/aws-setup';
import { localStack } from '../support/local-stack';
import { RewindApi } from '../support/rewind-api';

/* Access by IAM: users with the deployed managed policies, and a user with the ARN of one method. */

describe('access', () => {
  const { details, idle } = localStack();
  const otherNamespace = Object.keys(details.secretArns).find((name) => name !== details.namespace);
  let iam: IAMClient;
  let workflowId: string;

  beforeAll(async () => {
    const { awsEndpointUrl: endpoint, region, credentials } = details;
    iam = new IAMClient({ endpoint, region, credentials: { ...credentials } });
    ({ workflowId } = await idle());
  });
  afterAll(() => iam.destroy());

  async function userWith(allow: (userName: string) => Promise<unknown>): Promise<RewindApi> {
    const credentials = await createUser(iam, `user-${randomUUID()}`, allow);
    return new RewindApi({ ...details, credentials });
  }

  const withRole = (role: string) => {
    const PolicyArn = details.accessPolicyArns[`AccessPolicy${role}`];
    return userWith((UserName) => iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn })));
  };

  /** The status of each route for a caller, with requests that change nothing. */
  async function statuses(api: RewindApi, namespace = details.namespace): Promise<Record<string, number>> {
    const nothing = {};
    const asked = {
      read: api.get('workflows/describe', { workflowId }, namespace),
      list: api.get('operations', { workflowId }, namespace),
      readBatch: api.get('batch-operations/op-unknown', {}, namespace),
      cancel: api.post('workflows/cancel', nothing, {}, namespace),
      terminate: api.post('workflows/terminate', nothing, {}, namespace),
      reset: api.post('workflows/reset', nothing, {}, namespace),
      pause: api.post('workflows/pause', nothing, {}, namespace),
      previewCancel: api.post('batch-previews/cancel', nothing, {}, namespace),
      previewTerminate: api.post('batch-previews/terminate', nothing, {}, namespace),
      previewReset: api.post('batch-previews/reset', nothing, {}, namespace),
      previewPause: api.post('batch-previews/pause', nothing, {}, namespace),
      rollback: api.post('rollbacks', nothing, {}, namespace),
      batch: api.post('batch-operations', nothing, {}, namespace),
      stopBatch: api.post('batch-operations/op-unknown/cancel', nothing, {}, namespace),
      suspendBatch: api.post('batch-operations/op-unknown/suspend', nothing, {}, namespace),
      resumeBatch: api.post('batch-operations/op-unknown/resume', nothing, {}, namespace),
      retryBatch: api.post('batch-operations/op-unknown/retry', nothing, {}, namespace),
    };
    const answers = Object.entries(asked).map(async ([name, answer]) => [name, (await answer).status] as const);
    return Object.fromEntries(await Promise.all(answers));
  }

  const reads = { read: 200, list: 200, readBatch: 404 };
  const refused = {
    read: 403,
    list: 403,
    readBatch: 403,
    cancel: 403,
    terminate: 403,
    reset: 403,
    pause: 403,
    previewCancel: 403,
    previewTerminate: 403,
    previewReset: 403,
    previewPause: 403,
    rollback: 403,
    batch: 403,
    stopBatch: 403,
    suspendBatch: 403,
    resumeBatch: 403,
    retryBatch: 403,
  };
  // 400 shows that IAM allowed the request: the function rejected it.
  test.each([
    ['Reader', reads],
    ['Canceller', { ...reads, cancel: 400, previewCancel: 400 }],
    ['Terminator', { ...reads, cancel: 400, previewCancel: 400, terminate: 400, previewTerminate: 400 }],
    ['Resetter', { ...reads, reset: 400, previewReset: 400 }],
    ['Batchoperator', { ...Object.fromEntries(Object.keys(refused).map((name) => [name, 400])), ...reads }],
  ])('%s: allows the methods of the role on its namespace and nothing on the other', async (role, allowed) => {
    const api = await withRole(role);
    expect(await statuses(api)).toEqual({ ...refused, ...allowed });
    expect(await statuses(api, otherNamespace)).toEqual(refused);
  });

  test('a policy with one method ARN allows one verb on one namespace', async () => {
    const [apiId] = new URL(details.apiUrl).pathname.split('/').slice(-2);
    const cancel = `arn:aws:execute-api:${details.region}:${details.accountId}:${apiId}/v1/POST/namespaces/${otherNamespace}/workflows/cancel`;
    const PolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: cancel }],
    });
    const api = await userWith((UserName) =>
      iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'cancel', PolicyDocument })),
    );
    expect(await statuses(api)).toEqual(refused);
    expect(await statuses(api, otherNamespace)).toEqual({ ...refused, cancel: 400 });
  });

  test('refuses a namespace in the body as an unknown field: a policy for another namespace gives no access', async () => {
    const api = await withRole('Canceller');
    const body = { workflowId, reason: 'r', namespace: otherNamespace };
    expect(await api.post('workflows/cancel', body)).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'namespace' }] },
    });
  });

  test('the ledger records the caller that IAM authenticated, whatever the request contains', async () => {
    const api = await withRole('Canceller');
    const forged = 'arn:aws:iam::000000000000:user/mallory';
    const headers = {
      'x-amzn-iam-user-arn': forged,
      'x-user-arn': forged,
      'x-forwarded-user': forged,
      'x-amz-caller': forged,
      authorization2: forged,
    };
    const { status, body } = await api.post('workflows/cancel', { workflowId, reason: 'r' }, headers);

    expect(status).toBe(200);
    const { body: operation } = await api.get(`operations/${body.operationId}`);
    expect(operation.actor.id).toMatch(/:user\/user-[\w-]+$/);
  });
});
