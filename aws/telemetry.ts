import { AsyncLocalStorage } from 'node:async_hooks';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Callee, EndedOperation, Telemetry } from '../operations/telemetry';
import { rewindMetrics, serviceName } from './metrics';
import { MetricsByDimensions } from './write-metrics';

/** Milliseconds spent on calls, by callee. Calls can run in parallel, so the sum can exceed the elapsed time. */
type Spent = Partial<Record<Callee, number>>;

/** gRPC statuses that count as errors of Temporal or the network. Other statuses are about the request, such as NOT_FOUND. */
const temporalFailures = new Set([
  'UNAVAILABLE',
  'DEADLINE_EXCEEDED',
  'INTERNAL',
  'UNKNOWN',
  'UNAUTHENTICATED',
  'PERMISSION_DENIED',
]);

/** Excluded from the latency metric: this call lasts as long as a caller waits for a workflow. */
const LONG_POLL = 'GetWorkflowExecutionHistory';

const peers: Record<Callee, string> = { ledger: 'dynamodb', secret: 'secretsmanager', temporal: 'temporal' };

export interface TelemetryOptions {
  logger: { info: (message: string, fields: Record<string, unknown>) => void };
  /** Whether the end of each root span writes the metrics. Otherwise, call {@link ProcessTelemetry.publish}. */
  publishesByItself: boolean;
}

/**
 * Writes a log line per operation, CloudWatch metrics and OpenTelemetry spans. Spans are recorded only if the process has an
 * OpenTelemetry SDK, for example from a Lambda layer.
 */
export class ProcessTelemetry implements Telemetry {
  private readonly spent = new AsyncLocalStorage<Spent>();
  private readonly tracer = trace.getTracer(serviceName);
  private readonly metrics = new MetricsByDimensions();
  private coldStart = true;

  constructor(private readonly options: TelemetryOptions) {}

  async withSpan<T>(name: string, work: () => Promise<T>): Promise<T> {
    const isNested = this.spent.getStore() !== undefined;
    return this.tracer.startActiveSpan(name, async (span) => {
      try {
        return await this.spent.run({}, work);
      } finally {
        span.end();
        if (this.options.publishesByItself && !isNested) {
          if (this.coldStart) this.countColdStart();
          this.publish();
        }
        this.coldStart = false;
      }
    });
  }

  startCall(callee: Callee, name: string, namespace?: string): (failure?: string) => void {
    const start = performance.now();
    const spent = this.spent.getStore();
    const span = this.tracer.startSpan(`${peers[callee]} ${name}`, {
      kind: SpanKind.CLIENT,
      attributes: {
        'peer.service': peers[callee],
        'rpc.method': name,
        'rewind.namespace': namespace,
      },
    });
    return (failure) => {
      const milliseconds = performance.now() - start;
      if (failure !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: failure });
      span.end();
      if (spent) spent[callee] = (spent[callee] ?? 0) + milliseconds;
      if (callee === 'ledger') this.countLedgerCall(milliseconds, failure);
      if (namespace !== undefined && name !== LONG_POLL) this.countTemporalCall(namespace, milliseconds, failure);
    };
  }

  operationEnded({ operation, outcome, state, replayed, durationMs }: EndedOperation): void {
    const { operationId, namespace, workflowId, verb, actor, requestId, batchOperationId } = operation;
    trace.getActiveSpan()?.setAttributes({
      'rewind.operation_id': operationId,
      'rewind.verb': verb,
      'rewind.namespace': namespace,
      'rewind.outcome': outcome,
    });
    const spent = Object.entries(this.spent.getStore() ?? {});
    this.options.logger.info('operation', {
      operationId,
      actor: actor.id,
      verb,
      namespace,
      workflowId,
      outcome,
      state,
      replayed,
      durationMs: Math.round(durationMs),
      spentMs: Object.fromEntries(spent.map(([callee, milliseconds]) => [callee, Math.round(milliseconds)])),
      requestId,
      batchOperationId,
      coldStart: this.coldStart,
    });
  }

  /** Writes the metrics since the last call. */
  publish(): void {
    this.metrics.publish();
  }

  private countColdStart(): void {
    // With provisioned concurrency, a process is initialized before its first request.
    if (process.env['AWS_LAMBDA_INITIALIZATION_TYPE'] !== 'on-demand') return;
    const metrics = this.metrics.with({ function_name: process.env['AWS_LAMBDA_FUNCTION_NAME'] ?? 'none' });
    metrics.addMetric(rewindMetrics.coldStart, MetricUnit.Count, 1);
  }

  private countLedgerCall(milliseconds: number, failure: string | undefined): void {
    const metrics = this.metrics.with({});
    metrics.addMetric(rewindMetrics.ledgerLatency, MetricUnit.Milliseconds, milliseconds);
    if (failure !== undefined) metrics.addMetric(rewindMetrics.ledgerErrors, MetricUnit.Count, 1);
  }

  private countTemporalCall(namespace: string, milliseconds: number, failure = ''): void {
    const metrics = this.metrics.with({ namespace });
    metrics.addMetric(rewindMetrics.temporalLatency, MetricUnit.Milliseconds, milliseconds);
    if (failure === 'RESOURCE_EXHAUSTED') metrics.addMetric(rewindMetrics.temporalThrottled, MetricUnit.Count, 1);
    if (temporalFailures.has(failure)) metrics.addMetric(rewindMetrics.temporalErrors, MetricUnit.Count, 1);
  }
}

/** Returns telemetry for a Lambda function. It writes metrics at the end of each invocation, before Lambda freezes the process. */
export const functionTelemetry = (logger: TelemetryOptions['logger']): Telemetry =>
  new ProcessTelemetry({ logger, publishesByItself: true });
