import { AsyncLocalStorage } from 'node:async_hooks';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Metrics } from '@aws-lambda-powertools/metrics';
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Callee, EndedOperation, Telemetry } from '../operations/telemetry';
import { rewindMetrics, serviceName } from './metrics';
import { metricsOf, publish } from './write-metrics';

/** Milliseconds spent on calls, by callee. Calls run in parallel, so the sum can exceed the elapsed time. */
type Spent = Partial<Record<Callee, number>>;

/** gRPC statuses that are failures of Temporal or the network. The others are responses about the workflow. */
const temporalFailures = new Set([
  'UNAVAILABLE',
  'DEADLINE_EXCEEDED',
  'INTERNAL',
  'UNKNOWN',
  'UNAUTHENTICATED',
  'PERMISSION_DENIED',
]);

/** Lasts as long as the caller waits for a workflow, so it is no measure of Temporal's latency. */
const LONG_POLL = 'GetWorkflowExecutionHistory';

const peers: Record<Callee, string> = { ledger: 'dynamodb', secret: 'secretsmanager', temporal: 'temporal' };

export interface TelemetryOptions {
  logger: { info: (message: string, fields: Record<string, unknown>) => void };
  /** Writes metrics at the end of each span that is in no other. Otherwise call {@link ProcessTelemetry.publish}. */
  publishesByItself: boolean;
}

/**
 * A log line per operation, CloudWatch metrics, and OpenTelemetry spans. Spans are recorded only where an OpenTelemetry SDK
 * is registered in the process, as by a layer.
 */
export class ProcessTelemetry implements Telemetry {
  private readonly spent = new AsyncLocalStorage<Spent>();
  private readonly tracer = trace.getTracer(serviceName);
  private readonly metrics = new Map<string, Metrics>();
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

  /** Writes the metrics counted since the last time. */
  publish(): void {
    for (const metrics of this.metrics.values()) publish(metrics);
  }

  private countColdStart(): void {
    // Provisioned concurrency initializes a process before its first request.
    if (process.env['AWS_LAMBDA_INITIALIZATION_TYPE'] !== 'on-demand') return;
    const metrics = this.metricsOf({ function_name: process.env['AWS_LAMBDA_FUNCTION_NAME'] ?? 'none' });
    metrics.addMetric(rewindMetrics.coldStart, MetricUnit.Count, 1);
  }

  private countLedgerCall(milliseconds: number, failure: string | undefined): void {
    const metrics = this.metricsOf({});
    metrics.addMetric(rewindMetrics.ledgerLatency, MetricUnit.Milliseconds, milliseconds);
    if (failure !== undefined) metrics.addMetric(rewindMetrics.ledgerErrors, MetricUnit.Count, 1);
  }

  private countTemporalCall(namespace: string, milliseconds: number, failure = ''): void {
    const metrics = this.metricsOf({ namespace });
    metrics.addMetric(rewindMetrics.temporalLatency, MetricUnit.Milliseconds, milliseconds);
    if (failure === 'RESOURCE_EXHAUSTED') metrics.addMetric(rewindMetrics.temporalThrottled, MetricUnit.Count, 1);
    if (temporalFailures.has(failure)) metrics.addMetric(rewindMetrics.temporalErrors, MetricUnit.Count, 1);
  }

  private metricsOf(dimensions: Record<string, string>): Metrics {
    const key = JSON.stringify(dimensions);
    const metrics = this.metrics.get(key) ?? metricsOf(dimensions);
    this.metrics.set(key, metrics);
    return metrics;
  }
}

/** For Lambda functions: metrics are written at the end of the invocation, before the process is frozen. */
export const functionTelemetry = (logger: TelemetryOptions['logger']): Telemetry =>
  new ProcessTelemetry({ logger, publishesByItself: true });
