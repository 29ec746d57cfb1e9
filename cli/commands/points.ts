import type { components } from '../../client/openapi';
import { routes } from '../requests/contract';
import { defineCommand } from '../command-line/declaration';
import { ago } from '../output/durations';
import { printList } from '../output/lists';
import { limit, whichRun } from '../command-line/options';
import { flagsOf, targetOf } from '../workflows/workflow-ids';
import type { Column } from '../output/table';

type ResetPoint = components['schemas']['ResetPoint'];

const columns: Column<ResetPoint>[] = [
  { title: 'EVENT', value: ({ eventId }) => eventId },
  { title: 'POINT', value: ({ label }) => label, cut: 24 },
  { title: 'TIME', value: ({ time }) => ago(time), drop: 2 },
  {
    title: 'BUILD',
    value: ({ deploymentName, buildId }) => (deploymentName === undefined ? buildId : `${deploymentName}:${buildId}`),
    cut: 12,
    drop: 1,
  },
];

export const points = defineCommand({
  name: 'points',
  summary: routes.listResetPoints.summary,
  description: 'Newest first. "rewind reset --to" accepts each event.',
  args: [{ name: '[id]', description: 'the workflow' }],
  options: { ...whichRun, limit },
  examples: [{ line: 'rewind points order-42', does: 'lists the points to which order-42 can be reset' }],
  route: 'listResetPoints',
  async run(session, options, args) {
    const target = await targetOf(session, args, options);
    await printList(session, {
      route: 'listResetPoints',
      request: { query: target },
      items: 'resetPoints',
      columns,
      limit: options.limit,
      empty: 'It has no reset point yet: no workflow task has ended.',
    });
    if (session.output.isText)
      session.output.note(
        `\nPreview one: ${session.suggestion(['reset', ...flagsOf(target), '--to', 'EVENT', '--dry-run'])}`,
      );
  },
});
