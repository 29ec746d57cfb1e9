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
import { OperationFailure } from '../api/failures';
import { EnvironmentVariable, requiredNumber, requiredVariable } from './environment';
import type { BatchRecord } from '../operations/batch/batch';
import { noopTelemetry } from '../operations/telemetry';
import type { Telemetry } from '../operations/telemetry';
import type {
  AttemptResult,
  Ledger,
  OperationPage,
  OperationRecord,
  OperationState,
  UnsettledOperation,
} from '../operations/ledger/ledger';

/** The ledger table's keys and indexes; lib/constructs/ledger.ts makes it so. */
export const ledgerTable = {
  partitionKey: 'operationId',
  /** Epoch seconds after which DynamoDB drops the record. */
  timeToLive: 'expiresAt',
  /** The operations on a workflow by time. */
  byWorkflow: { name: 'byWorkflow', partitionKey: 'workflowKey', sortKey: 'requestedAt' },
  /** The items of a batch operation by workflow. Sparse: other operations have no `batchOperationId`. */
  byBatch: { name: 'byBatch', partitionKey: 'batchOperationId', sortKey: 'workflowId' },
  /** Operations that still have to be checked, by when. Sparse: the record's `nextCheckAt`, stored as `dueAt`, is removed in the end. */
  due: { name: 'due', partitionKey: 'ledger', sortKey: 'dueAt' },
} as const;

type Item = Record<string, AttributeValue>;
type Index = { name: string; partitionKey: string; sortKey: string };
/** What only the table knows of a record. */
const tableOnly = [ledgerTable.timeToLive, ledgerTable.byWorkflow.partitionKey, ledgerTable.due.partitionKey];

/** Kept as text, so that an answer is given again to the letter: DynamoDB does not keep the order of a map's keys. */
const storedAsJson = ['request', 'answer', 'batch'];

/** All records are in one partition of the `due` index; few of them are due at a time. */
const LEDGER = 'ledger';

/** Pages of 1 MB that are read to count them: some thousands of operations, and a few cents a day at worst. */
const MAX_UNSETTLED_PAGES = 5;

/** DynamoDB refuses to look for a longer partition key, as it cannot be in a table. */
const MAX_KEY_BYTES = 2048;

export interface DynamoDbLedgerOptions {
  tableName: string;
  /** How long records are kept, in days from the request. */
  retentionDays: number;
  client?: DynamoDBClient;
  telemetry?: Telemetry;
  /** How long one attempt at a call may take, in milliseconds; see {@link REQUEST_TIMEOUT_MS}. */
  requestTimeoutMs?: number;
  now?: () => number;
}

/** A person is waiting: two attempts of this long each, and then the answer is 503 and nothing was done. */
const REQUEST_TIMEOUT_MS = 3_000;

/** The ledger in a DynamoDB table: one item an operation. */
export class DynamoDbLedger implements Ledger {
  readonly tableName: string;
  clockOffsetMs = 0;
  private readonly client: DynamoDBClient;

  constructor(private readonly options: DynamoDbLedgerOptions) {
    const { tableName, requestTimeoutMs: requestTimeout = REQUEST_TIMEOUT_MS } = options;
    this.tableName = tableName;
    this.client =
      options.client ??
      new DynamoDBClient({
        maxAttempts: 2,
        // Without the last, the SDK warns when the time is over, and goes on waiting.
        requestHandler: { connectionTimeout: 1000, requestTimeout, throwOnRequestTimeout: true },
      });
    this.instrument(options.telemetry ?? noopTelemetry);
    this.trackServerClock(options.now ?? Date.now);
  }

  async createIfAbsent(record: OperationRecord): Promise<OperationRecord | undefined> {
    const item = {
      ...asStored({ ...record }),
      [ledgerTable.timeToLive]: Math.floor(Date.parse(record.requestedAt) / 1000) + this.options.retentionDays * 86_400,
      [ledgerTable.byWorkflow.partitionKey]: workflowKey(record.namespace, record.workflowId),
      [ledgerTable.due.partitionKey]: LEDGER,
    };
    try {
      await this.client.send(
        new PutItemCommand({
          TableName: this.tableName,
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
    const taken = { owner, ...leased(leaseUntil), attempt: record.attempt + 1, state: 'started' } as const;
    const ours = await this.setFields(record, taken);
    return ours ? { ...record, ...taken } : undefined;
  }

  recordTargetRun(record: OperationRecord, runId: string, leaseUntil: number): Promise<boolean> {
    return this.setFields(record, { runId, ...leased(leaseUntil) });
  }

  async complete(record: OperationRecord, ending: AttemptResult): Promise<void> {
    await this.setFields(record, { failure: undefined, nextCheckAt: undefined, ...ending });
  }

  async update(record: OperationRecord, known: Parameters<Ledger['update']>[1]): Promise<void> {
    await this.setFields(record, known);
  }

  async find(operationId: string): Promise<OperationRecord | undefined> {
    if (operationId === '' || Buffer.byteLength(operationId) > MAX_KEY_BYTES) return undefined;
    try {
      const { Item: item } = await this.client.send(
        new GetItemCommand({
          TableName: this.tableName,
          Key: marshalled({ [ledgerTable.partitionKey]: operationId }),
          ConsistentRead: true,
        }),
      );
      return item && recordOf(item);
    } catch (error) {
      throw unavailable(error);
    }
  }

  async listDue(now: Date, size: number): Promise<OperationRecord[]> {
    const { due } = ledgerTable;
    try {
      const { Items: items = [] } = await this.client.send(
        new QueryCommand({
          TableName: this.tableName,
          IndexName: due.name,
          KeyConditionExpression: '#all = :all AND #due <= :now',
          ExpressionAttributeNames: { '#all': due.partitionKey, '#due': due.sortKey },
          ExpressionAttributeValues: marshalled({ ':all': LEDGER, ':now': now.toISOString() }),
          Limit: size,
        }),
      );
      return items.map(recordOf);
    } catch (error) {
      throw unavailable(error);
    }
  }

  async listUnsettled(): Promise<UnsettledOperation[]> {
    const { due } = ledgerTable;
    const found: UnsettledOperation[] = [];
    let start: Item | undefined;
    try {
      for (let page = 0; page < MAX_UNSETTLED_PAGES; page += 1) {
        const { Items: items = [], LastEvaluatedKey: last } = await this.client.send(
          new QueryCommand({
            TableName: this.tableName,
            IndexName: due.name,
            KeyConditionExpression: '#all = :all',
            ProjectionExpression: '#namespace, #due, #stuck',
            ExpressionAttributeNames: {
              '#all': due.partitionKey,
              '#namespace': 'namespace',
              '#due': due.sortKey,
              '#stuck': 'stuck',
            },
            ExpressionAttributeValues: marshalled({ ':all': LEDGER }),
            ...(start && { ExclusiveStartKey: start }),
          }),
        );
        found.push(...items.map((item) => recordOf(item) as UnsettledOperation));
        start = last;
        if (!start) break;
      }
      return found;
    } catch (error) {
      throw unavailable(error);
    }
  }

  list(namespace: string, workflowId: string, page: { size: number; token?: string }): Promise<OperationPage> {
    return this.query(ledgerTable.byWorkflow, workflowKey(namespace, workflowId), page, { ScanIndexForward: false });
  }

  listItems(
    batchOperationId: string,
    { states, ...page }: { size: number; token?: string; states?: readonly OperationState[] },
  ): Promise<OperationPage> {
    const filter = states && {
      FilterExpression: `#state IN (${states.map((state) => `:${state}`).join(', ')})`,
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: marshalled(Object.fromEntries(states.map((state) => [`:${state}`, state]))),
    };
    return this.query(ledgerTable.byBatch, batchOperationId, page, filter);
  }

  async updateBatch(operationId: string, batch: BatchRecord): Promise<void> {
    try {
      await this.client.send(
        new UpdateItemCommand({
          TableName: this.tableName,
          Key: marshalled({ [ledgerTable.partitionKey]: operationId }),
          UpdateExpression: 'SET #batch = :batch',
          ConditionExpression: 'attribute_exists(#id)',
          ExpressionAttributeNames: { '#batch': 'batch', '#id': ledgerTable.partitionKey },
          ExpressionAttributeValues: marshalled({ ':batch': asStored({ batch })['batch'] }),
        }),
      );
    } catch (error) {
      throw unavailable(error);
    }
  }

  private instrument(telemetry: Telemetry): void {
    this.client.middlewareStack.add(
      (next, { commandName = '' }) =>
        async (args) => {
          const ended = telemetry.startCall('ledger', commandName.replace(/Command$/, ''));
          try {
            const result = await next(args);
            ended();
            return result;
          } catch (error) {
            // A condition that does not hold is an answer.
            ended(error instanceof ConditionalCheckFailedException ? undefined : (error as Error).name);
            throw error;
          }
        },
      { name: 'tellCalls', override: true },
    );
  }

  /**
   * Every answer says in its `Date` what time it is there: a time between asking and hearing, to the second. Whatever
   * this machine's clock is off by beyond that is its own fault.
   */
  private trackServerClock(now: () => number): void {
    this.client.middlewareStack.add(
      (next) => async (args) => {
        const asked = now();
        const result = await next(args);
        const { headers } = result.response as { headers?: Record<string, string | undefined> };
        const said = Date.parse(headers?.['date'] ?? '');
        if (!Number.isNaN(said)) this.clockOffsetMs = Math.max(0, said - now()) + Math.min(0, said + 1000 - asked);
        return result;
      },
      // Beneath what makes errors of answers: they have a date, too.
      { step: 'deserialize', priority: 'low', name: 'readClock', override: true },
    );
  }

  private async query(
    index: Index,
    key: string,
    { size, token }: { size: number; token?: string },
    more: Partial<QueryCommandInput> = {},
  ): Promise<OperationPage> {
    try {
      const { Items: items = [], LastEvaluatedKey: last } = await this.client.send(
        new QueryCommand({
          ...more,
          TableName: this.tableName,
          IndexName: index.name,
          KeyConditionExpression: '#key = :key',
          ExpressionAttributeNames: { ...more.ExpressionAttributeNames, '#key': index.partitionKey },
          ExpressionAttributeValues: { ...more.ExpressionAttributeValues, ...marshalled({ ':key': key }) },
          Limit: size,
          ...(token !== undefined && { ExclusiveStartKey: readToken(token, index, key) }),
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
   * @returns whether they are set now
   */
  private async setFields(record: OperationRecord, changes: Record<string, unknown>): Promise<boolean> {
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
          TableName: this.tableName,
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
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return true;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw unavailable(error);
      // The SDK repeats a write whose answer was lost. An owner is new with each attempt: whoever set it, it was this one.
      return changes['owner'] !== undefined && error.Item?.['owner']?.S === changes['owner'];
    }
  }
}

/** The ledger of the stack that this process belongs to, by its environment. */
export function deployedLedger(telemetry?: Telemetry): DynamoDbLedger {
  return new DynamoDbLedger({
    tableName: requiredVariable(EnvironmentVariable.ledgerTable),
    retentionDays: requiredNumber(EnvironmentVariable.ledgerRetentionDays),
    ...(telemetry && { telemetry }),
  });
}

/** Whoever holds a lease is looked after when it ends. */
function leased(leaseUntil: number): Pick<OperationRecord, 'leaseUntil'> & { nextCheckAt: string } {
  return { leaseUntil, nextCheckAt: new Date(leaseUntil).toISOString() };
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
  const { nextCheckAt, ...others } = fields;
  const due = 'nextCheckAt' in fields ? { [ledgerTable.due.sortKey]: nextCheckAt } : {};
  return { ...others, ...due, ...Object.fromEntries(texts) };
}

/** The record in an item of the table or of its stream. */
export function recordOf(item: Item): OperationRecord {
  const record = unmarshall(item);
  for (const name of tableOnly) delete record[name];
  rename(record, ledgerTable.due.sortKey, 'nextCheckAt');
  for (const name of storedAsJson) if (name in record) record[name] = JSON.parse(record[name] as string);
  return record as OperationRecord;
}

function rename(fields: Record<string, unknown>, from: string, to: string): void {
  if (!(from in fields)) return;
  fields[to] = fields[from];
  delete fields[from];
}

function writeToken(key: Item): string {
  return Buffer.from(JSON.stringify(unmarshall(key))).toString('base64url');
}

/** A token belongs to one list: with another's key DynamoDB would go on somewhere else. */
function readToken(token: string, index: Index, key: string): Item {
  try {
    const start = JSON.parse(Buffer.from(token, 'base64url').toString()) as Record<string, unknown>;
    // Exactly the keys of table and index, or DynamoDB refuses the query.
    const names: string[] = [ledgerTable.partitionKey, index.partitionKey, index.sortKey];
    const fits =
      Object.keys(start).length === names.length &&
      names.every((name) => typeof start[name] === 'string' && start[name]);
    if (fits && start[index.partitionKey] === key) return marshalled(start);
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
    'The operation ledger does not answer, and nothing is done without it. Nothing was done this time; try again.',
    { retryAfterSeconds: 2, operatorDetail: `DynamoDB failed: ${name}` },
    { cause: error },
  );
}
