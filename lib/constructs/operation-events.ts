import { Duration, Validations } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import { EVENT_SOURCE } from '../../operations/operation-events';
import { EnvironmentVariable } from '../../aws/environment';
import { nagFindingId } from '../nag-finding-id';
import { DeadLetterQueue } from './dead-letter-queue';
import type { RewindFunction } from './rewind-function';

export interface OperationEventsProps {
  /** The ledger, with a stream of old and new images. */
  table: TableV2;
  bus: EventBus;
  /** The function that turns changes of the ledger into events. */
  publisher: RewindFunction;
}

/** Tells the bus what Rewind did, from the ledger's stream. */
export class OperationEvents extends Construct {
  constructor(scope: Construct, id: string, { table, bus, publisher }: OperationEventsProps) {
    super(scope, id);
    const { queue } = new DeadLetterQueue(this, 'DeadLetters', {
      impact: 'Services that follow what Rewind did have missed some of it. The operations themselves are done.',
      runbook: 'operation-events-not-published',
    });
    publisher.addEnvironment(EnvironmentVariable.eventBus, bus.eventBusName);
    bus.grantPutEventsTo(publisher);
    denySpoofedSource(bus, publisher);
    const { tableArn, tableStreamArn } = table;
    publisher.addToRolePolicy(
      new PolicyStatement({
        actions: [
          'dynamodb:DescribeStream',
          'dynamodb:GetRecords',
          'dynamodb:GetShardIterator',
          'dynamodb:ListStreams',
        ],
        resources: [`${tableArn}/stream/*`],
      }),
    );
    Validations.of(publisher.role ?? publisher).acknowledge({
      id: nagFindingId(this, `${tableArn}/stream/*`),
      reason: 'A stream’s name is the time it was made: known only when the table is there',
    });
    queue.grantSendMessages(publisher);
    const mapping = publisher.addEventSourceMapping('LedgerStream', {
      eventSourceArn: tableStreamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 100,
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      retryAttempts: 10,
      maxRecordAge: Duration.hours(12),
      onFailure: new SqsDlq(queue),
    });
    // Lambda checks the permissions when the mapping is made.
    if (publisher.role) mapping.node.addDependency(publisher.role);
  }
}

/** Whoever follows what Rewind did can rely on the events' source: other principals of the account cannot use it. */
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
