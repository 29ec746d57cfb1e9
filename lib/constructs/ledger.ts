import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  AttributeType,
  Billing,
  ProjectionType,
  StreamViewType,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { ledgerTable } from '../../aws/ledger-table';
import type { LedgerIndex } from '../../aws/ledger-table';
import { EnvironmentVariable } from '../../aws/environment';
import type { RewindConfig } from '../config';
import { requireEnvironment } from '../deployment-region';
import { nagFindingId } from '../nag-finding-id';
import type { RewindFunction } from './rewind-function';

const indexes = Object.values<LedgerIndex>(ledgerTable.indexes);

/** The DynamoDB table of the operation ledger. It is retained when the stack is deleted. */
export class Ledger extends Construct {
  readonly table: ITableV2;

  constructor(
    scope: Construct,
    id: string,
    private readonly config: RewindConfig['ledger'],
  ) {
    super(scope, id);
    const { kmsKeyArn, tableStreamArn } = config;
    // CloudFormation needs the region of a global table's key.
    if (kmsKeyArn !== undefined) requireEnvironment(this, 'ledger.kmsKeyArn');
    const encryptionKey = kmsKeyArn === undefined ? undefined : Key.fromKeyArn(this, 'Key', kmsKeyArn);
    this.table =
      tableStreamArn === undefined ? this.newTable(encryptionKey) : this.existingTable(tableStreamArn, encryptionKey);
  }

  private newTable(encryptionKey: IKey | undefined): TableV2 {
    return new TableV2(this, 'Table', {
      partitionKey: { name: ledgerTable.partitionKey, type: AttributeType.STRING },
      globalSecondaryIndexes: indexes.map(({ name, partitionKey, sortKey, projected }) => ({
        indexName: name,
        partitionKey: { name: partitionKey, type: AttributeType.STRING },
        sortKey: { name: sortKey, type: AttributeType.STRING },
        ...(projected.length > 0
          ? { projectionType: ProjectionType.INCLUDE, nonKeyAttributes: [...projected] }
          : { projectionType: ProjectionType.KEYS_ONLY }),
      })),
      billing: Billing.onDemand(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      encryption: encryptionKey
        ? TableEncryptionV2.customerManagedKey(encryptionKey)
        : TableEncryptionV2.awsManagedKey(),
      timeToLiveAttribute: ledgerTable.timeToLive,
      dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  /** Imports a table of an earlier deployment or another stack. Its settings are not changed. */
  private existingTable(tableStreamArn: string, encryptionKey: IKey | undefined): ITableV2 {
    const [tableArn = ''] = tableStreamArn.split('/stream/');
    return TableV2.fromTableAttributes(this, 'ExistingTable', {
      tableArn,
      tableStreamArn,
      encryptionKey,
    });
  }

  /** Allows the function to read operations. */
  readableBy(reader: RewindFunction): void {
    this.configure(reader);
    this.allow(reader, 'dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query');
    this.allowKey(reader, ...readKey);
  }

  /** Allows the function to write operations. */
  writableBy(writer: RewindFunction): void {
    this.configure(writer);
    this.grantWrite(writer);
  }

  /** Allows the function to find due operations and write their outcome. */
  reconciledBy(reconciler: RewindFunction): void {
    this.configure(reconciler);
    this.grantSearchAndWrite(reconciler);
  }

  /** Allows the function to read the table's stream, which is encrypted with the table's key. */
  streamReadableBy(reader: RewindFunction): void {
    const streams = `${this.table.tableArn}/stream/*`;
    reader.addToRolePolicy(
      new PolicyStatement({
        actions: [
          'dynamodb:DescribeStream',
          'dynamodb:GetRecords',
          'dynamodb:GetShardIterator',
          'dynamodb:ListStreams',
        ],
        resources: [streams],
      }),
    );
    Validations.of(reader.role).acknowledge({
      id: nagFindingId(this, streams),
      reason: 'The name of a stream is its creation time, which is only known after the table exists',
    });
    this.allowKey(reader, ...readKey);
  }

  /** Environment variables for a process that uses the ledger. */
  get environment(): Record<string, string> {
    return {
      [EnvironmentVariable.ledgerTable]: this.table.tableName,
      [EnvironmentVariable.ledgerRetentionDays]: String(this.config.retentionDays),
    };
  }

  /** Allows the grantee to write operations, but not to delete records. */
  private grantWrite(grantee: IGrantable): void {
    this.allow(grantee, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
    this.allowKey(grantee, ...readKey, ...writeKey);
  }

  /** Allows the grantee to write operations and to query the table's indexes, as a retry of a batch operation does. */
  grantSearchAndWrite(grantee: IGrantable): void {
    this.grantWrite(grantee);
    this.allow(grantee, 'dynamodb:BatchGetItem', 'dynamodb:Query');
  }

  private configure(user: RewindFunction): void {
    for (const [name, value] of Object.entries(this.environment)) user.addEnvironment(name, value);
  }

  /** Allows actions on the table and its indexes by name. The grants of the CDK's table would use `index/*`. */
  private allow(grantee: IGrantable, ...actions: string[]): void {
    const indexArns = indexes.map(({ name }) => `${this.table.tableArn}/index/${name}`);
    Grant.addToPrincipal({ grantee, actions, resourceArns: [this.table.tableArn, ...indexArns] });
  }

  /** Allows the use of a customer managed key, which DynamoDB uses on behalf of its caller. The AWS managed key needs no grant. */
  private allowKey(grantee: IGrantable, ...actions: string[]): void {
    this.table.encryptionKey?.grant(grantee, ...actions);
  }
}

/** The same actions as the CDK's grants: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html */
const readKey = ['kms:Decrypt', 'kms:DescribeKey'];
const writeKey = ['kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'];
