import { randomUUID } from 'node:crypto';
import { SpanStatusCode } from '@opentelemetry/api';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import type { Connection } from '@temporalio/client';
import { createHandler } from '../../functions/cancel/handler';
import { makeCertificates } from '../../local/certificates';
import { startTlsGateway } from '../../local/tls-gateway';
import type { TlsGateway } from '../../local/tls-gateway';
import { Namespaces } from '../../operations/temporal/namespaces';
import { DynamoDbLedger } from '../../aws/dynamodb-ledger';
import { secretsManagerReader } from '../../aws/secrets-manager';
import { ProcessTelemetry } from '../../aws/telemetry';
import { captureMetrics } from '../support/emf';
import { apiGatewayEvent, lambdaContext } from '../support/api-gateway-event';
import { createLedger } from '../support/ledger-table';
import { connectToTestServer, namespace, ScriptedWorkflow } from '../support/scripted-workflow';
import { temporalAddressVariable } from '../support/server-address';
import { StoredSecret } from '../support/stored-secret';
import { RecordedLog } from '../support/recorded-log';

const serverName = 'seen.temporal.test';

/* What is seen of a cancellation by HTTP, from the secret to the server, on the real parts. */
describe('what is seen of an operation', () => {
  const spans = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
  let connection: Connection;
  let gateway: TlsGateway;
  let namespaces: Namespaces;
  let handler: ReturnType<typeof createHandler>;
  let metrics: ReturnType<typeof captureMetrics>;
  const log = new RecordedLog();

  beforeAll(async () => {
    // As a layer does.
    provider.register();
    connection = connectToTestServer();
    const certificates = await makeCertificates(serverName);
    const { server, ca } = certificates;
    gateway = await startTlsGateway({ upstream: process.env[temporalAddressVariable] ?? '', server, ca });
    const { arn: secretArn } = await StoredSecret.create(JSON.stringify({ ...certificates.client, ca }));
    const telemetry = new ProcessTelemetry({
      logger: log,
      publishesByItself: true,
    });
    const address = `127.0.0.1:${gateway.port}`;
    namespaces = new Namespaces(
      new Map([[namespace, { address, secretArn, tlsServerName: serverName }]]),
      secretsManagerReader(undefined, telemetry),
      // Calls are counted: none is repeated because this machine is slow.
      { startCall: (method, to) => telemetry.startCall('temporal', method, to), silenceMs: 100_000 },
    );
    const { tableName } = await createLedger();
    const ledger = new DynamoDbLedger({ tableName, retentionDays: 1, telemetry });
    handler = createHandler({ namespaces, logger: log, telemetry, ledger, onRecordFailure: () => {} });
  });
  beforeEach(() => {
    log.lines.length = 0;
    spans.reset();
    metrics = captureMetrics();
  });
  afterEach(() => metrics.stop());
  afterAll(async () => {
    await namespaces.close();
    await connection.close();
    await gateway.stop();
    await provider.shutdown();
  });

  async function cancel(workflowId: string, key: string = randomUUID()) {
    const body = { workflowId, reason: 'a secret affair' };
    const event = apiGatewayEvent('POST', { namespace, body, headers: { 'idempotency-key': key } });
    const answer = await handler({ ...event, resource: '/namespaces/{namespace}/workflows/cancel' }, lambdaContext);
    return { status: answer.statusCode, body: JSON.parse(answer.body) };
  }

  const named = (name: string): ReadableSpan | undefined => spans.getFinishedSpans().find((span) => span.name === name);

  test('a log line: who did what to which workflow, how it went, and where the time was spent', async () => {
    const { workflowId } = await ScriptedWorkflow.start(connection);

    const { body } = await cancel(workflowId);

    expect(log.lines).toEqual([
      {
        message: 'operation',
        fields: {
          operationId: body.operationId,
          actor: 'arn:aws:iam::111122223333:user/ann',
          verb: 'cancel',
          namespace,
          workflowId,
          outcome: 'requested',
          state: 'completed',
          replayed: false,
          durationMs: expect.any(Number),
          spentMs: { secret: expect.any(Number), ledger: expect.any(Number), temporal: expect.any(Number) },
          requestId: 'request-1',
          coldStart: true,
        },
      },
    ]);
    expect(log.texts.join()).not.toMatch(/secret affair|PRIVATE KEY/);
  });

  test('a repetition is a line of its own, and says that it is one', async () => {
    const { workflowId } = await ScriptedWorkflow.start(connection);
    const key = randomUUID();
    await cancel(workflowId, key);
    await cancel(workflowId, key);

    expect(log.lines.map(({ fields }) => fields)).toMatchObject([
      { replayed: false, outcome: 'requested' },
      { replayed: true, outcome: 'requested', coldStart: false },
    ]);
  });

  test('a refusal is a line too', async () => {
    await cancel(`no-such-${randomUUID()}`);

    expect(log.lines).toMatchObject([{ fields: { outcome: 'workflow-not-found', state: 'refused' } }]);
  });

  test('metrics: the latency of each call, by namespace', async () => {
    const { workflowId } = await ScriptedWorkflow.start(connection);

    await cancel(workflowId);

    const written = metrics.written();
    expect(written).toContainEqual({
      namespace: 'Rewind',
      dimensions: { stack: 'rewind', namespace },
      values: { TemporalLatency: [expect.any(Number), expect.any(Number), expect.any(Number)] },
    });
    expect(written).toContainEqual({
      namespace: 'Rewind',
      dimensions: { stack: 'rewind' },
      values: { LedgerLatency: [expect.any(Number), expect.any(Number), expect.any(Number)] },
    });
  });

  test('a trace: the request, below it the calls to the ledger and to Temporal', async () => {
    const { workflowId } = await ScriptedWorkflow.start(connection);

    const { body } = await cancel(workflowId);

    const request = named('POST /namespaces/{namespace}/workflows/cancel');
    expect(request?.attributes).toMatchObject({
      'rewind.operation_id': body.operationId,
      'rewind.outcome': 'requested',
    });
    const below = spans
      .getFinishedSpans()
      .filter(({ parentSpanContext }) => parentSpanContext?.spanId === request?.spanContext().spanId);
    expect(below.map(({ name }) => name).toSorted()).toEqual([
      'dynamodb PutItem',
      'dynamodb UpdateItem',
      'dynamodb UpdateItem',
      'temporal DescribeWorkflowExecution',
      'temporal GetWorkflowExecutionHistoryReverse',
      'temporal RequestCancelWorkflowExecution',
    ]);
    expect(new Set(below.map((span) => span.spanContext().traceId))).toEqual(new Set([request?.spanContext().traceId]));
  });

  test('a call that fails is marked in the trace, with the code and nothing else', async () => {
    await cancel(`no-such-${randomUUID()}`);

    expect(named('temporal DescribeWorkflowExecution')?.status).toEqual({
      code: SpanStatusCode.ERROR,
      message: 'NOT_FOUND',
    });
  });
});
