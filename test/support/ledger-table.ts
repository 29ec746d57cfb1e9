import { randomUUID } from 'node:crypto';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDbLedger, ledgerTable } from '../../aws/dynamodb-ledger';
import type { LedgerIndex } from '../../aws/dynamodb-ledger';

const attribute = (name: string) => ({ AttributeName: name, AttributeType: 'S' as const });
const key = (name: string, type: 'HASH' | 'RANGE') => ({ AttributeName: name, KeyType: type });

const { partitionKey, indexes } = ledgerTable;
const ledgerIndexes = Object.values<LedgerIndex>(indexes);

/** A ledger in an empty table of its own, with the keys that lib/constructs/ledger.ts gives the deployed one. */
export async function createLedger(): Promise<DynamoDbLedger> {
  const tableName = `ledger-${randomUUID()}`;
  const keys = ledgerIndexes.flatMap((index) => [index.partitionKey, index.sortKey]);
  await new DynamoDBClient({}).send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [...new Set([partitionKey, ...keys])].map(attribute),
      KeySchema: [key(partitionKey, 'HASH')],
      GlobalSecondaryIndexes: ledgerIndexes.map(({ name, partitionKey: hash, sortKey, projected }) => ({
        IndexName: name,
        KeySchema: [key(hash, 'HASH'), key(sortKey, 'RANGE')],
        Projection:
          projected.length > 0
            ? { ProjectionType: 'INCLUDE', NonKeyAttributes: [...projected] }
            : { ProjectionType: 'KEYS_ONLY' },
      })),
    }),
  );
  return new DynamoDbLedger({ tableName, retentionDays: 400 });
}
