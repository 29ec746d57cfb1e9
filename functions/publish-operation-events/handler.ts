import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { metricsFor } from '../../operations/metrics';
import type { MetricDatum } from '../../operations/metrics';
import { eventsOf } from '../../operations/operation-events';
import type { OperationEvent } from '../../operations/operation-events';
import { recordOf } from '../../aws/dynamodb-ledger';

export interface PublishOperationEventsDependencies {
  publish: (events: OperationEvent[]) => Promise<void>;
  count: (data: MetricDatum[]) => void;
}

/**
 * Tells the bus what the ledger has recorded, from the ledger's stream: an event is emitted if and only if the record was
 * written, and nobody who asks for an operation waits for it. Counts what changed, too: here every change comes by, those
 * included that are made long after the request. A record that could not be told is where Lambda starts
 * again.
 */
export function createHandler({ publish, count }: PublishOperationEventsDependencies) {
  return async ({ Records: records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
    for (const { dynamodb: change } of records) {
      // Without a new image the record has reached its time to live: nothing happened.
      const after = change?.NewImage && recordOf(change.NewImage as Record<string, AttributeValue>);
      const before = change?.OldImage && recordOf(change.OldImage as Record<string, AttributeValue>);
      try {
        if (after) {
          await publish(eventsOf(before, after));
          count(metricsFor(before, after));
        }
      } catch (error) {
        const itemIdentifier = change?.SequenceNumber;
        if (itemIdentifier === undefined) throw error;
        return { batchItemFailures: [{ itemIdentifier }] };
      }
    }
    return { batchItemFailures: [] };
  };
}
