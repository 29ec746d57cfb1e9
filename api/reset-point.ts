import * as z from 'zod/mini';
import { described, named, optionalText, optionalTime, text } from './schema';
import type { Output } from './schema';

/** A point in a run's history that the server accepts as `target.eventId` of a reset. */
export const resetPoint = named('ResetPoint', () =>
  z.object({
    eventId: described(z.int(), 'The `target.eventId` of a reset to this point.'),
    time: optionalTime(),
    label: text('What the new run executes again first, or what happened just before this point.'),
    buildId: optionalText(
      'Build id of the worker that completed the workflow task, from its deployment version if it has one.',
    ),
    deploymentName: optionalText('Worker deployment of that worker, if it has one.'),
    resettable: described(
      z.boolean(),
      'False if the server rejects the target `{"buildId": …}` for this point, because child workflows, or signals or cancellations ' +
        'sent to other workflows, were pending, or because the point has expired. `eventId` works in either case.',
    ),
  }),
);
export type ResetPoint = Output<typeof resetPoint>;

export const resetPointsExample: ResetPoint[] = [
  {
    eventId: 10,
    time: '2026-01-31T12:00:02.000Z',
    label: 'before chargeCard (activity, attempt 3 pending)',
    resettable: true,
  },
  {
    eventId: 4,
    time: '2026-01-31T12:00:00.300Z',
    label: 'first workflow task, before reserveStock (activity)',
    resettable: true,
  },
];
