import type { components } from '../../../client/openapi';
import { change, read } from '../../requests/client';
import { consent } from '../../consent';
import { routes } from '../../requests/contract';
import { defineCommand, flag } from '../../command-line/declaration';
import { CliError } from '../../exit-codes';
import { flagsFor } from '../../command-line/flags';
import { asked } from '../../command-line/options';
import { printable } from '../../output/quote';
import type { Session } from '../../session';
import { reasonOf, trigger } from './ls';

type Schemas = components['schemas'];
type Body = Schemas['RedriveRejectedEventsRequest'];
type Preview = Schemas['RedrivePreview'];
type Result = Schemas['RedriveResult'];

/** Longest part of an event that a preview shows, in characters. */
const MAX_SHOWN = 400;

export const eventsRedrive = defineCommand({
  name: 'events redrive',
  summary: routes.redriveRejectedEvents.summary,
  description:
    'First shows the events with their details. The events are handled with the trigger’s current configuration.',
  args: [{ name: '[id...]', description: 'rejected events: ev-…' }],
  options: { trigger, all: flag('--all', 'all events of the namespace'), ...asked },
  examples: [
    {
      line: 'rewind events redrive --trigger order-withdrawn --reason "the trigger is fixed"',
      does: 'shows them and asks',
    },
    { line: 'rewind events redrive --all --reason "Temporal is back" --yes', does: 'redrives without asking' },
  ],
  route: 'redriveRejectedEvents',
  async run(session, options, ids) {
    const { output } = session;
    const which = chosen(ids, options);
    const request = { body: { ...which, reason: 'preview', dryRun: true } };
    const preview = options.yes ? undefined : await read(session, 'redriveRejectedEvents', request);
    if (preview?.matched === 0) return output.note('No rejected event matches. Nothing was done.');
    const count = preview ? `${preview.matched}${preview.more ? ' or more' : ''}` : '';
    const why = await consent(session, options, {
      lines: preview ? linesOf(preview) : [],
      action: `Redrive ${count} rejected events`,
    });
    const result = await redriveAll(session, { ...which, reason: why }, options.idempotencyKey ?? crypto.randomUUID());
    if (!output.isText) return output.json(result);
    output.line(`${result.redriven} redriven${skippedText(result)}.`);
    return output.line(`To see events that fail again: ${session.suggestion(['events', 'ls'])}`);
  },
});

function chosen(
  ids: string[],
  { trigger: name, all }: { trigger?: string | undefined; all?: boolean | undefined },
): Pick<Body, 'all' | 'trigger' | 'rejectedEventIds'> {
  const given = [
    ...(all ? [{ all: true as const }] : []),
    ...(name === undefined ? [] : [{ trigger: name }]),
    ...(ids.length > 0 ? [{ rejectedEventIds: ids }] : []),
  ];
  const [which] = given;
  if (which && given.length === 1) return which;
  throw new CliError('usage', 'Which events? Give ids, --trigger or --all.');
}

/** Repeats the request under one key until all events are redriven. Events that fail again meanwhile are not redriven a second time. */
async function redriveAll(session: Session, body: Body, key: string): Promise<Result> {
  const route = 'redriveRejectedEvents';
  const redrive = {
    route,
    request: { body },
    subject: 'the rejected events',
    done: 'the rejected events were redriven',
    repeat: repeatOf(body),
    idempotencyKey: key,
  } as const;
  let redriven = 0;
  for (;;) {
    const result = await change(session, redrive).catch((error: unknown) => {
      throw redriven === 0 ? error : afterSome(redriven, error);
    });
    redriven += result.redriven;
    if (!result.more) return { ...result, redriven };
  }
}

/** The error after a part of the events was redriven: it is not true that nothing was changed. */
function afterSome(redriven: number, error: unknown): unknown {
  if (!(error instanceof CliError)) return error;
  const exit = error.exit === 'unknown' ? 'unknown' : 'partlyFailed';
  return new CliError(exit, `${redriven} events were redriven, and not all. ${error.message}`, error.details, {
    cause: error,
  });
}

const repeatOf = ({ all, trigger: name, rejectedEventIds = [], reason: why }: Body): string[] => [
  'events',
  'redrive',
  ...rejectedEventIds,
  ...flagsFor({ '--trigger': name }),
  ...(all ? ['--all'] : []),
  '--reason',
  why,
];

function linesOf({ matched, sample }: Preview): string[] {
  const lines = sample.flatMap((event) => [
    `  ${event.trigger}: ${printable(reasonOf(event))}`,
    `    ${printable(JSON.stringify(event.event['detail'] ?? {})).slice(0, MAX_SHOWN)}`,
  ]);
  return matched > sample.length ? [...lines, `  and ${matched - sample.length} more`] : lines;
}

function skippedText({ skipped }: Result): string {
  return skipped.length === 0
    ? ''
    : `, ${skipped.map(({ rejectedEventId, state }) => `${rejectedEventId} is ${state}`).join(', ')}`;
}
