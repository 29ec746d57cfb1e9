/**
 * The CloudWatch metrics of a task queue's backlog: functions/publish-task-queue-backlog writes them, and the worker's scaling
 * reads them. Like all metrics they have the dimension `stack` too.
 */
export const backlogMetric = {
  namespace: 'Rewind/Worker',
  /** Workflow and activity tasks that wait for a worker. */
  count: 'TaskQueueBacklog',
  /** Seconds that the oldest of them has waited; 0 without tasks. */
  ageSeconds: 'TaskQueueBacklogAge',
} as const;

export const backlogDimensions = (namespace: string, taskQueue: string) => ({
  TemporalNamespace: namespace,
  TaskQueue: taskQueue,
});
