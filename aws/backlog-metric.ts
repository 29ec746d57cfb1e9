/**
 * CloudWatch metrics of a task queue's backlog. functions/publish-task-queue-backlog writes them, and the worker's scaling
 * policy uses them. Like all metrics, they also have the dimension `stack`.
 */
export const backlogMetric = {
  namespace: 'Rewind/Worker',
  /** Number of workflow and activity tasks in the backlog. */
  count: 'TaskQueueBacklog',
  /** Age of the oldest task in the backlog, in seconds. 0 if the backlog is empty. */
  ageSeconds: 'TaskQueueBacklogAge',
} as const;

export const backlogDimensions = (namespace: string, taskQueue: string) => ({
  TemporalNamespace: namespace,
  TaskQueue: taskQueue,
});
