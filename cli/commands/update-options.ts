import type { components } from '../../client/openapi';
import { routes } from '../requests/contract';
import { defineCommand, value } from '../command-line/declaration';
import { CliError } from '../exit-codes';
import { asked, firstRunId, oneWorkflow, whichRun } from '../command-line/options';
import { changeWorkflows } from '../workflows/workflow-changes';
import { runVersioning, versioningText } from '../command-line/versioning';
import { named, targetOf } from '../workflows/workflow-ids';
import type { Target } from '../workflows/workflow-ids';

type Schemas = components['schemas'];
type UpdateOptionsResult = Schemas['UpdateOptionsResult'];
type Override = UpdateOptionsResult['versioningOverride'];

export const updateOptions = defineCommand({
  name: 'update-options',
  summary: routes.updateWorkflowOptions.summary,
  args: oneWorkflow,
  options: {
    ...whichRun,
    firstRunId,
    versioning: value(
      '--versioning <version>',
      'autoUpgrade, DEPLOYMENT:BUILD to pin the run to, or none to remove the override',
      runVersioning,
    ),
    ...asked,
  },
  examples: [
    {
      line: 'rewind update-options order-42 --versioning autoUpgrade --reason "build 7 is out"',
      does: 'moves it to the current version at its next task',
    },
  ],
  route: 'updateWorkflowOptions',
  async run(session, options, args) {
    const target = await targetOf(session, args, options);
    const { versioning } = options;
    if (versioning === undefined) throw new CliError('usage', '--versioning is missing.');
    return changeWorkflows(session, options, {
      route: 'updateWorkflowOptions',
      targets: [target],
      action: `Set the versioning override of ${named(target)} to ${words(versioning)}`,
      command: 'update-options',
      flags: ['--versioning', words(versioning)],
      fields: { versioningOverride: versioning },
      describe: (result) => describeResult(target, result),
    });
  },
});

function describeResult(
  target: Target,
  { outcome, status, versioningOverride: now, previousVersioningOverride: before }: UpdateOptionsResult,
): string[] {
  const id = named(target);
  if (outcome === 'alreadyClosed') return [`${id}: nothing to update, it is ${status}`];
  if (outcome === 'unchanged') return [`${id}: nothing to update, its versioning override is ${words(now)}`];
  return [`${id}: versioning override ${before === undefined ? '' : `${words(before)}, now `}${words(now)}`];
}

const words = (override: Override): string => (override === 'none' ? override : versioningText(override));
