import { createHash, randomUUID } from 'node:crypto';
import { MAX_REDRIVEN } from '../../api/rejected-events';
import type { RedrivePreview, RedriveRequest, RedriveResult } from '../../api/rejected-events';
import type { Ledger, OperationRecord } from '../ledger/ledger';
import { fingerprint, internalKey, keyedOperationId, keyReused } from '../ledger/operation-id';
import { uncertainWrite } from '../ledger/uncertain-write';
import { mapWithConcurrency } from '../map-with-concurrency';
import type { QueuedEvent } from '../trigger';
import { toResource } from './list';
import type { Redrive, RejectedEventRecord, RejectedEvents, RejectedEventWithDetail } from './rejected-events';

export interface RedriveDependencies {
  rejectedEvents: RejectedEvents;
  ledger: Pick<Ledger, 'createIfAbsent'>;
  /**
   * Sends an event to the queue.
   * @throws {OperationFailure} `queue-unavailable`
   */
  send: (queued: QueuedEvent) => Promise<void>;
}

/** The caller of a redrive. */
export interface RedriveCaller extends Pick<Redrive, 'actor' | 'requestId'> {
  idempotencyKey?: string;
  /** Time by which the caller needs an answer, in milliseconds since the epoch. */
  deadline: number;
}

/** Time to reserve before the deadline for events in flight, in milliseconds. */
const TIME_TO_FINISH_MS = 3_000;

/** Maximum events in a preview. An event can have 256 KB, and a function's response 6 MB. */
const MAX_PREVIEWED = 10;

const PAGE_SIZE = 100;

/** Workflow ID under which the ledger lists redrives. */
export const REDRIVE_LEDGER_ID = 'rewind-rejected-events';

/**
 * Sends rejected events to the queue again, once per rejection. Each message has the number of its redrive, which is part of
 * the operation's idempotency key, so that a duplicate message has no effect. An interrupted request can therefore be repeated.
 * @throws {OperationFailure} `queue-unavailable`, or `temporal-timeout` for the ledger: some events may have been redriven;
 *   `ledger-unavailable`, `idempotency-key-reused`: none was
 */
export async function redrive(
  dependencies: RedriveDependencies,
  namespace: string,
  request: RedriveRequest,
  caller: RedriveCaller,
): Promise<RedriveResult> {
  let hasBegun = false;
  const begin: BeginRedrive = (record, requested) => {
    hasBegun = true;
    return redriveOne(dependencies, record, requested);
  };
  const { idempotencyKey } = caller;
  if (idempotencyKey !== undefined)
    await recordRequest(dependencies, namespace, request, { ...caller, idempotencyKey });
  try {
    return await redriveSelected(dependencies, namespace, request, caller, begin);
  } catch (error) {
    throw hasBegun ? uncertainWrite(error, 'Some events may have been redriven') : error;
  }
}

/**
 * Records a request with an idempotency key under the key's operation ID, so that no other request can have the key. The record
 * has no result, because a request covers at most a part of the events, and is repeated for the others.
 * @throws {OperationFailure} `idempotency-key-reused`
 */
async function recordRequest(
  { ledger }: RedriveDependencies,
  namespace: string,
  request: RedriveRequest,
  { actor, requestId, idempotencyKey }: RedriveCaller & { idempotencyKey: string },
): Promise<void> {
  const { dryRun: _, ...same } = request;
  const { reason, trigger, rejectedEventIds } = request;
  const record = redriveRecord(namespace, keyedOperationId(namespace, idempotencyKey), {
    actor,
    reason,
    requestId,
    request: { reason, trigger, events: rejectedEventIds?.length },
    fingerprint: fingerprint('redrive', same),
    requestedAt: new Date().toISOString(),
    outcome: 'requested',
  });
  const existing = await ledger.createIfAbsent(record);
  if (!existing || existing.fingerprint === record.fingerprint) return;
  throw keyReused(`operation ${existing.operationId}, ${existing.verb}`);
}

type BeginRedrive = (record: RejectedEventRecord, requested: Redrive) => Promise<boolean>;

async function redriveSelected(
  dependencies: RedriveDependencies,
  namespace: string,
  { reason, trigger, rejectedEventIds }: RedriveRequest,
  { actor, requestId, idempotencyKey, deadline }: RedriveCaller,
  begin: BeginRedrive,
): Promise<RedriveResult> {
  const requestKey = idempotencyKey && createHash('sha256').update(idempotencyKey).digest('base64url');
  const requestedAt = new Date().toISOString();
  const requested: Redrive = {
    actor,
    reason,
    requestedAt,
    ...(requestId && { requestId }),
    ...(requestKey && { requestKey }),
  };
  const result: RedriveResult = { outcome: 'redriven', namespace, redriven: 0, more: false, skipped: [] };
  const send = (records: RejectedEventRecord[]) => mapWithConcurrency(records, (record) => begin(record, requested));

  // A repeated request does not redrive events that the first request redrove and that were rejected again since.
  const isLeft = (record: RejectedEventRecord) =>
    isWaiting(record) && (record.state === 'redriving' || !requestKey || record.lastRedrive?.requestKey !== requestKey);

  if (rejectedEventIds) {
    const found = await findByIds(dependencies, namespace, rejectedEventIds);
    const isRedriven = await send(found.filter(isLeft));
    result.redriven = isRedriven.filter(Boolean).length;
    result.skipped = found.filter((record) => !isLeft(record)).map(skipped);
    const known = new Set(found.map((record) => record.rejectedEventId));
    const unknown = rejectedEventIds.filter((id) => !known.has(id));
    result.skipped.push(...unknown.map((id) => ({ rejectedEventId: id, state: 'unknown' as const })));
    return result;
  }
  for await (const page of waiting(dependencies, namespace, trigger)) {
    const left = page.filter(isLeft);
    const taken = left.slice(0, MAX_REDRIVEN - result.redriven);
    const isOver = Date.now() > deadline - TIME_TO_FINISH_MS;
    result.more = left.length > 0 && (isOver || taken.length < left.length);
    if (isOver) break;
    result.redriven += (await send(taken)).filter(Boolean).length;
    if (result.more) break;
  }
  return result;
}

/** Returns what {@link redrive} would do, with a sample of the events. Changes nothing. */
export async function previewRedrive(
  { rejectedEvents }: Pick<RedriveDependencies, 'rejectedEvents'>,
  namespace: string,
  { trigger, rejectedEventIds }: RedriveRequest,
): Promise<RedrivePreview> {
  const preview: RedrivePreview = { outcome: 'preview', namespace, matched: 0, more: false, sample: [] };
  const add = async (records: RejectedEventRecord[]) => {
    preview.matched += records.length;
    const shown = records.slice(0, MAX_PREVIEWED - preview.sample.length);
    const events = await mapWithConcurrency(shown, ({ rejectedEventId }) => rejectedEvents.find(rejectedEventId));
    preview.sample.push(
      ...events.flatMap((found) => (found ? [{ ...toResource(found), event: { ...found.event } }] : [])),
    );
  };
  if (rejectedEventIds) {
    await add((await findByIds({ rejectedEvents }, namespace, rejectedEventIds)).filter(isWaiting));
    return preview;
  }
  for await (const page of waiting({ rejectedEvents }, namespace, trigger)) {
    preview.more = preview.matched + page.length > MAX_REDRIVEN;
    await add(page.slice(0, MAX_REDRIVEN - preview.matched));
    if (preview.more) break;
  }
  return preview;
}

/** @returns whether the event is in the queue; false when another request redrives it */
async function redriveOne(
  { rejectedEvents, ledger, send }: RedriveDependencies,
  record: RejectedEventRecord,
  requested: Redrive,
): Promise<boolean> {
  const redriving =
    record.state === 'redriving'
      ? await rejectedEvents.find(record.rejectedEventId)
      : await rejectedEvents.beginRedrive(record, requested);
  if (redriving?.state !== 'redriving') return false;
  const { namespace, trigger, event, redrives, arrivedAt = redriving.firstRejectedAt } = redriving;
  await send({ trigger, event, arrivedAt, redrive: redrives, redrivenIn: namespace });
  await ledger.createIfAbsent(operationOf(redriving));
  await rejectedEvents.completeRedrive(redriving);
  return true;
}

/** Returns the ledger's record of a redrive. Its ID is derived from the redrive, so that there is only one per redrive. */
function operationOf(record: RejectedEventWithDetail): OperationRecord {
  const { rejectedEventId, namespace, trigger, eventId, source, redrives, lastRedrive } = record;
  if (!lastRedrive) throw new Error(`${rejectedEventId} has no redrive`);
  const { actor, reason, requestedAt, requestId } = lastRedrive;
  const request = { rejectedEventId, trigger, source, eventId, redrive: redrives, reason };
  return redriveRecord(namespace, keyedOperationId(namespace, internalKey('redrive', rejectedEventId, redrives)), {
    actor,
    reason,
    requestId,
    request,
    fingerprint: fingerprint('redrive', request),
    requestedAt,
    outcome: 'redriven',
  });
}

function redriveRecord(
  namespace: string,
  operationId: string,
  fields: Pick<
    OperationRecord,
    'actor' | 'reason' | 'requestId' | 'request' | 'fingerprint' | 'requestedAt' | 'outcome'
  >,
): OperationRecord {
  return {
    ...fields,
    operationId,
    namespace,
    workflowId: REDRIVE_LEDGER_ID,
    verb: 'redrive',
    state: 'completed',
    completedAt: new Date().toISOString(),
    attempt: 1,
    owner: randomUUID(),
    leaseUntil: 0,
    version: 1,
  };
}

async function findByIds(
  { rejectedEvents }: Pick<RedriveDependencies, 'rejectedEvents'>,
  namespace: string,
  ids: string[],
): Promise<RejectedEventRecord[]> {
  const found = await mapWithConcurrency([...new Set(ids)], (id) => rejectedEvents.find(id));
  return found.flatMap((record) => (record?.namespace === namespace ? [record] : []));
}

/** Yields pages of rejected events, the latest rejected first. */
async function* waiting(
  { rejectedEvents }: Pick<RedriveDependencies, 'rejectedEvents'>,
  namespace: string,
  trigger: string | undefined,
): AsyncGenerator<RejectedEventRecord[], void, void> {
  let token: string | undefined;
  do {
    const page = await rejectedEvents.list(namespace, { group: 'rejected', trigger }, { size: PAGE_SIZE, token });
    yield page.rejectedEvents;
    token = page.nextPageToken;
  } while (token !== undefined);
}

const isWaiting = ({ state }: RejectedEventRecord) => state === 'rejected' || state === 'redriving';

const skipped = ({ rejectedEventId, state }: RejectedEventRecord): RedriveResult['skipped'][number] => ({
  rejectedEventId,
  state: state === 'handled' ? state : 'redriven',
});
