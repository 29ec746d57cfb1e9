import { isDeepStrictEqual } from 'node:util';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { redriveOf, rejectedEventId, rejectedEventsPage } from '../operations/rejected-events/rejected-events';
import type {
  Redrive,
  RejectedEventGroup,
  RejectedEventRecord,
  RejectedEvents,
  RejectedEventSearch,
  RejectedEventsPage,
  RejectedEventWithDetail,
  Rejection,
} from '../operations/rejected-events/rejected-events';
import type { PageRequest } from '../operations/page-token';
import type { QueuedEvent, TriggeringEvent } from '../operations/trigger';
import { ledgerTable, marshalled, sharded, shardKey, shardOf } from './ledger-table';
import type { Item } from './ledger-table';
import type { DynamoDbLedger } from './dynamodb-ledger';

const { byTime, byWorkflow } = ledgerTable.indexes;

/** Number of partition keys over which the rejected events of a namespace or trigger are spread; see ledger-table.ts. */
const SHARDS = 4;

/** The attributes that lists read: all but the event, which can have 256 KB. */
const ownNames =
  'namespace trigger kind reason eventId source detailType arrivedAt firstRejectedAt state redrives lastRedrive handledAt outcome';
const names: string[] = [ledgerTable.partitionKey, byTime.sortKey, ...ownNames.split(' ')];
const withoutEvent = {
  ProjectionExpression: names.map((name) => `#${name}`).join(', '),
  ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
};

/**
 * Stores rejected events as items of the ledger's table. Two of its indexes contain them, under keys that no operation has:
 * by time, and by trigger and time. The keys include the record's group, so that listing the `rejected` events does not read
 * the handled ones.
 */
export class DynamoDbRejectedEvents implements RejectedEvents {
  constructor(
    private readonly ledger: DynamoDbLedger,
    /** How long a record is kept after the last rejection, in days. Required for {@link reject}. */
    private readonly retentionDays = 0,
  ) {}

  async reject({ queued, namespace, kind, reason, rejectedAt }: Rejection): Promise<void> {
    const { trigger, event, arrivedAt } = queued;
    const id = rejectedEventId(queued);
    const record = { rejectedEventId: id, namespace, trigger };
    const fields = {
      namespace,
      trigger,
      kind,
      reason,
      eventId: event.id,
      source: event.source,
      detailType: event['detail-type'],
      event: JSON.stringify(event),
      [byTime.sortKey]: rejectedAt,
      state: 'rejected',
      redrives: redriveOf(queued),
      ...groupKeys(record, 'rejected'),
      [ledgerTable.timeToLive]: Math.floor(Date.parse(rejectedAt) / 1000) + this.retentionDays * 86_400,
    };
    await this.update(id, fields, {
      condition: `attribute_not_exists(${ledgerTable.partitionKey}) OR (${UNDERWAY})`,
      values: { ':redrive': redriveOf(queued) },
      onlyFirst: { firstRejectedAt: rejectedAt, ...(arrivedAt !== undefined && { arrivedAt }) },
    });
  }

  async handled(queued: QueuedEvent, outcome: string): Promise<void> {
    const id = rejectedEventId(queued);
    const record = await this.find(id);
    if (!record) return;
    const fields = { state: 'handled', handledAt: new Date().toISOString(), outcome, ...groupKeys(record, 'handled') };
    await this.update(id, fields, { condition: UNDERWAY, values: { ':redrive': redriveOf(queued) } });
  }

  async find(id: string): Promise<RejectedEventWithDetail | undefined> {
    const item = await this.ledger.getItem(id);
    return item?.['event'] && withEvent(item);
  }

  list(namespace: string, search: RejectedEventSearch, page: PageRequest): Promise<RejectedEventsPage> {
    const { group, trigger } = search;
    const index = trigger === undefined ? byTime : byWorkflow;
    const keys = sharded(
      trigger === undefined ? timeKey(namespace, group) : triggerKey(namespace, group, trigger),
      SHARDS,
    );
    return rejectedEventsPage(namespace, search, page, (range) =>
      this.ledger.records(this.ledger.entries(index, keys, range, {}), recordIn, withoutEvent),
    );
  }

  async beginRedrive(
    { rejectedEventId: id, redrives }: RejectedEventRecord,
    redrive: Redrive,
  ): Promise<RejectedEventWithDetail | undefined> {
    const item = await this.update(
      id,
      { state: 'redriving', redrives: redrives + 1, lastRedrive: redrive },
      {
        condition: '#state = :rejected AND redrives = :redrive',
        values: { ':rejected': 'rejected', ':redrive': redrives },
      },
    );
    if (item) return withEvent(item);
    // The SDK retries an update whose response was lost: then this call has already started the redrive.
    const stored = await this.find(id);
    return isDeepStrictEqual(stored?.lastRedrive, redrive) ? stored : undefined;
  }

  async completeRedrive(record: RejectedEventRecord): Promise<void> {
    await this.update(
      record.rejectedEventId,
      { state: 'redriven', ...groupKeys(record, 'redriven') },
      {
        condition: '#state = :redriving AND redrives = :redrive',
        values: { ':redriving': 'redriving', ':redrive': record.redrives },
      },
    );
  }

  /** @returns the updated item; `undefined` if the condition is not met */
  private async update(
    id: string,
    fields: Record<string, unknown>,
    {
      condition,
      values,
      onlyFirst = {},
    }: { condition: string; values: Record<string, unknown>; onlyFirst?: Record<string, string> },
  ): Promise<Item | undefined> {
    const set = Object.keys(fields).map((name) => `#${name} = :${name}`);
    const setFirst = Object.keys(onlyFirst).map((name) => `#${name} = if_not_exists(#${name}, :${name})`);
    const all: Record<string, unknown> = { ...fields, ...onlyFirst };
    return this.ledger.updateIf(id, {
      UpdateExpression: `SET ${[...set, ...setFirst].join(', ')}`,
      ConditionExpression: condition,
      ExpressionAttributeNames: Object.fromEntries(Object.keys(all).map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: marshalled({
        ...values,
        ...(condition.includes(UNDERWAY) && { ':isRedriving': 'redriving', ':isRedriven': 'redriven' }),
        ...Object.fromEntries(Object.entries(all).map(([name, value]) => [`:${name}`, value])),
      }),
      ReturnValues: 'ALL_NEW',
    });
  }
}

/** Condition: redrive number `:redrive` is in progress. */
const UNDERWAY = 'redrives = :redrive AND #state IN (:isRedriving, :isRedriven)';

/** Not a valid start of a namespace's name, so no operation has such keys. */
const KEY_PREFIX = '#rejected-events';
const timeKey = (namespace: string, group: RejectedEventGroup) => [KEY_PREFIX, group, namespace].join('/');
const triggerKey = (namespace: string, group: RejectedEventGroup, trigger: string) =>
  [timeKey(namespace, group), trigger].join('/');

/** Returns the index keys of a record in a group. */
function groupKeys(
  { rejectedEventId: id, namespace, trigger }: Pick<RejectedEventRecord, 'rejectedEventId' | 'namespace' | 'trigger'>,
  group: RejectedEventGroup,
): Record<string, string> {
  const shard = shardOf(id, SHARDS);
  return {
    [byTime.partitionKey]: shardKey(timeKey(namespace, group), shard),
    [byWorkflow.partitionKey]: shardKey(triggerKey(namespace, group, trigger), shard),
  };
}

function recordIn(item: Item): RejectedEventRecord {
  const {
    [ledgerTable.partitionKey]: id,
    [byTime.sortKey]: rejectedAt,
    [byTime.partitionKey]: _1,
    [byWorkflow.partitionKey]: _2,
    [ledgerTable.timeToLive]: _3,
    event: _4,
    ...fields
  } = unmarshall(item);
  return { ...fields, rejectedEventId: id, rejectedAt } as RejectedEventRecord;
}

function withEvent(item: Item): RejectedEventWithDetail {
  return { ...recordIn(item), event: JSON.parse(item['event']?.S ?? '{}') as TriggeringEvent };
}
