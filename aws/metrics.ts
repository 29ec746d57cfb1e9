import { metricNames } from '../operations/metrics';

/**
 * The CloudWatch metrics of Rewind, on which the dashboard and alarms in lib/ are based. They are written as log lines in
 * CloudWatch's embedded metric format, so no request waits for them.
 *
 * All have the dimension `stack`, the name of the control stack, because stages can share an account.
 */
export const rewindMetrics = {
  namespace: 'Rewind',

  /* operations/metrics.ts documents the other dimensions of these. */
  ...metricNames,

  /* Dimensions `stack` and `namespace`, the Temporal namespace. */

  /** Latency of an attempt of a call to Temporal, in milliseconds. */
  temporalLatency: 'TemporalLatency',
  /** Calls that Temporal throttled. */
  temporalThrottled: 'TemporalThrottled',
  /** Calls that got no response, a server error or an authentication error. */
  temporalErrors: 'TemporalErrors',

  /* Dimension `stack`. */

  /** Latency of a call to the ledger's table, in milliseconds. */
  ledgerLatency: 'LedgerLatency',
  /** Failed calls to the ledger's table. */
  ledgerErrors: 'LedgerErrors',

  /** Seconds between the arrival of an event and an attempt to process it. */
  eventAge: 'EventAge',
  /** Events that were rejected. */
  eventsRejected: 'EventsRejected',

  /* Dimensions `stack` and `function_name`. */

  /** Cold starts: first invocations of a process. */
  coldStart: 'ColdStart',
} as const;

/** The field `service` of every log line, and the name of the tracer. */
export const serviceName = 'rewind';
