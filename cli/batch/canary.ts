import type { components } from '../../client/openapi';

type BatchOperation = components['schemas']['BatchOperation'];

/** The state of a batch operation's canary, its first workflows; '' without a canary. */
export function canaryText(
  { canary, state }: Pick<BatchOperation, 'canary' | 'state'>,
  timeText = (time: string) => time,
): string {
  if (!canary) return '';
  const { count, failed, until } = canary;
  const failures = `${failed} of the first ${count} failed`;
  if (canary.state === 'passed') return `passed: ${failures}`;
  if (canary.state === 'failed') return `failed: ${failures}; no other workflow is started`;
  if (state !== 'running' && state !== 'suspended') return `not decided: it was ${state} before`;
  if (canary.state === 'underway') return `underway, with the first ${count}; the others wait`;
  return `waiting: ${failures} so far${until === undefined ? '' : `; decided at ${timeText(until)} at the latest`}`;
}
