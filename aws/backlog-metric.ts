/**
 * The CloudWatch metrics of a task queue's backlog: what functions/publish-task-queue-backlog writes, and what the
 * worker's scaling reads. They meet here or nowhere.
 */
export const backlogMetric = {
  namespace: 'Rewind/Worker',
  /** Workflow and activity tasks that wait for a worker. */
  count: 'TaskQueueBacklog',
  /** Seconds that the oldest of them has waited; 0 when none does. */
  ageSeconds: 'TaskQueueBacklogAge',
} as const;

export const backlogDimensions = (namespace: string, taskQueue: string) => ({
  TemporalNamespace: namespace,
  TaskQueue: taskQueue,
});
