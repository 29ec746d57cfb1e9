import type { ListRejectedEventsRequest, RejectedEventResource, RejectedEventsPage } from '../../api/rejected-events';
import type { RejectedEventRecord, RejectedEvents, RejectedEventWithDetail } from './rejected-events';

/** Rejected events of a namespace without their details, the latest rejected first. */
export async function listRejectedEvents(
  rejectedEvents: RejectedEvents,
  namespace: string,
  { pageSize: size, pageToken: token, state: group, ...search }: ListRejectedEventsRequest,
): Promise<RejectedEventsPage> {
  const page = await rejectedEvents.list(
    namespace,
    { ...search, group },
    { size, ...(token !== undefined && { token }) },
  );
  return { namespace, rejectedEvents: page.rejectedEvents.map(toResource), nextPageToken: page.nextPageToken };
}

/** What every reader may see of a rejected event. */
export function toResource(record: RejectedEventRecord | RejectedEventWithDetail): RejectedEventResource {
  const { event: _, lastRedrive, ...shown } = { event: undefined, ...record };
  if (!lastRedrive) return shown;
  const { actor, reason, requestedAt } = lastRedrive;
  return { ...shown, lastRedrive: { actor, reason, requestedAt } };
}
