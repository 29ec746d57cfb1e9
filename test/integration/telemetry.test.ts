import { randomUUID } from 'node:crypto';
import { SpanStatusCode } from '@opentelemetry/api';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import type { Connection } from '@temporalio/client';
import { routes } from '../../api';
import type { HttpFunction } from '../../functions/http/http-handler';
import { makeCertificates } from '../../local/temporal/certificates';
import { startTlsGateway } from '../../local/temporal/tls-gateway';
import type { TlsGateway } from '../../local/temporal/tls-gateway';
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
import { createRouteHandler } from '../support/route-handler';

const serverName = 'telemetry.temporal.test';

describe('the telemetry of a cancellation', () => {
  const spans = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
  let connection: Connection;
  let gateway: TlsGateway;
  let namespaces: Namespaces;
  let handler: HttpFunction;
  let metrics: ReturnType<typeof captureMetrics>;
  const log = new RecordedLog();

  beforeAll(async () => {
    // As an OpenTelemetry layer does.
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
      // The tests count calls: none may be repeated because the machine is slow.
      { startCall: (method, to) => telemetry.startCall('temporal', method, to), silenceMs: 100_000 },
    );
    const { tableName } = await createLedger();
    const ledger = new DynamoDbLedger({ tableName, retentionDays: 1, telemetry });
    handler = createRouteHandler(routes.cancelWorkflow, {
      namespaces,
      logger: log,
      telemetry,
      ledger,
      onRecordFailure: () => {},
    });
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
    const response = await handler({ ...event, resource: '/namespaces/{namespace}/workflows/cancel' }, lambdaContext);
    return { status: response.statusCode, body: JSON.parse(response.body) };
  }

  const named = (name: string): ReadableSpan | undefined => spans.getFinishedSpans().find((span) => span.name === name);

  test('is a log line with caller, verb, workflow, outcome, and time spent per service', async () => {
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

  test('marks the log line of a replayed request', async () => {
    const { workflowId } = await ScriptedWorkflow.start(connection);
    const key = randomUUID();
    await cancel(workflowId, key);
    await cancel(workflowId, key);

    expect(log.lines.map(({ fields }) => fields)).toMatchObject([
      { replayed: false, outcome: 'requested' },
      { replayed: true, outcome: 'requested', coldStart: false },
    ]);
  });

  test('logs a refused operation', async () => {
    await cancel(`no-such-${randomUUID()}`);

    expect(log.lines).toMatchObject([{ fields: { outcome: 'workflow-not-found', state: 'refused' } }]);
  });

  test('includes the latency of each call as metrics', async () => {
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

  test('includes a span of the request, with calls to the ledger and Temporal as its children', async () => {
    const { workflowId } = await ScriptedWorkflow.start(connection);

    const { body } = await cancel(workflowId);

    const request = named('POST /namespaces/{namespace}/workflows/cancel');
    expect(request?.attributes).toMatchObject({
      'rewind.operation_id': body.operationId,
      'rewind.outcome': 'requested',
    });
    const children = spans
      .getFinishedSpans()
      .filter(({ parentSpanContext }) => parentSpanContext?.spanId === request?.spanContext().spanId);
    expect(children.map(({ name }) => name).toSorted()).toEqual([
      'dynamodb PutItem',
      'dynamodb UpdateItem',
      'dynamodb UpdateItem',
      'temporal DescribeWorkflowExecution',
      'temporal GetWorkflowExecutionHistoryReverse',
      'temporal RequestCancelWorkflowExecution',
    ]);
    expect(new Set(children.map((span) => span.spanContext().traceId))).toEqual(
      new Set([request?.spanContext().traceId]),
    );
  });

  test('marks the span of a failed call with the gRPC code only', async () => {
    await cancel(`no-such-${randomUUID()}`);

    expect(named('temporal DescribeWorkflowExecution')?.status).toEqual({
      code: SpanStatusCode.ERROR,
      message: 'NOT_FOUND',
    });
  });
});
