import type { components } from '../../../client/openapi';
import { change, read } from '../../requests/client';
import { executionFields, executionOptions, startControls } from '../../batch/execution';
import { previewRequest, previewRoutes } from '../../batch/preview-request';
import { actionNames, actions, batchStartArguments } from '../../batch/command';
import type { ActionName } from '../../batch/command';
import { confirmAndStart, startTexts } from '../../batch/batch-operation';
import { routes } from '../../requests/contract';
import { choice, defineCommand, text, texts, value } from '../../command-line/declaration';
import { CliError } from '../../exit-codes';
import { idempotencyKey, query, reason, workflowIds, yes } from '../../command-line/options';
import { batchVersioning, resetFields, resetOptions } from '../../reset/options';
import { resetTarget } from '../../reset/target';
import { named as workflowName, targetsOf } from '../../workflows/workflow-ids';
import type { Target } from '../../workflows/workflow-ids';

type BatchRequest = components['schemas']['StartBatchOperationRequest'];

const { fields, choices } = routes.startBatchOperation;

const startOptions = {
  query,
  workflowId: workflowIds,
  except: texts('--except <id>', 'a workflow to leave unchanged; may be repeated'),
  to: value('--to <point>', 'of a reset: where to, as "rewind reset --help" lists', resetTarget),
  until: text('--until <time>', 'of a pause: until when, such as 2026-01-31T12:00:00Z'),
  reason,
  ...resetOptions,
  versioning: value(
    '--versioning <version>',
    'of reset or update-options: autoUpgrade or DEPLOYMENT:BUILD; of reset also once=DEPLOYMENT:BUILD, of update-options none to remove the override',
    batchVersioning,
  ),
  ...executionOptions,
  engine: choice(
    '--engine <engine>',
    'Rewind’s worker, or with server Temporal’s batch engine; worker when left out',
    choices.engine,
  ),
  ...startControls,
  yes,
  idempotencyKey,
};

export const batchStart = defineCommand({
  name: 'batch start',
  summary: routes.startBatchOperation.summary,
  description:
    'Changes all workflows that match a query, or the named ones. The command shows how many match with a sample, for a reset with its effect on each, and asks you to type the number. Without a terminal, --yes and --expect are required. No more than this number are changed.',
  args: [
    { name: '<action>', description: 'what to do to each workflow', choices: actionNames },
    { name: '[id...]', description: 'workflows, instead of a query; "-" reads one per line from standard input' },
  ],
  options: startOptions,
  examples: [
    {
      line: `rewind batch start reset -q "WorkflowType = 'order' AND ExecutionStatus = 'Failed'" --to before-failure --reason "bad deploy" --watch`,
      does: 'repairs workflows that a bad deployment broke',
    },
    {
      line: `rewind batch start cancel -q "CustomerId = '7'" --reason deleted --yes --expect 12`,
      does: 'cancels in a script',
    },
    {
      line: `rewind batch start pause -q "WorkflowType = 'order'" --until 2026-01-31T18:00:00Z --reason "bank is down"`,
      does: 'pauses all workflows of a type until that time',
    },
  ],
  route: 'startBatchOperation',
  async run(session, options, [given = '', ...ids]) {
    const name = given as ActionName;
    checkOptions(name, options);
    const named = ids.length > 0 || options.workflowId !== undefined;
    if (named === (options.query !== undefined)) {
      throw new CliError('usage', 'Give either --query or workflow ids.', { hints: [`A query is ${fields.query}.`] });
    }
    const workflows = named ? idsOf(await targetsOf(session, ids, options)) : undefined;
    const request: Omit<BatchRequest, 'reason'> = {
      action: actions[name],
      ...(workflows === undefined ? { query: options.query } : { workflows }),
      exclude: options.except,
      target: options.to,
      until: options.until,
      ...resetFields({ orphans: options.orphans, exclude: options.exclude }),
      versioningOverride: options.versioning,
      ...executionFields(options),
      engine: options.engine,
    };
    return confirmAndStart(session, options, {
      request,
      texts: { what: `Batch ${name}`, verb: name },
      preview: (asked) => read(session, previewRoutes[asked.action], { body: previewRequest(asked) }),
      send: (body) =>
        change(session, {
          route: 'startBatchOperation',
          request: { body },
          ...startTexts('the batch operation'),
          repeat: batchStartArguments(body),
          idempotencyKey: options.idempotencyKey,
        }),
    });
  },
});

/** The ids of the workflows. A batch operation would change the latest run of each, not the run that a line names. */
function idsOf(targets: Target[]): string[] {
  const ofRun = targets.find(({ runId }) => runId !== undefined);
  if (ofRun === undefined) return targets.map(({ workflowId }) => workflowId);
  throw new CliError(
    'usage',
    `Standard input names runs, such as run ${ofRun.runId} of ${workflowName(ofRun)}, but a batch operation changes the latest run of each workflow.`,
    { hints: ['Give --query, or only the ids:  rewind ls … -o jsonl | jq -r .workflowId | rewind batch start …'] },
  );
}

/** Checks that options fit the action. The API checks the rest. */
function checkOptions(
  action: ActionName,
  { to, until, versioning }: { to?: unknown; until?: unknown; versioning?: unknown },
): void {
  if (action === 'reset' && to === undefined) throw new CliError('usage', '--to is missing.');
  if (action === 'update-options' && versioning === undefined) throw new CliError('usage', '--versioning is missing.');
  if (action !== 'update-options' && versioning === 'none') throw notFor('--versioning none', 'update-options', action);
  if (action !== 'reset' && to !== undefined) throw notFor('--to', 'reset', action);
  if (action !== 'pause' && until !== undefined) throw notFor('--until', 'pause', action);
}

const notFor = (option: string, action: string, given: string) =>
  new CliError('usage', `${option} is for ${action}, not for ${given}.`);
