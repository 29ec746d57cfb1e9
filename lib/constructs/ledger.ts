import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  Billing,
  ProjectionType,
  StreamViewType,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { ledgerTable } from '../../aws/dynamodb-ledger';
import { EnvironmentVariable } from '../../aws/environment';
import type { RewindConfig } from '../config';
import type { RewindFunction } from './rewind-function';

/** The operation ledger: who did what to which workflow, and why. It outlives the stack. */
export class Ledger extends Construct {
  readonly table: TableV2;

  constructor(
    scope: Construct,
    id: string,
    private readonly config: RewindConfig['ledger'],
  ) {
    super(scope, id);
    const { kmsKeyArn } = config;
    const { byWorkflow, byBatch, due } = ledgerTable;
    this.table = new TableV2(this, 'Table', {
      partitionKey: { name: ledgerTable.partitionKey, type: AttributeType.STRING },
      globalSecondaryIndexes: [
        {
          indexName: byWorkflow.name,
          partitionKey: { name: byWorkflow.partitionKey, type: AttributeType.STRING },
          sortKey: { name: byWorkflow.sortKey, type: AttributeType.STRING },
          projectionType: ProjectionType.ALL,
        },
        {
          indexName: byBatch.name,
          partitionKey: { name: byBatch.partitionKey, type: AttributeType.STRING },
          sortKey: { name: byBatch.sortKey, type: AttributeType.STRING },
          projectionType: ProjectionType.ALL,
        },
        {
          indexName: due.name,
          partitionKey: { name: due.partitionKey, type: AttributeType.STRING },
          sortKey: { name: due.sortKey, type: AttributeType.STRING },
          projectionType: ProjectionType.ALL,
        },
      ],
      billing: Billing.onDemand(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      encryption:
        kmsKeyArn === undefined
          ? TableEncryptionV2.awsManagedKey()
          : TableEncryptionV2.customerManagedKey(Key.fromKeyArn(this, 'Key', kmsKeyArn)),
      timeToLiveAttribute: ledgerTable.timeToLive,
      dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  /** Lets the function look operations up, and tells it where. */
  readableBy(reader: RewindFunction): void {
    this.tell(reader);
    this.allow(reader, 'dynamodb:GetItem', 'dynamodb:Query');
  }

  /** Lets the function write operations, and tells it where. */
  writableBy(writer: RewindFunction): void {
    this.tell(writer);
    this.grantWrite(writer);
  }

  /** Lets the function find the operations that are due, and write what became of them. */
  reconciledBy(settler: RewindFunction): void {
    this.writableBy(settler);
    this.allow(settler, 'dynamodb:Query');
  }

  /** What a process that works with the ledger is told of it. */
  get environment(): Record<string, string> {
    return {
      [EnvironmentVariable.ledgerTable]: this.table.tableName,
      [EnvironmentVariable.ledgerRetentionDays]: String(this.config.retentionDays),
    };
  }

  /** Lets somebody write operations. Nobody may delete a record. */
  grantWrite(grantee: IGrantable): void {
    this.allow(grantee, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
  }

  private tell(reader: RewindFunction): void {
    for (const [name, value] of Object.entries(this.environment)) reader.addEnvironment(name, value);
  }

  /** On the table and its indexes by name: the table's own grants end in `index/*`. */
  private allow(grantee: IGrantable, ...actions: string[]): Grant {
    this.table.encryptionKey?.grantEncryptDecrypt(grantee);
    const indexes = [ledgerTable.byWorkflow, ledgerTable.byBatch, ledgerTable.due].map(
      ({ name }) => `${this.table.tableArn}/index/${name}`,
    );
    return Grant.addToPrincipal({ grantee, actions, resourceArns: [this.table.tableArn, ...indexes] });
  }
}
