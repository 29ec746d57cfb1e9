import type { Logger } from '@aws-lambda-powertools/logger';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { isRecord, recordOf } from '../../aws/dynamodb-ledger';
import { RejectedEventError } from '../../aws/event-bus';
import type { OperationRecord } from '../../operations/ledger/ledger';
import { metricsFor } from '../../operations/metrics';
import type { MetricDatum } from '../../operations/metrics';
import { eventsOf } from '../../operations/operation-events';
import type { OperationEvent } from '../../operations/operation-events';

export interface PublishOperationEventsDependencies {
  /** Throws a `RejectedEventError` that names the first event that was not accepted. */
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
 * Publishes the changes in the ledger's stream as events, and counts them. So there is an event if and only if the record was
 * written, no request waits for it, and changes long after the request count too. All events of a batch of changes are
 * published together. Lambda continues with the change whose event was not accepted.
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
      logger.warn('events were not published; Lambda tries again', { error: error as Error });
    }
    const published = failed ? changes.slice(0, changes.indexOf(failed)) : changes;
    count(published.flatMap(({ before, after }) => metricsFor(before, after)));
    return { batchItemFailures: failed ? [{ itemIdentifier: failed.sequenceNumber ?? '' }] : [] };
  };
}

/** Nothing for a record that DynamoDB removed at its time to live. */
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
