import {
  ConditionalCheckFailedException,
  DescribeTableCommand,
  UpdateItemCommand,
  UpdateTableCommand,
  paginateScan,
} from '@aws-sdk/client-dynamodb';
import type { AttributeValue, DynamoDBClient, TableDescription } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { setTimeout as delay } from 'node:timers/promises';
import { addedAttributes, exceptions, ledgerTable, recordOf } from './ledger-table';
import type { LedgerIndex } from './ledger-table';

/*
 * Migrates a ledger table of an earlier release to the indexes of this release. CloudFormation cannot do it: DynamoDB creates
 * or deletes one index per table update, and existing records lack the attributes of the new indexes.
 */

const indexes = Object.values<LedgerIndex>(ledgerTable.indexes);
const current = new Set(indexes.map(({ name }) => name));

const CONCURRENT_WRITES = 16;

export interface MigrationOptions {
  client: DynamoDBClient;
  tableName: string;
  /** Receives a sentence about each step. */
  report: (text: string) => void;
  /** Interval between checks of an index that is being created or deleted, in milliseconds. 5,000 when absent. */
  pollMs?: number;
}

/**
 * Matches records that functions of an earlier release have written or changed. The filter excludes locks and the lists of
 * batch operations by `requestedAt`, which they lack.
 */
const outdated = [
  'attribute_not_exists(#key)',
  `(attribute_not_exists(#exception) AND #state IN (${exceptions.map((state) => `:${state}`).join(', ')}))`,
  '(attribute_exists(#exception) AND #exception <> #state)',
];

/** Creates the missing indexes, one after the other, and returns when all are active. */
export async function addIndexes(options: MigrationOptions): Promise<void> {
  for (const index of indexes) {
    if (indexNames(await describe(options)).includes(index.name)) continue;
    options.report(`Creating the index ${index.name}.`);
    await update(options, {
      AttributeDefinitions: [index.partitionKey, index.sortKey].map((name) => ({
        AttributeName: name,
        AttributeType: 'S',
      })),
      GlobalSecondaryIndexUpdates: [{ Create: indexDefinition(index) }],
    });
  }
  await untilActive(options);
}

/**
 * Adds the index attributes to each record that lacks them. No field of a record changes, so operations in progress are not
 * affected. It is idempotent: repeat it while functions of an earlier release still write records without these attributes.
 * @returns the number of changed records
 */
export async function addAttributes({ client, tableName }: MigrationOptions): Promise<number> {
  let changed = 0;
  const pages = paginateScan(
    { client },
    {
      TableName: tableName,
      FilterExpression: `attribute_exists(requestedAt) AND (${outdated.join(' OR ')})`,
      ExpressionAttributeNames: {
        '#key': ledgerTable.indexes.byTime.partitionKey,
        '#state': 'state',
        '#exception': 'exception',
      },
      ExpressionAttributeValues: marshall(Object.fromEntries(exceptions.map((state) => [`:${state}`, state]))),
    },
  );
  for await (const { Items: items = [] } of pages) {
    for (let from = 0; from < items.length; from += CONCURRENT_WRITES) {
      const writes = items.slice(from, from + CONCURRENT_WRITES).map((item) => addTo(client, tableName, item));
      changed += (await Promise.all(writes)).filter(Boolean).length;
    }
  }
  return changed;
}

/** Deletes the indexes that this release does not use. Call it when no function of an earlier release is deployed any more. */
export async function removeFormerIndexes(options: MigrationOptions): Promise<void> {
  for (const name of indexNames(await describe(options)).filter((existing) => !current.has(existing))) {
    options.report(`Deleting the index ${name}.`);
    await update(options, { GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: name } }] });
  }
  await untilActive(options);
}

/**
 * Returns the ARN of the table's stream, for the configuration key `ledger.tableStreamArn`.
 * @throws {Error} when the table has no stream with new and old images, which Rewind's events need
 */
export async function tableStreamArn(options: MigrationOptions): Promise<string> {
  const { LatestStreamArn: streamArn, StreamSpecification: stream } = await describe(options);
  if (streamArn !== undefined && stream?.StreamViewType === 'NEW_AND_OLD_IMAGES') return streamArn;
  throw new Error(`table ${options.tableName} has no stream of new and old images; enable one (NEW_AND_OLD_IMAGES)`);
}

/** Converts an index to the format of DynamoDB's API. */
export function indexDefinition({ name, partitionKey, sortKey, projected }: LedgerIndex) {
  return {
    IndexName: name,
    KeySchema: [
      { AttributeName: partitionKey, KeyType: 'HASH' as const },
      { AttributeName: sortKey, KeyType: 'RANGE' as const },
    ],
    Projection:
      projected.length > 0
        ? { ProjectionType: 'INCLUDE' as const, NonKeyAttributes: [...projected] }
        : { ProjectionType: 'KEYS_ONLY' as const },
  };
}

async function addTo(
  client: DynamoDBClient,
  tableName: string,
  item: Record<string, AttributeValue>,
): Promise<boolean> {
  const added = addedAttributes(recordOf(item));
  const set = Object.keys(added).map((name) => `#${name} = :${name}`);
  const removed = 'exception' in added ? '' : ' REMOVE #exception';
  const names = ['version', 'exception', ...Object.keys(added)].map((name) => [`#${name}`, name]);
  const values = Object.entries(added).map(([name, value]) => [`:${name}`, { S: value }]);
  try {
    await client.send(
      new UpdateItemCommand({
        TableName: tableName,
        Key: { [ledgerTable.partitionKey]: item[ledgerTable.partitionKey] ?? { S: '' } },
        UpdateExpression: `SET ${set.join(', ')}${removed}`,
        // Skips a record that has expired or changed since it was read.
        ConditionExpression: '#version = :version',
        ExpressionAttributeNames: Object.fromEntries(names),
        ExpressionAttributeValues: { ...Object.fromEntries(values), ':version': item['version'] ?? { N: '0' } },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

const indexNames = ({ GlobalSecondaryIndexes: all = [] }: TableDescription) =>
  all.map(({ IndexName: name = '' }) => name);

async function describe({ client, tableName }: MigrationOptions): Promise<TableDescription> {
  const { Table: table } = await client.send(new DescribeTableCommand({ TableName: tableName }));
  return table ?? {};
}

/** Updates the table after the previous update has finished, because DynamoDB changes one index at a time. */
async function update(
  options: MigrationOptions,
  changes: Omit<ConstructorParameters<typeof UpdateTableCommand>[0], 'TableName'>,
): Promise<void> {
  await untilActive(options);
  await options.client.send(new UpdateTableCommand({ TableName: options.tableName, ...changes }));
}

async function untilActive(options: MigrationOptions): Promise<void> {
  const { pollMs = 5_000 } = options;
  for (;;) {
    const { TableStatus: status, GlobalSecondaryIndexes: all = [] } = await describe(options);
    const statuses = [status, ...all.map(({ IndexStatus: of }) => of)];
    if (!statuses.some((of) => of === 'CREATING' || of === 'UPDATING' || of === 'DELETING')) return;
    await delay(pollMs);
  }
}
