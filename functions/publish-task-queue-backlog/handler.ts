import type { Backlog } from './backlog';

export interface BacklogDependencies {
  readBacklog: () => Promise<Backlog>;
  publish: (backlog: Backlog) => void;
}

/** Creates the handler that runs every minute. On an error, it publishes nothing: a missing metric is better than a wrong one. */
export const createHandler =
  ({ readBacklog, publish }: BacklogDependencies) =>
  async (): Promise<void> =>
    publish(await readBacklog());
