import type { components } from '../../client/openapi';
import { nameOfActor } from '../output/actor';

type BatchOperation = components['schemas']['BatchOperation'];

/** The states of batch operations that have not ended. */
export const openStates = ['running', 'suspended'] as const;

/**
 * Warns, in the preview of a batch operation, of one that has not ended.
 * @param previewed the query of the previewed batch operation
 */
export function otherBatchText(
  { action, operationId, state, query, done, matched, actor, reason }: BatchOperation,
  previewed: string | undefined,
): string {
  const relation = query !== undefined && query === previewed ? 'has the same query' : 'may change the same workflows';
  const progress = `${done} of ${matched} done, by ${nameOfActor(actor.id)}: ${reason}`;
  return `Batch ${action} ${operationId} is ${state} and ${relation}: ${progress}`;
}
