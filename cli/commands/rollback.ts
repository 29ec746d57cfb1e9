import type { components } from '../../client/openapi';
import { change, read } from '../requests/client';
import { executionFlags, executionFields, executionOptions, startControls } from '../batch/execution';
import { confirmAndStart, startTexts } from '../batch/batch-operation';
import { routes } from '../requests/contract';
import { defineCommand, text, texts, value } from '../command-line/declaration';
import { CliError } from '../exit-codes';
import { flagsFor } from '../command-line/flags';
import { idempotencyKey, reason, yes } from '../command-line/options';
import { resetFields, resetFlags, resetOptions } from '../reset/options';
import type { Session } from '../session';

type RollbackRequest = components['schemas']['StartRollbackRequest'];
type BatchStarted = components['schemas']['BatchStarted'];

const { includeClosed: statuses } = routes.startRollback.choices;

export const rollback = defineCommand({
  name: 'rollback',
  summary: routes.startRollback.summary,
  description:
    'Resets the runs that the build has touched to the last point before it: open runs, and with --include-closed closed runs. Another build must be current first. The command shows how many runs match with a sample, and asks you to type the number. A rollback is a batch operation: "rewind batch" shows, suspends and stops it.',
  args: [
    { name: '<deployment>', description: 'a worker deployment' },
    { name: '<build>', description: 'the build id to undo; not the current or ramping version of the deployment' },
  ],
  options: {
    toBuild: text(
      '--to-build <build>',
      'the build that pinned runs move to; that of the current version when left out',
    ),
    includeClosed: value(
      '--include-closed <statuses>',
      'also reset closed runs with these statuses: failed,timedout,completed,canceled,terminated',
      closedStatuses,
    ),
    restart: texts(
      '--restart <type>',
      'a workflow type whose runs are restarted if they started on the build; may be repeated; none when left out',
    ),
    except: texts('--except <id>', 'a workflow to leave unchanged; may be repeated'),
    orphans: resetOptions.orphans,
    exclude: resetOptions.exclude,
    reason,
    ...executionOptions,
    ...startControls,
    yes,
    idempotencyKey,
  },
  examples: [
    {
      line: 'rewind rollback orders 2026-01-31.2 --include-closed failed --reason "bad deploy" --canary 5 --watch',
      does: 'resets five first, and the others only if these succeed',
    },
  ],
  route: 'startRollback',
  async run(session, options, [deploymentName = '', badBuildId = '']) {
    const request: Omit<RollbackRequest, 'reason'> = {
      deploymentName,
      badBuildId,
      toBuildId: options.toBuild,
      includeClosed: options.includeClosed,
      restartTypes: options.restart,
      exclude: options.except,
      ...resetFields({ orphans: options.orphans, exclude: options.exclude }),
      ...executionFields(options),
    };
    return confirmAndStart(session, options, {
      request,
      texts: { what: `Rollback of build ${badBuildId} of ${deploymentName}`, verb: 'Roll back' },
      preview: (asked) => read(session, 'startRollback', { body: { ...asked, reason: 'preview', dryRun: true } }),
      send: (confirmed) => start(session, confirmed, options.idempotencyKey),
    });
  },
});

function start(session: Session, body: RollbackRequest, key: string | undefined): Promise<BatchStarted> {
  const { deploymentName, badBuildId, toBuildId, includeClosed, restartTypes = [], exclude = [] } = body;
  return change(session, {
    route: 'startRollback',
    request: { body },
    ...startTexts('the rollback'),
    repeat: [
      'rollback',
      deploymentName,
      badBuildId,
      ...flagsFor({ '--to-build': toBuildId, '--include-closed': includeClosed?.join(',') }),
      ...restartTypes.flatMap((type) => ['--restart', type]),
      ...exclude.flatMap((id) => ['--except', id]),
      ...resetFlags(body),
      '--reason',
      body.reason,
      ...executionFlags(body),
    ],
    idempotencyKey: key,
  });
}

function closedStatuses(given: string): RollbackRequest['includeClosed'] {
  return given.split(',').map((word) => {
    const status = statuses.find((each) => each.toLowerCase() === word.trim().toLowerCase());
    if (status) return status;
    throw new CliError(
      'usage',
      `--include-closed ${JSON.stringify(given)}: allowed are ${statuses.join(', ')}, separated by commas.`,
    );
  });
}
