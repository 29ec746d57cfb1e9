import { metricNames } from '../operations/metrics';

/**
 * Rewind's own CloudWatch metrics: what its processes write, and what lib/ draws and watches. They meet here or nowhere.
 * Written as log lines in CloudWatch's embedded metric format, so that nobody waits for them.
 */
export const rewindMetrics = {
  namespace: 'Rewind',

  /** See their dimensions there. */
  ...metricNames,

  /* Dimension `namespace`: the Temporal namespace. */

  /** Milliseconds of a call to Temporal; one that is repeated counts each time. */
  temporalLatency: 'TemporalLatency',
  /** Calls that Temporal turned down to limit their rate. */
  temporalThrottled: 'TemporalThrottled',
  /** Calls that Temporal did not answer, or to which it said that it or our credentials are not well. */
  temporalErrors: 'TemporalErrors',

  /* Dimension `service`. */

  /** Milliseconds of a call to the ledger's table. */
  ledgerLatency: 'LedgerLatency',
  /** Calls that the ledger's table failed. */
  ledgerErrors: 'LedgerErrors',

  /* Dimensions `service` and `function_name`: Powertools' own. */
  coldStart: 'ColdStart',
} as const;

/** The value of the dimension `service`, and of that field of every log line. */
export const serviceName = 'rewind';
