import { metricNames } from '../operations/metrics';

/**
 * Rewind's own CloudWatch metrics: processes write them, and lib/ makes dashboards and alarms of them. Log lines in
 * CloudWatch's embedded metric format, so that no request waits for them.
 *
 * All have the dimension `stack`, the name of the control stack: stages share an account and its CloudWatch namespace.
 */
export const rewindMetrics = {
  namespace: 'Rewind',

  /** Their other dimensions are documented there. */
  ...metricNames,

  /* Dimensions `stack` and `namespace`, the Temporal namespace. */

  /** Milliseconds of a call to Temporal; each attempt counts. */
  temporalLatency: 'TemporalLatency',
  /** Calls that Temporal throttled. */
  temporalThrottled: 'TemporalThrottled',
  /** Calls without a response from Temporal, or with an error of Temporal or our credentials. */
  temporalErrors: 'TemporalErrors',

  /* Dimension `stack`. */

  /** Milliseconds of a call to the ledger's table. */
  ledgerLatency: 'LedgerLatency',
  /** Failed calls to the ledger's table. */
  ledgerErrors: 'LedgerErrors',

  /** Seconds between the arrival of an event and an attempt at it. */
  eventAge: 'EventAge',
  /** Events that were rejected. */
  eventsRejected: 'EventsRejected',

  /* Dimensions `stack` and `function_name`. */

  /** Processes that have handled their first request. */
  coldStart: 'ColdStart',
} as const;

/** The field `service` of every log line, and the name of the tracer. */
export const serviceName = 'rewind';
