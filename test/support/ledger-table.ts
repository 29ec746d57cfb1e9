import { randomUUID } from 'node:crypto';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDbLedger, ledgerTable } from '../../aws/dynamodb-ledger';

const attribute = (name: string) => ({ AttributeName: name, AttributeType: 'S' as const });
const key = (name: string, type: 'HASH' | 'RANGE') => ({ AttributeName: name, KeyType: type });

/** A ledger in an empty table of its own, with the keys that lib/constructs/ledger.ts gives the deployed one. */
export async function createLedger(): Promise<DynamoDbLedger> {
  const tableName = `ledger-${randomUUID()}`;
  const { partitionKey, byWorkflow, byBatch, due } = ledgerTable;
  const index = (of: { name: string; partitionKey: string; sortKey: string }) => ({
    IndexName: of.name,
    KeySchema: [key(of.partitionKey, 'HASH'), key(of.sortKey, 'RANGE')],
    Projection: { ProjectionType: 'ALL' as const },
  });
  await new DynamoDBClient({}).send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        partitionKey,
        byWorkflow.partitionKey,
        byWorkflow.sortKey,
        byBatch.partitionKey,
        byBatch.sortKey,
        due.partitionKey,
        due.sortKey,
      ].map(attribute),
      KeySchema: [key(partitionKey, 'HASH')],
      GlobalSecondaryIndexes: [index(byWorkflow), index(byBatch), index(due)],
    }),
  );
  return new DynamoDbLedger({ tableName, retentionDays: 400 });
}
