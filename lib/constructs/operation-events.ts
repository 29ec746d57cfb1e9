import { Duration } from 'aws-cdk-lib';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { FilterCriteria, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import { EVENT_SOURCE } from '../../api/emitted-events';
import { EnvironmentVariable } from '../../aws/environment';
import { DeadLetterQueue } from './dead-letter-queue';
import type { Ledger } from './ledger';
import type { RewindFunction } from './rewind-function';

export interface OperationEventsProps {
  ledger: Ledger;
  bus: EventBus;
  /** The function that converts changes of the ledger to events. */
  publisher: RewindFunction;
}

/** Publishes events about operations on the bus, from the ledger's DynamoDB stream. */
export class OperationEvents extends Construct {
  constructor(scope: Construct, id: string, { ledger, bus, publisher }: OperationEventsProps) {
    super(scope, id);
    const { queue } = new DeadLetterQueue(this, 'DeadLetters', {
      impact:
        'Some events about operations were not published, so services that consume them have missed them. The operations themselves are not affected.',
      runbook: 'operation-events-not-published',
    });
    publisher.addEnvironment(EnvironmentVariable.eventBus, bus.eventBusName);
    bus.grantPutEventsTo(publisher);
    denySpoofedSource(bus, publisher);
    ledger.streamReadableBy(publisher);
    queue.grantSendMessages(publisher);
    const mapping = publisher.addEventSourceMapping('LedgerStream', {
      eventSourceArn: ledger.table.tableStreamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 100,
      maxBatchingWindow: Duration.seconds(1),
      filters: publishedChanges.map((pattern) => FilterCriteria.filter(pattern)),
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      retryAttempts: 10,
      maxRecordAge: Duration.hours(12),
      onFailure: new SqsDlq(queue),
    });
    // Lambda checks the role's permissions when the mapping is created.
    if (publisher.role) mapping.node.addDependency(publisher.role);
  }
}

/**
 * The changes of a record that invoke the publisher: a new state other than `started`, and a settled cancellation. Other
 * changes, such as the progress of a batch operation, emit neither events nor metrics.
 */
const publishedChanges = [
  ...['completed', 'refused', 'failed', 'unknown'].map((state) =>
    changePattern({ state: { S: [state] } }, { state: { S: [{ 'anything-but': [state] }] } }),
  ),
  // A settled cancellation, which is the last write of its record.
  changePattern({ settled: { M: { status: { S: [{ exists: true }] } } } }),
];

function changePattern(after: object, before?: object) {
  return { dynamodb: { NewImage: after, OldImage: before } };
}

/** Denies Rewind's event source to other principals of the account, so that consumers can rely on it. */
function denySpoofedSource(bus: EventBus, publisher: RewindFunction): void {
  bus.addToResourcePolicy(
    new PolicyStatement({
      sid: 'OnlyRewindSpeaksAsRewind',
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ['events:PutEvents'],
      resources: [bus.eventBusArn],
      conditions: {
        'ForAnyValue:StringEquals': { 'events:source': EVENT_SOURCE },
        ArnNotEquals: { 'aws:PrincipalArn': publisher.role?.roleArn },
      },
    }),
  );
}
