import { randomUUID } from 'node:crypto';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDbLedger } from '../../aws/dynamodb-ledger';
import { ledgerTable } from '../../aws/ledger-table';
import type { LedgerIndex } from '../../aws/ledger-table';
import { indexDefinition } from '../../aws/ledger-migration';

const attribute = (name: string) => ({ AttributeName: name, AttributeType: 'S' as const });
const key = (name: string, type: 'HASH' | 'RANGE') => ({ AttributeName: name, KeyType: type });

const { partitionKey, indexes } = ledgerTable;
const ledgerIndexes = Object.values<LedgerIndex>(indexes);

/** A ledger in a new table with the keys of the deployed table, which is created before the tests of the file or `describe`. */
export function testLedger(): DynamoDbLedger {
  const { ledger, create } = newLedger();
  beforeAll(create);
  return ledger;
}

/** Creates a ledger in a new table with the keys of the deployed table. */
export async function createLedger(): Promise<DynamoDbLedger> {
  const { ledger, create } = newLedger();
  await create();
  return ledger;
}

function newLedger() {
  const tableName = `ledger-${randomUUID()}`;
  // Without the call timeouts of the functions, because a loaded machine takes seconds.
  const client = new DynamoDBClient({});
  const keys = ledgerIndexes.flatMap((index) => [index.partitionKey, index.sortKey]);
  const table = new CreateTableCommand({
    TableName: tableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [...new Set([partitionKey, ...keys])].map(attribute),
    KeySchema: [key(partitionKey, 'HASH')],
    GlobalSecondaryIndexes: ledgerIndexes.map(indexDefinition),
  });
  return {
    ledger: new DynamoDbLedger({ tableName, retentionDays: 400, client }),
    create: async () => void (await client.send(table)),
  };
}
