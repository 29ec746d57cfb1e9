import { createHash } from 'node:crypto';
import { MAX_REDRIVEN } from '../../api/rejected-events';
import type { RedrivePreview, RedriveRequest, RedriveResult } from '../../api/rejected-events';
import type { Ledger, OperationRecord } from '../ledger/ledger';
import { fingerprint, internalKey, keyedOperationId } from '../ledger/operation-id';
import { mapWithConcurrency } from '../map-with-concurrency';
import type { QueuedEvent } from '../trigger';
import { toResource } from './list';
import type { Redrive, RejectedEventRecord, RejectedEvents, RejectedEventWithDetail } from './rejected-events';

export interface RedriveDependencies {
  rejectedEvents: RejectedEvents;
  ledger: Pick<Ledger, 'createIfAbsent'>;
  /**
   * Puts an event into the queue.
   * @throws {OperationFailure} `queue-unavailable`
   */
  send: (queued: QueuedEvent) => Promise<void>;
}

/** Who asks for a redrive, and how. */
export interface RedriveCaller extends Pick<Redrive, 'actor' | 'requestId'> {
  idempotencyKey?: string;
  /** When the caller needs an answer, in milliseconds since the epoch. */
  deadline: number;
}

/** Kept for the events that are being sent when the time is over, in milliseconds. */
const TIME_TO_FINISH_MS = 3_000;

/** Events that a preview shows: each may have 256 KB, and a function's response 6 MB. */
const PREVIEWED = 10;

const PAGE_SIZE = 100;

/** The workflow id that the ledger lists redrives under. */
export const REDRIVE_LEDGER_ID = 'rewind-rejected-events';

/**
 * Sends rejected events to the queue again, each once for each time it was rejected. A message has the number of its redrive,
 * which is part of its operation's key: a message that is sent twice does nothing twice. So a request that dies is repeated.
 * @throws {OperationFailure} `queue-unavailable`, `ledger-unavailable`: some events may have been redriven
 */
export async function redrive(
  dependencies: RedriveDependencies,
  namespace: string,
  { reason, trigger, rejectedEventIds }: RedriveRequest,
  { actor, requestId, idempotencyKey, deadline }: RedriveCaller,
): Promise<RedriveResult> {
  const requestKey = idempotencyKey && createHash('sha256').update(idempotencyKey).digest('base64url');
  const requestedAt = new Date().toISOString();
  const asked: Redrive = {
    actor,
    reason,
    requestedAt,
    ...(requestId && { requestId }),
    ...(requestKey && { requestKey }),
  };
  const result: RedriveResult = { outcome: 'redriven', namespace, redriven: 0, more: false, skipped: [] };
  const send = (records: RejectedEventRecord[]) =>
    mapWithConcurrency(records, (record) => redriveOne(dependencies, record, asked));

  // A repetition does not redrive what the first request has redriven and what has failed again since.
  const isLeft = ({ state, lastRedrive }: RejectedEventRecord) =>
    state === 'redriving' || (state === 'rejected' && (!requestKey || lastRedrive?.requestKey !== requestKey));

  if (rejectedEventIds) {
    const found = await chosen(dependencies, namespace, rejectedEventIds);
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

/** What {@link redrive} would do, with the events themselves. Changes nothing. */
export async function previewRedrive(
  { rejectedEvents }: Pick<RedriveDependencies, 'rejectedEvents'>,
  namespace: string,
  { trigger, rejectedEventIds }: RedriveRequest,
): Promise<RedrivePreview> {
  const preview: RedrivePreview = { outcome: 'preview', namespace, matched: 0, more: false, sample: [] };
  const add = async (records: RejectedEventRecord[]) => {
    preview.matched += records.length;
    const shown = records.slice(0, PREVIEWED - preview.sample.length);
    const events = await mapWithConcurrency(shown, ({ rejectedEventId }) => rejectedEvents.find(rejectedEventId));
    preview.sample.push(
      ...events.flatMap((found) => (found ? [{ ...toResource(found), event: { ...found.event } }] : [])),
    );
  };
  if (rejectedEventIds) {
    await add((await chosen({ rejectedEvents }, namespace, rejectedEventIds)).filter(isWaiting));
    return preview;
  }
  for await (const page of waiting({ rejectedEvents }, namespace, trigger)) {
    preview.more = preview.matched + page.length > MAX_REDRIVEN;
    await add(page.slice(0, MAX_REDRIVEN - preview.matched));
    if (preview.more) break;
  }
  return preview;
}

/** @returns whether it is in the queue; not when another request came first, which then redrives it */
async function redriveOne(
  { rejectedEvents, ledger, send }: RedriveDependencies,
  record: RejectedEventRecord,
  asked: Redrive,
): Promise<boolean> {
  const begun =
    record.state === 'redriving'
      ? await rejectedEvents.find(record.rejectedEventId)
      : await rejectedEvents.beginRedrive(record, asked);
  if (begun?.state !== 'redriving') return false;
  const { trigger, event, redrives, arrivedAt = begun.firstRejectedAt } = begun;
  await send({ trigger, event, arrivedAt, redrive: redrives });
  await ledger.createIfAbsent(operationOf(begun));
  await rejectedEvents.completeRedrive(begun);
  return true;
}

/** The ledger's record of a redrive: one for each, however many requests complete it. */
function operationOf(record: RejectedEventWithDetail): OperationRecord {
  const { rejectedEventId, namespace, trigger, eventId, source, redrives, lastRedrive } = record;
  if (!lastRedrive) throw new Error(`${rejectedEventId} is being redriven by no one`);
  const { actor, reason, requestedAt, requestId } = lastRedrive;
  const request = { rejectedEventId, trigger, source, eventId, redrive: redrives, reason };
  const operationId = keyedOperationId(namespace, internalKey('redrive', rejectedEventId, redrives));
  return {
    operationId,
    namespace,
    workflowId: REDRIVE_LEDGER_ID,
    verb: 'redrive',
    actor,
    reason,
    ...(requestId && { requestId }),
    request,
    fingerprint: fingerprint('redrive', request),
    state: 'completed',
    requestedAt,
    completedAt: new Date().toISOString(),
    outcome: 'redriven',
    attempt: 1,
    owner: operationId,
    leaseUntil: 0,
    version: 1,
  };
}

async function chosen(
  { rejectedEvents }: Pick<RedriveDependencies, 'rejectedEvents'>,
  namespace: string,
  ids: string[],
): Promise<RejectedEventRecord[]> {
  const found = await mapWithConcurrency([...new Set(ids)], (id) => rejectedEvents.find(id));
  return found.flatMap((record) => (record?.namespace === namespace ? [record] : []));
}

/** Rejected events page by page, the latest first. */
async function* waiting(
  { rejectedEvents }: Pick<RedriveDependencies, 'rejectedEvents'>,
  namespace: string,
  trigger: string | undefined,
): AsyncGenerator<RejectedEventRecord[], void, void> {
  const search = { group: 'rejected' as const, ...(trigger !== undefined && { trigger }) };
  let token: string | undefined;
  do {
    const page = await rejectedEvents.list(namespace, search, {
      size: PAGE_SIZE,
      ...(token !== undefined && { token }),
    });
    yield page.rejectedEvents;
    token = page.nextPageToken;
  } while (token !== undefined);
}

const isWaiting = ({ state }: RejectedEventRecord) => state === 'rejected' || state === 'redriving';

const skipped = ({ rejectedEventId, state }: RejectedEventRecord): RedriveResult['skipped'][number] => ({
  rejectedEventId,
  state: state === 'handled' ? state : 'redriven',
});
