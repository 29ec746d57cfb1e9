import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:tls';
import { createHandler } from '../../functions/describe/handler';
import { makeCertificates } from '../../local/temporal/certificates';
import type { Certificates } from '../../local/temporal/certificates';
import { startTlsGateway } from '../../local/temporal/tls-gateway';
import type { TlsGateway } from '../../local/temporal/tls-gateway';
import { Namespaces } from '../../operations/temporal/namespaces';
import { secretsManagerReader } from '../../aws/secrets-manager';
import { apiGatewayEvent, lambdaContext } from '../support/api-gateway-event';
import { connectToTestServer, namespace, ScriptedWorkflow } from '../support/scripted-workflow';
import { temporalAddressVariable } from '../support/server-address';
import { StoredSecret } from '../support/stored-secret';
import { RecordedLog } from '../support/recorded-log';

const serverName = 'namespace.temporal.test';

const daysFromNow = (days: number) => new Date(Date.now() + days * 86_400_000);

describe('a connection with the credentials from Secrets Manager', () => {
  let certificates: Certificates;
  let gateway: TlsGateway;
  let workflowId: string;

  beforeAll(async () => {
    certificates = await makeCertificates(serverName);
    gateway = await startTlsGateway({
      upstream: process.env[temporalAddressVariable] ?? '',
      server: certificates.server,
      ca: certificates.ca,
    });
    const connection = connectToTestServer();
    ({ workflowId } = await ScriptedWorkflow.start(connection));
    await connection.close();
  });
  afterAll(() => gateway.stop());

  const storeSecret = (value: unknown): Promise<StoredSecret> =>
    StoredSecret.create(typeof value === 'string' ? value : JSON.stringify(value));

  /** The function `describe`, and its log. */
  function describeFunction(secretArn: string, tlsServerName = serverName, { port }: { port: number } = gateway) {
    const logger = new RecordedLog();
    const configured = new Map([[namespace, { address: `127.0.0.1:${port}`, secretArn, tlsServerName }]]);
    // The next request reads the secret again without the pause of some seconds.
    const namespaces = new Namespaces(configured, secretsManagerReader(), { secretPauseMs: 0 });
    const handler = createHandler({
      namespaces,
      logger,
    });
    const callDescribe = async () => {
      const { statusCode, body } = await handler(
        apiGatewayEvent('GET', { namespace, query: { workflowId } }),
        lambdaContext,
      );
      return { statusCode, body: JSON.parse(body) };
    };
    return { callDescribe, logger, close: () => namespaces.close() };
  }

  test('succeeds with a certificate that the server trusts', async () => {
    const { callDescribe, close } = describeFunction(
      (await storeSecret({ ...certificates.client, ca: certificates.ca })).arn,
    );
    expect(await callDescribe()).toMatchObject({ statusCode: 200, body: { workflowId, status: 'Running' } });
    await close();
  });

  test.each([
    ['one per line', '\n'],
    ['without line breaks between them', ''],
  ])('accepts bundles that contain the right certificates, %s', async (_what, separator) => {
    const stranger = await makeCertificates('stranger.test');
    const { client, ca } = certificates;
    const bundle = (...blocks: string[]) => blocks.map((block) => block.trim()).join(separator);
    const { arn: secretArn } = await storeSecret({
      certificate: bundle(client.certificate, ca),
      privateKey: bundle(client.privateKey),
      ca: bundle(stranger.server.certificate, ca),
    });
    const { callDescribe, close } = describeFunction(secretArn);
    expect(await callDescribe()).toMatchObject({ statusCode: 200 });
    await close();
  });

  test.each([
    [
      'has expired',
      { notBeforeDate: daysFromNow(-9), notAfterDate: daysFromNow(-2) },
      /client certificate expired on 20/,
    ],
    ['is not valid yet', { notBeforeDate: daysFromNow(2), notAfterDate: daysFromNow(9) }, /is not valid before 20/],
  ])('logs the date if the client certificate %s', async (_what, valid, logEntry) => {
    const { ca, server, client } = await makeCertificates(serverName, valid);
    const otherGateway = await startTlsGateway({ upstream: process.env[temporalAddressVariable] ?? '', server, ca });
    const { callDescribe, logger, close } = describeFunction(
      (await storeSecret({ ...client, ca })).arn,
      serverName,
      otherGateway,
    );

    expect(await callDescribe()).toMatchObject({ statusCode: 502 });
    expect(logger.texts).toEqual([expect.stringMatching(logEntry)]);
    await close();
    await otherGateway.stop();
  });

  const broken: [what: string, secret: (other: Certificates) => unknown, logEntry: RegExp, serverName?: string][] = [
    ['is not JSON', () => 'topsecret', /is not JSON/],
    [
      'contains no PEM',
      () => ({ certificate: 'topsecret', privateKey: 'topsecret' }),
      /certificate.* that is no valid PEM/,
    ],
    [
      'contains an authority that did not sign the certificate of the server',
      (other) => ({ ...certificates.client, ca: other.ca }),
      /do not agree on TLS: .* is signed by none of the authorities in the secret's .*ca/,
    ],
    [
      'is used with a wrong server name',
      () => ({ ...certificates.client, ca: certificates.ca }),
      /do not agree on TLS: .* is not for the name .*wrong\.test.*; set the namespace's tlsServerName/,
      'wrong.test',
    ],
  ];
  test.each(broken)('logs which secret %s, and returns only that the configuration is wrong', async (...row) => {
    const [, secret, logEntry, name] = row;
    const { arn: secretArn } = await storeSecret(secret(await makeCertificates(serverName)));
    const { callDescribe, logger, close } = describeFunction(secretArn, name);

    const { statusCode, body } = await callDescribe();

    expect({ statusCode, type: body.type }).toEqual({ statusCode: 502, type: 'urn:rewind:problem:configuration' });
    expect(logger.texts).toEqual([expect.stringMatching(logEntry)]);
    for (const text of [JSON.stringify(body), ...logger.texts]) expect(text).not.toMatch(/topsecret|BEGIN|PRIVATE KEY/);
    expect(JSON.stringify(body)).not.toContain('arn:aws');
    await close();
  });

  test('logs the secret whose certificate the server refuses', async () => {
    const stranger = await makeCertificates(serverName);
    const { arn: secretArn } = await storeSecret({ ...stranger.client, ca: certificates.ca });
    const { callDescribe, logger, close } = describeFunction(secretArn);

    expect(await callDescribe()).toMatchObject({
      statusCode: 503,
      body: { type: 'urn:rewind:problem:temporal-unavailable' },
    });
    expect(logger.texts).toEqual([
      expect.stringMatching(`secret ${secretArn} do not agree on TLS: .*refuses the client certificate`),
    ]);
    await close();
  });

  test('logs the secret if the server resets the connection during TLS', async () => {
    const { server, client, ca } = certificates;
    const resetting = createServer({ cert: server.certificate, key: server.privateKey, ALPNProtocols: ['h2'] });
    const sockets: Socket[] = [];
    resetting.on('connection', (socket: Socket) => sockets.push(socket));
    resetting.on('secureConnection', () => sockets.forEach((socket) => socket.resetAndDestroy()));
    await once(resetting.listen(0, '127.0.0.1'), 'listening');
    const { arn: secretArn } = await storeSecret({ ...client, ca });
    const { callDescribe, logger, close } = describeFunction(secretArn, serverName, resetting.address() as AddressInfo);

    expect(await callDescribe()).toMatchObject({ statusCode: 503 });
    expect(logger.texts).toEqual([expect.stringMatching(`secret ${secretArn} do not agree on TLS: the server closes`)]);
    await close();
    resetting.close();
  });

  test('logs the ARN of a secret that does not exist', async () => {
    const secretArn = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:missing-AbCdEf';
    const { callDescribe, logger } = describeFunction(secretArn);

    expect(await callDescribe()).toMatchObject({ statusCode: 502 });
    expect(logger.texts).toEqual([
      expect.stringContaining(`secret ${secretArn} cannot be read: ResourceNotFoundException`),
    ]);
  });

  test.each([
    ['is not JSON', async () => 'topsecret', 502],
    ['the server refuses', async () => ({ ...(await makeCertificates(serverName)).client, ca: certificates.ca }), 503],
  ])('does not cache a secret that %s: the next request reads the new value', async (_what, secret, status) => {
    const stored = await storeSecret(await secret());
    const { callDescribe, close } = describeFunction(stored.arn);
    expect(await callDescribe()).toMatchObject({ statusCode: status });

    await stored.put(JSON.stringify({ ...certificates.client, ca: certificates.ca }));

    expect(await callDescribe()).toMatchObject({ statusCode: 200 });
    await close();
  });
});
