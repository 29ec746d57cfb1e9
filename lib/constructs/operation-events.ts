import { Duration } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import { EnvironmentVariable } from '../../runtime/environment';
import { DeadLetterQueue } from './dead-letter-queue';
import type { RewindFunction } from './rewind-function';

export interface OperationEventsProps {
  /** The ledger, with a stream of old and new images. */
  table: TableV2;
  bus: IEventBus;
  /** The function that turns changes of the ledger into events. */
  publisher: RewindFunction;
  emulator: boolean;
}

/** Tells the bus what Rewind did, from the ledger's stream. */
export class OperationEvents extends Construct {
  constructor(scope: Construct, id: string, { table, bus, publisher, emulator }: OperationEventsProps) {
    super(scope, id);
    const { queue } = new DeadLetterQueue(this, 'DeadLetters', {
      impact: 'Services that follow what Rewind did have missed some of it. The operations themselves are done.',
      runbook: 'operation-events-not-published',
      emulator,
    });
    publisher.addEnvironment(EnvironmentVariable.eventBus, bus.eventBusName);
    bus.grantPutEventsTo(publisher);
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
