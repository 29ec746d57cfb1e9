import type { components } from '../../client/openapi';
import { routes } from '../requests/contract';
import { defineCommand } from '../command-line/declaration';
import { ago } from '../output/durations';
import { nameOfActor } from '../output/actor';
import { printList } from '../output/lists';
import { limit, whichRun } from '../command-line/options';
import { targetOf } from '../workflows/workflow-ids';
import type { Column } from '../output/table';

type HistoryEntry = components['schemas']['HistoryEntry'];

const bad = ['failed', 'timedOut', 'terminated'];

const columns: Column<HistoryEntry>[] = [
  { title: 'EVENT', value: ({ eventId }) => eventId },
  {
    title: 'STATE',
    value: ({ state }) => state,
    style: ({ state = '' }) => (bad.includes(state) ? 'red' : undefined),
    drop: 5,
  },
  { title: 'WHAT', value: ({ label }) => label, cut: 24 },
  { title: 'TIME', value: ({ startTime }) => ago(startTime), drop: 4 },
  { title: 'RESET TO', value: ({ resetPoint }) => resetPoint, drop: 2 },
  { title: 'BY', value: ({ actor, identity }) => (actor ? nameOfActor(actor.id) : identity), cut: 16, drop: 3 },
];

export const history = defineCommand({
  name: 'history',
  summary: routes.listHistory.summary,
  description:
    'Newest first, with one line for all events of an activity, timer or child. To run an entry again, pass RESET TO to "rewind reset --to".',
  args: [{ name: '[id]', description: 'the workflow' }],
  options: { ...whichRun, limit },
  examples: [{ line: 'rewind history order-42', does: 'shows the newest entries' }],
  route: 'listHistory',
  async run(session, options, args) {
    const target = await targetOf(session, args, options);
    await printList(session, {
      route: 'listHistory',
      request: { query: target },
      items: 'entries',
      columns,
      limit: options.limit,
      empty: 'The history has no entries.',
    });
  },
});
