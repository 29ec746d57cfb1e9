/** What an interface calls the fields of requests, in its messages. */
export interface FieldNames {
  /** @param path of a field: `target.eventId` */
  nameOf(this: void, path: string): string;
  /** A reset point, as a value of the field `target`. */
  pointOf(this: void, eventId: number): string;
  /** Where the operations on a workflow are listed. */
  operations: string;
}

/** Fields that no option has alone. */
const subjects: Record<string, string> = {
  workflowId: 'the workflow',
  workflows: 'the workflows',
  operationId: 'the operation',
  batchOperationId: 'the batch operation',
  rejectedEventIds: 'the events',
  action: 'the action',
  deploymentName: 'the deployment',
  badBuildId: 'the build',
};

/** Options whose names differ from those of their fields. */
const options: Record<string, string> = {
  firstExecutionRunId: '--first-run-id',
  terminateRunId: '--terminate-run',
  ifCurrentRunId: '--run-id',
  target: '--to',
  waitSeconds: '--wait',
  activityType: '--type',
  resetHeartbeat: '--reset-heartbeats',
  versioningOverride: '--versioning',
  orphanedChildren: '--orphans',
  excludeReapply: '--exclude',
  workflowIdReusePolicy: '--completed',
  exclude: '--except',
  followSeconds: '--follow',
  stopAtFailureRate: '--stop-at',
  ratePerSecond: '--rate',
  maxWorkflows: '--max',
  expectMatched: '--expect',
  toBuildId: '--to-build',
  restartTypes: '--restart',
  actor: '--by',
  pageSize: '--limit',
};

const fieldOf = (path: string): string => path.split('.')[0] ?? path;

/** The command line's names. */
export const flagNames: FieldNames = {
  nameOf(path) {
    const field = fieldOf(path);
    return subjects[field] ?? options[field] ?? `--${spaced(field, '-')}`;
  },
  pointOf: (eventId) => `--to ${eventId}`,
  operations: '"rewind ops"',
};

/** `Idempotency-Key` stays one word. */
const spaced = (field: string, space: string): string =>
  field.replaceAll(/(?<=[a-z])[A-Z]/g, `${space}$&`).toLowerCase();

/** Names for a page, whose fields have labels. */
export const plainNames: FieldNames = {
  nameOf(path) {
    const field = fieldOf(path);
    if (field === 'target') return 'the point';
    return subjects[field] ?? spaced(field, ' ');
  },
  pointOf: (eventId) => `event ${eventId}`,
  operations: '“Its operations”',
};
