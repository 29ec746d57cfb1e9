import { randomUUID } from 'node:crypto';
import { AttachUserPolicyCommand, IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { routes } from '../../api';
import { roleNames, roles } from '../../api/roles';
import type { Role } from '../../api/roles';
import type { Route } from '../../api/route';
import { pascalCase } from '../../lib/pascal-case';
import { createUser } from '../../local/ministack/aws-setup';
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

  const withRole = (role: Role) => {
    const PolicyArn = details.accessPolicyArns[`AccessPolicy${pascalCase(role.toLowerCase())}`];
    return userWith((UserName) => iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn })));
  };

  /** The names of the routes that a caller may call. The requests change nothing: a change without a reason is refused. */
  async function permitted(api: RewindApi, namespace = details.namespace): Promise<string[]> {
    const asked = Object.entries<Route>(routes).map(async ([name, { method, path }]) => {
      const below = path.replace('{operationId}', 'op-unknown');
      const { status } = await (method === 'GET' ? api.get(below, {}, namespace) : api.post(below, {}, {}, namespace));
      // Other than API Gateway's 403, the status is a function's: IAM allowed the request.
      expect(method === 'GET' ? [200, 400, 403, 404] : [400, 403]).toContain(status);
      return status === 403 ? [] : [name];
    });
    return (await Promise.all(asked)).flat();
  }

  const namesOf = (isAllowed: (route: Route) => boolean) =>
    Object.entries<Route>(routes).flatMap(([name, route]) => (isAllowed(route) ? [name] : []));

  // test/lib/access.test.ts lists the methods of each role.
  test.each(roleNames)('%s: allows the methods of the role on its namespace and nothing on the other', async (role) => {
    const api = await withRole(role);
    const included: readonly string[] = [role, ...roles[role]];
    expect(await permitted(api)).toEqual(
      namesOf(({ method, access }) => method === 'GET' || included.includes(access)),
    );
    expect(await permitted(api, otherNamespace)).toEqual([]);
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
    expect(await permitted(api)).toEqual([]);
    expect(await permitted(api, otherNamespace)).toEqual(['cancelWorkflow']);
  });

  test('refuses a namespace in the body as an unknown field: a policy for another namespace gives no access', async () => {
    const api = await withRole('canceller');
    const body = { workflowId, reason: 'r', namespace: otherNamespace };
    expect(await api.post('workflows/cancel', body)).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'namespace' }] },
    });
  });

  test('the ledger records the caller that IAM authenticated, whatever the request contains', async () => {
    const api = await withRole('canceller');
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
