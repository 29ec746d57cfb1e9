import type { components, operations } from '../../../client/openapi';
import { routes } from '../../requests/contract';
import { choice, defineCommand, text, value } from '../../command-line/declaration';
import { ago, instant } from '../../output/durations';
import { printList } from '../../output/lists';
import { limit } from '../../command-line/options';
import type { Column } from '../../output/table';

export type RejectedEvent = components['schemas']['RejectedEvent'];
type Query = NonNullable<operations['listRejectedEvents']['parameters']['query']>;

const { fields, choices } = routes.listRejectedEvents;

export const trigger = text('--trigger <name>', fields.trigger);

/** Why an event was rejected, and whether it failed again after a redrive. */
export function reasonOf({ reason, state, redrives, lastRedrive }: RejectedEvent): string {
  if (redrives === 0 || state !== 'rejected') return reason;
  return `failed again after ${lastRedrive?.actor.id ?? 'a redrive'}: ${reason}`;
}

const columns: Column<RejectedEvent>[] = [
  { title: 'WHEN', value: ({ rejectedAt }) => ago(rejectedAt), drop: 2 },
  { title: 'TRIGGER', value: (event) => event.trigger },
  {
    title: 'STATE',
    value: ({ state }) => state,
    style: ({ state }) => (state === 'rejected' ? 'red' : undefined),
    drop: 1,
  },
  { title: 'REASON', value: reasonOf, cut: 24 },
  { title: 'SOURCE', value: ({ source }) => source, drop: 4 },
  { title: 'EVENT', value: ({ eventId }) => eventId, drop: 3 },
  { title: 'ID', value: ({ rejectedEventId }) => rejectedEventId },
];

export const eventsLs = defineCommand({
  name: 'events ls',
  summary: routes.listRejectedEvents.summary,
  description:
    'Events without a configured namespace, for example of a removed trigger, are listed with "-n _unknown".',
  options: {
    trigger,
    kind: value('--kind <kind>', fields.kind, (given) => given as NonNullable<Query['kind']>),
    state: choice('--state <state>', fields.state, choices.state),
    since: value('--since <when>', 'rejected from this time, or this long ago: 24h, 7d', instant),
    until: value('--until <when>', 'rejected up to this time, or this long ago', instant),
    limit,
  },
  examples: [
    { line: 'rewind events ls', does: 'lists rejected events' },
    {
      line: 'rewind events ls --trigger order-withdrawn --since 24h',
      does: 'lists those of a trigger since yesterday',
    },
  ],
  route: 'listRejectedEvents',
  async run(session, { trigger: name, kind, state, since, until, limit: most }) {
    await printList(session, {
      route: 'listRejectedEvents',
      request: { query: { trigger: name, kind, state, since, until } },
      items: 'rejectedEvents',
      columns,
      limit: most,
      empty: 'No rejected event matches.',
    });
  },
});
