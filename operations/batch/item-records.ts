import type { BatchProgress } from '../../api/batch-operation';
import { verbs } from '../index';
import type { Ledger, OperationRecord } from '../ledger/ledger';
import { reconcile } from '../ledger/reconcile';
import type { NamespaceClient } from '../temporal/namespace-client';
import type { OperationDependencies } from '../verb';
import { addProgress, noProgress } from './batch';
import type { BatchItem } from './batch';
import { itemOperationId } from './item-id';

/** Consecutive items of a batch operation. */
export interface ItemRange {
  operationId: string;
  items: BatchItem[];
  /** Position of the first item in the batch operation. */
  firstPosition: number;
}

/** Returns the records of items that were started. A workflow that matched twice has a single record, at one of its positions. */
export async function itemRecords(
  ledger: Ledger,
  namespace: string,
  { operationId, items, firstPosition }: ItemRange,
): Promise<OperationRecord[]> {
  const ids = [...new Set(items.map(({ workflowId }) => itemOperationId(namespace, operationId, workflowId)))];
  const records = await ledger.findAll(ids);
  return records.filter(
    ({ batchPosition }) =>
      batchPosition !== undefined && batchPosition >= firstPosition && batchPosition < firstPosition + items.length,
  );
}

/** Maximum length of the message in a failure example, in characters. */
const MAX_EXAMPLE_LENGTH = 300;

/** Progress of an item that failed. */
export function failedItem({ workflowId }: BatchItem, kind: string, message: string): BatchProgress {
  const example = { workflowId, message: message.slice(0, MAX_EXAMPLE_LENGTH) };
  return { ...noProgress, done: 1, failed: { [kind]: 1 }, failureExamples: { [kind]: example } };
}

/**
 * Counts the items that were started, by their results. Looks up the changes of interrupted attempts in Temporal's history; an
 * item whose result is not certain yet counts as `operation-in-progress`.
 */
export async function countItems(
  dependencies: OperationDependencies,
  client: NamespaceClient,
  range: ItemRange,
): Promise<BatchProgress> {
  const read = () => itemRecords(dependencies.ledger, client.namespace, range);
  const interrupted = (await read()).filter(({ state }) => state === 'started');
  // Reconciliation tries again later.
  await Promise.allSettled(interrupted.map((record) => reconcile({ ...dependencies, verbs }, client, record)));
  return (await read()).map(progressOf).reduce(addProgress, noProgress);
}

function progressOf({ workflowId, state, outcome = state, failure }: OperationRecord): BatchProgress {
  if (state === 'completed') return { ...noProgress, done: 1, outcomes: { [outcome]: 1 } };
  const { kind, message } = failure ?? {
    kind: 'operation-in-progress' as const,
    message: 'Its worker stopped before it recorded a result. The list of items has the result once it is known.',
  };
  return failedItem({ workflowId }, kind, message);
}
