import * as z from 'zod/mini';
import { described, named, optionalText, optionalTime, text } from './schema';
import type { Output } from './schema';

/** A place in a run's history that the server accepts as `target.eventId` of a reset. */
export const resetPoint = named('ResetPoint', () =>
  z.object({
    eventId: described(z.int(), 'What `target.eventId` of a reset takes.'),
    time: optionalTime(),
    label: text('What runs again from here, or what had just happened.'),
    buildId: optionalText(
      'Build id of the worker that completed the task; of its worker deployment version where it has one.',
    ),
    resettable: described(
      z.boolean(),
      'false: the server refuses `{"buildId": …}` as a target here, because children, cancellations or signals to others ' +
        'were pending or the point has expired. Its event id is accepted all the same.',
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
