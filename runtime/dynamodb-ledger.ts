import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { AttributeValue, QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { OperationFailure } from '../operations/failures';
import { EnvironmentVariable, requiredNumber, requiredVariable } from './environment';
import type { Ledger, OperationPage, OperationRecord } from '../operations/ledger';

/** The ledger table's keys and indexes; lib/constructs/ledger.ts makes it so. */
export const ledgerTable = {
  partitionKey: 'operationId',
  /** Epoch seconds after which DynamoDB drops the record. */
  timeToLive: 'expiresAt',
  /** The operations on a workflow by time. */
  byWorkflow: { name: 'byWorkflow', partitionKey: 'workflowKey', sortKey: 'requestedAt' },
  /** Operations whose end is not known yet, by time. Sparse: the key is removed once it is. */
  open: { name: 'open', partitionKey: 'open', sortKey: 'requestedAt' },
} as const;

type Item = Record<string, AttributeValue>;
/** What only the table knows of a record. */
const tableOnly = [ledgerTable.timeToLive, ledgerTable.byWorkflow.partitionKey, ledgerTable.open.partitionKey];

/** Kept as text, so that an answer is given again to the letter: DynamoDB does not keep the order of a map's keys. */
const storedAsJson = ['request', 'answer'];

const OPEN = 'open';

export interface DynamoDbLedgerOptions {
  tableName: string;
  /** How long records are kept, in days from the request. */
  retentionDays: number;
  client?: DynamoDBClient;
}

/** The ledger in a DynamoDB table: one item an operation. */
export class DynamoDbLedger implements Ledger {
  private readonly client: DynamoDBClient;

  constructor(private readonly options: DynamoDbLedgerOptions) {
    // A person is waiting: two attempts of at most 3 s each, and then the answer is 503 and nothing was done.
    this.client =
      options.client ??
      new DynamoDBClient({ maxAttempts: 2, requestHandler: { connectionTimeout: 1000, requestTimeout: 3000 } });
  }

  async begin(record: OperationRecord): Promise<OperationRecord | undefined> {
    const item = {
      ...asStored({ ...record }),
      [ledgerTable.timeToLive]: Math.floor(Date.parse(record.requestedAt) / 1000) + this.options.retentionDays * 86_400,
      [ledgerTable.byWorkflow.partitionKey]: workflowKey(record.namespace, record.workflowId),
      [ledgerTable.open.partitionKey]: OPEN,
    };
    try {
      await this.client.send(
        new PutItemCommand({
          TableName: this.options.tableName,
          Item: marshalled(item),
          ConditionExpression: 'attribute_not_exists(#id)',
          ExpressionAttributeNames: { '#id': ledgerTable.partitionKey },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return undefined;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw unavailable(error);
      const there = error.Item ? recordOf(error.Item) : await this.find(record.operationId);
      if (!there) throw unavailable(new Error('a record was there and is gone'));
      // The SDK repeats a write whose answer was lost; then the record that is in the way is this very one.
      return there.owner === record.owner ? undefined : there;
    }
  }

  async takeOver(record: OperationRecord, owner: string, leaseUntil: number): Promise<OperationRecord | undefined> {
    const taken = { owner, leaseUntil, attempt: record.attempt + 1, state: 'started' } as const;
    const ours = await this.update(record, { ...taken, [ledgerTable.open.partitionKey]: OPEN });
    return ours ? { ...record, ...taken } : undefined;
  }

  pin(record: OperationRecord, runId: string): Promise<boolean> {
    return this.update(record, { runId });
  }

  async end(record: OperationRecord, ending: Parameters<Ledger['end']>[1]): Promise<void> {
    const open = ending.state === 'unknown' || ending.unsettled ? OPEN : undefined;
    await this.update(record, { failure: undefined, ...ending, [ledgerTable.open.partitionKey]: open });
  }

  async amend(record: OperationRecord, known: Parameters<Ledger['amend']>[1]): Promise<void> {
    const closed = known.settled && { unsettled: undefined, [ledgerTable.open.partitionKey]: undefined };
    await this.update(record, { ...known, ...closed });
  }

  async find(operationId: string): Promise<OperationRecord | undefined> {
    try {
      const { Item: item } = await this.client.send(
        new GetItemCommand({
          TableName: this.options.tableName,
          Key: marshalled({ [ledgerTable.partitionKey]: operationId }),
          ConsistentRead: true,
        }),
      );
      return item && recordOf(item);
    } catch (error) {
      throw unavailable(error);
    }
  }

  list(namespace: string, workflowId: string, page: { size: number; token?: string }): Promise<OperationPage> {
    return this.query(ledgerTable.byWorkflow, workflowKey(namespace, workflowId), { ScanIndexForward: false }, page);
  }

  listOpen(page: { size: number; token?: string }): Promise<OperationPage> {
    return this.query(ledgerTable.open, OPEN, { ScanIndexForward: true }, page);
  }

  private async query(
    index: { name: string; partitionKey: string },
    key: string,
    order: Pick<QueryCommandInput, 'ScanIndexForward'>,
    { size, token }: { size: number; token?: string },
  ): Promise<OperationPage> {
    try {
      const { Items: items = [], LastEvaluatedKey: last } = await this.client.send(
        new QueryCommand({
          TableName: this.options.tableName,
          IndexName: index.name,
          KeyConditionExpression: '#key = :key',
          ExpressionAttributeNames: { '#key': index.partitionKey },
          ExpressionAttributeValues: marshalled({ ':key': key }),
          Limit: size,
          ...order,
          ...(token !== undefined && { ExclusiveStartKey: readToken(token, index.partitionKey, key) }),
        }),
      );
      return { operations: items.map(recordOf), ...(last && { nextPageToken: writeToken(last) }) };
    } catch (error) {
      if (error instanceof OperationFailure) throw error;
      throw unavailable(error);
    }
  }

  /**
   * Sets fields (or removes those that are undefined), as long as the record is still the attempt and in the state that
   * we know it in.
   * @returns whether it did
   */
  private async update(record: OperationRecord, changes: Record<string, unknown>): Promise<boolean> {
    const fields = asStored(changes);
    const names = Object.keys(fields);
    const kept = names.filter((name) => fields[name] !== undefined);
    const removed = names.filter((name) => fields[name] === undefined);
    const expression = [
      kept.length > 0 && `SET ${kept.map((name) => `#${name} = :${name}`).join(', ')}`,
      removed.length > 0 && `REMOVE ${removed.map((name) => `#${name}`).join(', ')}`,
    ];
    try {
      await this.client.send(
        new UpdateItemCommand({
          TableName: this.options.tableName,
          Key: marshalled({ [ledgerTable.partitionKey]: record.operationId }),
          UpdateExpression: expression.filter(Boolean).join(' '),
          ConditionExpression: '#owner = :knownOwner AND #state = :knownState',
          ExpressionAttributeNames: {
            '#owner': 'owner',
            '#state': 'state',
            ...Object.fromEntries(names.map((name) => [`#${name}`, name])),
          },
          ExpressionAttributeValues: {
            ...marshalled({ ':knownOwner': record.owner, ':knownState': record.state }),
            ...marshalled(Object.fromEntries(kept.map((name) => [`:${name}`, fields[name]]))),
          },
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw unavailable(error);
    }
  }
}

/** The ledger of the stack that this process belongs to, by its environment. */
export function deployedLedger(): DynamoDbLedger {
  return new DynamoDbLedger({
    tableName: requiredVariable(EnvironmentVariable.ledgerTable),
    retentionDays: requiredNumber(EnvironmentVariable.ledgerRetentionDays),
  });
}

function workflowKey(namespace: string, workflowId: string): string {
  return `${namespace}/${workflowId}`;
}

function marshalled(value: Record<string, unknown>): Item {
  return marshall(value, { removeUndefinedValues: true });
}

function asStored(fields: Record<string, unknown>): Record<string, unknown> {
  const texts = storedAsJson
    .filter((name) => fields[name] !== undefined)
    .map((name) => [name, JSON.stringify(fields[name])]);
  return { ...fields, ...Object.fromEntries(texts) };
}

function recordOf(item: Item): OperationRecord {
  const record = unmarshall(item);
  for (const name of tableOnly) delete record[name];
  for (const name of storedAsJson) if (name in record) record[name] = JSON.parse(record[name] as string);
  return record as OperationRecord;
}

function writeToken(key: Item): string {
  return Buffer.from(JSON.stringify(unmarshall(key))).toString('base64url');
}

/** A token belongs to one list: with another's key DynamoDB would go on somewhere else. */
function readToken(token: string, partitionKey: string, key: string): Item {
  try {
    const start = JSON.parse(Buffer.from(token, 'base64url').toString()) as Record<string, unknown>;
    if (start[partitionKey] === key) return marshalled(start);
  } catch {
    // Said below.
  }
  throw new OperationFailure('invalid-request', 'pageToken is not one that this list gave out.', {
    field: 'pageToken',
    value: token,
    allowed: 'the nextPageToken of the page before, with the same workflowId',
  });
}

function unavailable(error: unknown): OperationFailure {
  const name = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown error';
  return new OperationFailure(
    'ledger-unavailable',
    'The operation ledger does not answer. Nothing was done without it; try again.',
    { retryAfterSeconds: 2, operatorDetail: `DynamoDB failed: ${name}` },
    { cause: error },
  );
}
