import type { ListRejectedEventsRequest, RejectedEventResource, RejectedEventsPage } from '../../api/rejected-events';
import type { RejectedEventRecord, RejectedEvents, RejectedEventWithDetail } from './rejected-events';

/** Lists rejected events of a namespace, without the events themselves, the latest rejected first. */
export async function listRejectedEvents(
  rejectedEvents: RejectedEvents,
  namespace: string,
  { pageSize: size, pageToken: token, state: group, ...search }: ListRejectedEventsRequest,
): Promise<RejectedEventsPage> {
  const page = await rejectedEvents.list(namespace, { ...search, group }, { size, token });
  return { namespace, rejectedEvents: page.rejectedEvents.map(toResource), nextPageToken: page.nextPageToken };
}

/** Converts a record to the API's resource, without the event itself and internal fields of the last redrive. */
export function toResource(record: RejectedEventRecord | RejectedEventWithDetail): RejectedEventResource {
  const { event: _, lastRedrive, ...shown } = { event: undefined, ...record };
  if (!lastRedrive) return shown;
  const { actor, reason, requestedAt } = lastRedrive;
  return { ...shown, lastRedrive: { actor, reason, requestedAt } };
}
