import type { Logger } from '@aws-lambda-powertools/logger';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { isRecord, recordOf } from '../../aws/ledger-table';
import { RejectedEventError } from '../../aws/event-bus';
import type { OperationRecord } from '../../operations/ledger/ledger';
import { metricsFor } from '../../operations/metrics';
import type { MetricDatum } from '../../operations/metrics';
import { eventsOf } from '../../operations/operation-events';
import type { OperationEvent } from '../../operations/operation-events';

export interface PublishOperationEventsDependencies {
  /** Throws a `RejectedEventError` with the index of the first rejected event. */
  publish: (events: OperationEvent[]) => Promise<void>;
  count: (data: MetricDatum[]) => void;
  logger: Pick<Logger, 'warn'>;
}

interface Change {
  sequenceNumber: string | undefined;
  before: OperationRecord | undefined;
  after: OperationRecord;
}

/**
 * Creates the handler that publishes events and metrics for the changes in the ledger's DynamoDB stream. With the stream, an
 * event is published if and only if the record was written, including changes long after the request, and no request waits
 * for it. If the bus rejects an event, Lambda retries from that change on.
 */
export function createHandler({ publish, count, logger }: PublishOperationEventsDependencies) {
  return async ({ Records: records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
    const changes = records.flatMap(changeOf);
    const events = changes.flatMap((change) =>
      eventsOf(change.before, change.after).map((event) => ({ event, change })),
    );
    let failed: Change | undefined;
    try {
      await publish(events.map(({ event }) => event));
    } catch (error) {
      failed = error instanceof RejectedEventError ? events[error.index]?.change : undefined;
      if (failed?.sequenceNumber === undefined) throw error;
      logger.warn('events were not published; Lambda retries', { error: error as Error });
    }
    const published = failed ? changes.slice(0, changes.indexOf(failed)) : changes;
    count(published.flatMap(({ before, after }) => metricsFor(before, after)));
    return { batchItemFailures: failed ? [{ itemIdentifier: failed.sequenceNumber ?? '' }] : [] };
  };
}

/** Returns the change of an operation's record. Empty for other items and for deletions, which only DynamoDB's TTL makes. */
function changeOf({ dynamodb: change }: DynamoDBRecord): Change[] {
  if (!change?.NewImage || !isRecord(change.NewImage as Record<string, AttributeValue>)) return [];
  const record = (image: object) => recordOf(image as Record<string, AttributeValue>);
  return [
    {
      sequenceNumber: change.SequenceNumber,
      before: change.OldImage && record(change.OldImage),
      after: record(change.NewImage),
    },
  ];
}
