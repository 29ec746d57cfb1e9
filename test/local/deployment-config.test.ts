import { keysLeftOut, localDeployment } from '../../local/deployment-config';

/* A configuration for AWS, as the local stack runs it. */

const secretArn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:rewind/prod-AbCdEf';
const config = {
  namespaces: { prod: { address: 'prod.a1b2c.tmprl.cloud:7233', secretArn } },
  ledger: {
    retentionDays: 30,
    kmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/0b1c',
    tableStreamArn: 'arn:aws:dynamodb:eu-west-1:111122223333:table/ledger/stream/2026-01-01T00:00:00.000',
  },
  api: {
    accountLogRole: false,
    cidrs: ['203.0.113.0/24'],
    usagePlans: { pipeline: { rateLimit: 1, burstLimit: 1 } },
    vpcEndpointIds: ['vpce-0a'],
    waf: {},
  },
  tracing: { layerArn: 'arn:aws:lambda:eu-west-1:111122223333:layer:otel:1' },
};
const place = {
  namespace: 'prod',
  taskQueue: 'local',
  secretArns: { prod: 'arn:local' },
  temporal: { address: '127.0.0.1:7233', tlsServerName: 'local', caFile: '' },
} as unknown as Parameters<typeof localDeployment>[1];

test('the local stack leaves out keys and tables of the account, and limits of the API, and says which', () => {
  const local = localDeployment(config, place);
  expect(local).toMatchObject({ namespaces: { prod: { address: '127.0.0.1:7233', secretArn: 'arn:local' } } });
  expect({ ledger: local.ledger, api: local.api, tracing: local.tracing }).toEqual({
    ledger: { retentionDays: 30 },
    api: { accountLogRole: false },
    tracing: {},
  });
  expect(keysLeftOut(config)).toEqual([
    'ledger.kmsKeyArn',
    'ledger.tableStreamArn',
    'api.cidrs',
    'api.usagePlans',
    'api.vpcEndpointIds',
    'api.waf',
    'tracing.layerArn',
  ]);
  const smallest = { namespaces: config.namespaces };
  expect(keysLeftOut(smallest)).toEqual([]);
  expect(localDeployment(smallest, place)).not.toHaveProperty('tracing');
});
