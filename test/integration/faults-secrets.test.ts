import type { Connection } from '@temporalio/client';
import type { Certificates } from '../../local/temporal/certificates';
import { startTlsGateway } from '../../local/temporal/tls-gateway';
import type { TlsGateway } from '../../local/temporal/tls-gateway';
import { Namespaces } from '../../operations/temporal/namespaces';
import type { DynamoDbLedger } from '../../aws/dynamodb-ledger';
import { secretsManagerReader } from '../../aws/secrets-manager';
import { HttpChange } from '../support/http-change';
import { AwsProxy } from '../support/aws-proxy';
import type { AwsFault } from '../support/aws-proxy';
import { createLedger } from '../support/ledger-table';
import { connectToTestServer, namespace, ScriptedWorkflow } from '../support/scripted-workflow';
import { temporalAddressVariable } from '../support/server-address';
import { StoredSecret } from '../support/stored-secret';
import { createNamespaceCertificates, secretOf, serverName } from '../support/tls-namespace';

/*
 * Secrets Manager fails. docs/faults.md lists the responses.
 */

const endpointVariable = 'AWS_ENDPOINT_URL_SECRETS_MANAGER';
const GET = 'GetSecretValue';

let direct: Connection;
let certificates: Certificates;
let gateway: TlsGateway;
let ledger: DynamoDbLedger;
let proxy: AwsProxy;
let namespaces: Namespaces;
let clockOffsetMs = 0;
let refreshErrors: unknown[];
beforeAll(async () => {
  direct = connectToTestServer();
  certificates = await createNamespaceCertificates();
  const upstream = process.env[temporalAddressVariable] ?? '';
  gateway = await startTlsGateway({ upstream, server: certificates.server, ca: certificates.ca });
  ledger = await createLedger();
});
afterAll(async () => {
  await direct.close();
  await gateway.stop();
});
beforeEach(async () => {
  const { arn: secretArn } = await StoredSecret.create(secretOf(certificates));
  proxy = await AwsProxy.start();
  process.env[endpointVariable] = proxy.url;
  clockOffsetMs = 0;
  refreshErrors = [];
  const address = `127.0.0.1:${gateway.port}`;
  namespaces = new Namespaces(
    new Map([[namespace, { address, secretArn, tlsServerName: serverName }]]),
    secretsManagerReader(),
    { now: () => Date.now() + clockOffsetMs, onRefreshError: (_, error) => void refreshErrors.push(error) },
  );
});
afterEach(async () => {
  delete process.env[endpointVariable];
  await namespaces.close();
  await proxy.stop();
});

const faults: [what: string, fault: AwsFault][] = [
  ['fails', { reachesService: false, instead: { status: 500, type: 'InternalServiceError' } }],
  ['throttles', { reachesService: false, instead: { status: 400, type: 'ThrottlingException' } }],
  ['cuts the connection', { reachesService: false, instead: 'cut' }],
  ['does not respond', { reachesService: false, delayMs: 60_000 }],
];

test.each(faults)(
  'a cold function whose Secrets Manager %s returns 503 with nothing done, and a retry executes the operation',
  async (_what, fault) => {
    const request = new HttpChange('cancel', await ScriptedWorkflow.start(direct));
    proxy.faults.set(GET, fault);
    expect(await request.send({ ledger, namespaces })).toMatchObject({
      status: 503,
      problem: 'temporal-unavailable',
      retryAfter: 2,
    });
    expect(proxy.count(GET)).toBe(3);
    expect(await request.record(ledger)).toBeUndefined();

    proxy.faults.clear();
    expect(await request.send({ ledger, namespaces })).toMatchObject({ status: 200, replayed: false });
    expect(await request.countExecutions()).toBe(1);
  },
);

test.each(faults.slice(0, 3))(
  'a warm function whose Secrets Manager %s uses the secret that it has read',
  async (_what, fault) => {
    const first = new HttpChange('cancel', await ScriptedWorkflow.start(direct));
    expect(await first.send({ ledger, namespaces })).toMatchObject({ status: 200 });
    proxy.faults.set(GET, fault);
    // The secret is due to be read again.
    clockOffsetMs = 10 * 60_000;

    const request = new HttpChange('cancel', await ScriptedWorkflow.start(direct));
    expect(await request.send({ ledger, namespaces })).toMatchObject({ status: 200, body: { outcome: 'requested' } });

    expect(await request.countExecutions()).toBe(1);
    expect(await request.record(ledger)).toMatchObject({ state: 'completed' });
    await namespaces.close();
    expect(refreshErrors).toHaveLength(1);
  },
);
