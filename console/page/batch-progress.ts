import { plural, words } from './format';
import type { BatchOperation } from './schema';

const sum = (counts: Record<string, number>): number => Object.values(counts).reduce((all, count) => all + count, 0);

export interface Part {
  name: 'succeeded' | 'failed' | 'skipped' | 'left';
  count: number;
  percent: number;
}

/** Parts of the progress bar, which add up to all workflows that matched. */
export function partsOf({
  matched,
  done,
  failed,
  skipped,
}: Pick<BatchOperation, 'matched' | 'done' | 'failed' | 'skipped'>): Part[] {
  const failures = sum(failed);
  // Can exceed `matched`, because workflows that continue as new are followed.
  const total = Math.max(matched, done + skipped, 1);
  const counts = { succeeded: done - failures, failed: failures, skipped, left: total - done - skipped };
  return Object.entries(counts).map(([name, count]) => ({
    name: name as Part['name'],
    count,
    percent: (count / total) * 100,
  }));
}

export const progressText = ({ matched, done }: BatchOperation): string =>
  `${done.toLocaleString('en')} of ${matched.toLocaleString('en')}`;

/** Formats counts by kind, the highest first. */
export const countsText = (counts: Record<string, number>, nameOf = words): string =>
  Object.entries(counts)
    .filter(([, count]) => count > 0)
    .toSorted(([, a], [, b]) => b - a)
    .map(([kind, count]) => `${nameOf(kind)} ×${count}`)
    .join(', ');

export const failuresOf = ({ failed }: BatchOperation): string => countsText(failed);

/** Counts the new runs of a reset that follows them, including those of its canary, by their progress. */
export const newRunsOf = ({ progress }: Pick<BatchOperation, 'progress'>): string => countsText(progress ?? {});

export function rollbackOf({ rollback }: Pick<BatchOperation, 'rollback'>): string {
  if (!rollback) return '';
  const { deploymentName, badBuildId, toBuildId, ...report } = rollback;
  return [`${deploymentName}: ${badBuildId} to ${toBuildId}`, countsText(report)].filter(Boolean).join('; ');
}

export const failedTotal = ({ failed }: BatchOperation): number => sum(failed);

export const workflowsText = (count: number): string => plural(count, 'workflow');
