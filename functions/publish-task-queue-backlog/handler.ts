import type { Backlog } from './backlog';

export interface BacklogDependencies {
  readBacklog: () => Promise<Backlog>;
  publish: (backlog: Backlog) => void;
}

/** Runs every minute. A failure fails the invocation: no figure is better than a wrong one. */
export const createHandler =
  ({ readBacklog, publish }: BacklogDependencies) =>
  async (): Promise<void> =>
    publish(await readBacklog());
