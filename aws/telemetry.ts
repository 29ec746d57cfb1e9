import { AsyncLocalStorage } from 'node:async_hooks';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Metrics } from '@aws-lambda-powertools/metrics';
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Callee, EndedOperation, Telemetry } from '../operations/telemetry';
import { rewindMetrics, serviceName } from './metrics';
import { metricsOf } from './write-metrics';

/** Milliseconds spent on calls, by callee. Calls go side by side, so the sum may exceed the time that passed. */
type Spent = Partial<Record<Callee, number>>;

/** Failures that Temporal or the way to it is to blame for. The others are about the workflow, and answers. */
const temporalsFault = new Set([
  'UNAVAILABLE',
  'DEADLINE_EXCEEDED',
  'INTERNAL',
  'UNKNOWN',
  'UNAUTHENTICATED',
  'PERMISSION_DENIED',
]);

/** Lasts as long as the caller wants to wait for a workflow: says nothing about Temporal's latency or health. */
const LONG_POLL = 'GetWorkflowExecutionHistory';

const peers: Record<Callee, string> = { ledger: 'dynamodb', secret: 'secretsmanager', temporal: 'temporal' };

export interface TelemetryOptions {
  logger: { info: (message: string, fields: Record<string, unknown>) => void };
  /** Writes metrics whenever a stretch of work has ended. Otherwise it is for the owner to call {@link publish}. */
  publishesByItself: boolean;
}

/**
 * A log line an operation, CloudWatch metrics, and OpenTelemetry spans. Without an SDK registered in the process, as by a
 * layer, spans cost nothing and go nowhere.
 */
export class ProcessTelemetry implements Telemetry {
  private readonly spent = new AsyncLocalStorage<Spent>();
  private readonly tracer = trace.getTracer(serviceName);
  private readonly metrics = new Map<string, Metrics>();
  private coldStart = true;

  constructor(private readonly options: TelemetryOptions) {}

  async withSpan<T>(name: string, work: () => Promise<T>): Promise<T> {
    return this.tracer.startActiveSpan(name, async (span) => {
      try {
        return await this.spent.run({}, work);
      } finally {
        span.end();
        if (this.options.publishesByItself) {
          if (this.coldStart) {
            this.metricsOf('service', serviceName).captureColdStartMetric(process.env['AWS_LAMBDA_FUNCTION_NAME']);
          }
          this.publish();
        }
        this.coldStart = false;
      }
    });
  }

  startCall(callee: Callee, name: string, namespace?: string): (failure?: string) => void {
    const begun = performance.now();
    const spent = this.spent.getStore();
    const span = this.tracer.startSpan(`${peers[callee]} ${name}`, {
      kind: SpanKind.CLIENT,
      attributes: {
        'peer.service': peers[callee],
        'rpc.method': name,
        ...(namespace !== undefined && { 'rewind.namespace': namespace }),
      },
    });
    return (failure) => {
      const milliseconds = performance.now() - begun;
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
      ...(state && { state }),
      replayed,
      durationMs: Math.round(durationMs),
      spentMs: Object.fromEntries(spent.map(([callee, milliseconds]) => [callee, Math.round(milliseconds)])),
      requestId,
      batchOperationId,
      coldStart: this.coldStart,
    });
  }

  /** Writes what has been counted since the last time. */
  publish(): void {
    for (const metrics of this.metrics.values()) if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  }

  private countLedgerCall(milliseconds: number, failure: string | undefined): void {
    const metrics = this.metricsOf('service', serviceName);
    metrics.addMetric(rewindMetrics.ledgerLatency, MetricUnit.Milliseconds, milliseconds);
    if (failure !== undefined) metrics.addMetric(rewindMetrics.ledgerErrors, MetricUnit.Count, 1);
  }

  private countTemporalCall(namespace: string, milliseconds: number, failure = ''): void {
    const metrics = this.metricsOf('namespace', namespace);
    metrics.addMetric(rewindMetrics.temporalLatency, MetricUnit.Milliseconds, milliseconds);
    if (failure === 'RESOURCE_EXHAUSTED') metrics.addMetric(rewindMetrics.temporalThrottled, MetricUnit.Count, 1);
    if (temporalsFault.has(failure)) metrics.addMetric(rewindMetrics.temporalErrors, MetricUnit.Count, 1);
  }

  private metricsOf(dimension: 'namespace' | 'service', value: string): Metrics {
    const key = `${dimension} ${value}`;
    const metrics = this.metrics.get(key) ?? metricsOf({ [dimension]: value });
    this.metrics.set(key, metrics);
    return metrics;
  }
}

/** For Lambda functions: what an invocation counts is written when it ends, before the process is frozen. */
export const functionTelemetry = (logger: TelemetryOptions['logger']): Telemetry =>
  new ProcessTelemetry({ logger, publishesByItself: true });
