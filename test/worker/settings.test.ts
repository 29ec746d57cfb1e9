import { EnvironmentError } from '../../aws/environment';
import { workerSettings } from '../../worker/settings';

const connection = { address: 'prod.a1b2c.tmprl.cloud:7233', secretArn: 'arn:secret' };
const environment = {
  REWIND_NAMESPACES: JSON.stringify({ prod: connection }),
  REWIND_WORKER_NAMESPACE: 'prod',
};

test('requires only a namespace and its address', () => {
  expect(workerSettings(environment)).toEqual({
    namespace: 'prod',
    connection,
    taskQueue: 'rewind-orders',
    healthPort: 8080,
  });
});

test('accepts all optional settings', () => {
  const settings = workerSettings({
    ...environment,
    REWIND_TASK_QUEUE: 'q',
    REWIND_HEALTH_PORT: '1234',
    REWIND_METRICS_PORT: '9464',
    REWIND_DEPLOYMENT_NAME: 'rewind-worker',
    REWIND_BUILD_ID: 'abc',
  });
  expect(settings).toMatchObject({
    taskQueue: 'q',
    healthPort: 1234,
    metricsPort: 9464,
    version: { deploymentName: 'rewind-worker', buildId: 'abc' },
  });
});

test.each([
  ['REWIND_WORKER_NAMESPACE', { REWIND_WORKER_NAMESPACE: '' }],
  ['REWIND_NAMESPACES', { REWIND_NAMESPACES: undefined }],
  ['REWIND_NAMESPACES', { REWIND_NAMESPACES: 'prod' }],
  ['REWIND_NAMESPACES', { REWIND_NAMESPACES: JSON.stringify({ prod: { secretArn: 'arn' } }) }],
  ['REWIND_NAMESPACES', { REWIND_NAMESPACES: JSON.stringify({ prod: { address: 'a:1' } }) }],
  ['REWIND_WORKER_NAMESPACE', { REWIND_WORKER_NAMESPACE: 'test' }],
  ['REWIND_HEALTH_PORT', { REWIND_HEALTH_PORT: 'http' }],
  ['REWIND_METRICS_PORT', { REWIND_METRICS_PORT: '70000' }],
  ['REWIND_DEPLOYMENT_NAME', { REWIND_BUILD_ID: 'abc' }],
])('names an invalid %s: %j', (name, fault) => {
  const read = () => workerSettings({ ...environment, ...fault });
  expect(read).toThrow(EnvironmentError);
  expect(read).toThrow(new RegExp(`\\b${name}\\b`));
});
