import type { Deployment, DescribeServicesRequest, DescribeServicesResponse } from '@aws-sdk/client-ecs';
import { createHandler } from '../../functions/set-current-worker-version/handler';
import { buildIdOf, taskFamilyOf } from '../../aws/worker-deployment';
import { RecordedLog } from '../support/recorded-log';

const arn = 'arn:aws:ecs:eu-west-1:111122223333';
const serviceArn = `${arn}:service/cluster-1/worker-1`;
const taskDefinition = (buildId: string) => `${arn}:task-definition/${taskFamilyOf(buildId)}:7`;
const deployment = (id: string, buildId: string, more: Deployment = {}): Deployment => ({
  id: `ecs-svc/${id}`,
  status: 'PRIMARY',
  rolloutState: 'COMPLETED',
  taskDefinition: taskDefinition(buildId),
  ...more,
});

/**
 * The requests to ECS, and the builds that become current in order, after the event that deployment 1 completed.
 * @param answers of ECS, in turn; the last one stays
 */
async function afterDeployment1(answers: DescribeServicesResponse[], setCurrentVersion = () => Promise.resolve()) {
  const requests: DescribeServicesRequest[] = [];
  const current: string[] = [];
  const handler = createHandler({
    describeServices: async (services) => {
      requests.push(services);
      return answers[Math.min(requests.length, answers.length) - 1]!;
    },
    setCurrentVersion: async (buildId) => {
      await setCurrentVersion();
      current.push(buildId);
    },
    logger: new RecordedLog(),
  });
  await handler({ resources: [serviceArn], detail: { deploymentId: 'ecs-svc/1' } });
  return { requests, current };
}

const deployments = (...all: Deployment[]) => [{ services: [{ deployments: all }] }];

test('makes the build of the completed deployment current', async () => {
  const draining = deployment('0', 'old', { status: 'ACTIVE' });
  const { requests, current } = await afterDeployment1(deployments(draining, deployment('1', 'new')));

  expect(requests[0]).toEqual({ cluster: 'cluster-1', services: [serviceArn] });
  expect(current).toEqual(['new']);
});

test('makes the later of two completed deployments current, whichever the event names', async () => {
  const earlier = deployment('1', 'old', { status: 'ACTIVE' });
  expect((await afterDeployment1(deployments(deployment('2', 'new'), earlier))).current).toEqual(['new']);
  expect((await afterDeployment1(deployments(deployment('2', 'new')))).current).toEqual(['new']);
});

test('trusts the event that its deployment completed, although ECS still describes an earlier state', async () => {
  const stale = deployment('1', 'new', { rolloutState: 'IN_PROGRESS' });
  expect((await afterDeployment1(deployments(stale))).current).toEqual(['new']);
});

test.each(['IN_PROGRESS', 'FAILED'] as const)(
  'while a later deployment is %s, the completed one becomes current, and never the later one',
  async (rolloutState) => {
    const later = deployment('2', 'perhaps-broken', { rolloutState });
    const completed = deployment('1', 'new', { status: 'ACTIVE' });
    expect((await afterDeployment1(deployments(later, completed))).current).toEqual(['new']);
    expect((await afterDeployment1(deployments(later))).current).toEqual([]);
  },
);

test('never makes a failed deployment current, whatever the event says', async () => {
  const failed = deployment('1', 'broken', { rolloutState: 'FAILED' });
  expect((await afterDeployment1(deployments(failed))).current).toEqual([]);
});

test('also makes a deployment current that completes meanwhile: this invocation may have overwritten the result of another', async () => {
  const [before] = deployments(deployment('1', 'new'));
  const [after] = deployments(deployment('2', 'newer'));
  expect((await afterDeployment1([before!, after!])).current).toEqual(['new', 'newer']);
});

test('fails when a call fails, so that Lambda retries', async () => {
  await expect(afterDeployment1([{ services: [], failures: [{ reason: 'MISSING' }] }])).rejects.toThrow(/MISSING/);
  const foreign = deployment('1', '', { taskDefinition: `${arn}:task-definition/by-hand:1` });
  await expect(afterDeployment1(deployments(foreign))).rejects.toThrow(/by-hand:1 does not contain a build id/);
  const refused = () => Promise.reject(new Error('Version not found in deployment'));
  await expect(afterDeployment1(deployments(deployment('1', 'new')), refused)).rejects.toThrow(/Version not found/);
});

test.each(['0a1b2c3d4e5f', '1.2.3', 'v1_d2_u3', 'release-1.0_rc.1', '_.'])(
  'a task definition family is a valid name from which the build id can be read: %s',
  (buildId) => {
    expect(taskFamilyOf(buildId)).toMatch(/^[\w-]{1,255}$/);
    expect(buildIdOf(taskDefinition(buildId))).toBe(buildId);
  },
);
