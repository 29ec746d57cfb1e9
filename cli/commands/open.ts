import { openInBrowser } from '../browser';
import { defineCommand, flag } from '../command-line/declaration';
import { workflowDescription } from '../workflows/describe';
import { CliError } from '../exit-codes';
import { isOperationId } from '../operation-id';
import { operation } from '../operations';
import { whichRun } from '../command-line/options';
import { targetOf } from '../workflows/workflow-ids';

export const open = defineCommand({
  name: 'open',
  summary: 'Open a workflow in the Temporal Web UI, or print its address',
  description:
    'Starts the browser only on a terminal. An id such as op-… means an operation; --workflow-id always means a workflow.',
  args: [{ name: '[id]', description: 'a workflow, or an operation on one' }],
  options: { ...whichRun, print: flag('--print', 'only print the address') },
  examples: [{ line: 'rewind open order-42', does: 'opens the latest run' }],
  route: 'describeWorkflow',
  async run(session, options, args) {
    const [given = ''] = args;
    const ofOperation = isOperationId(given) ? await operation(session, given) : undefined;
    const workflow = await workflowDescription(session, ofOperation ?? (await targetOf(session, args, options)));
    const { output, terminal } = session;
    const { webUi } = workflow.links;
    if (webUi === undefined) {
      throw new CliError('refused', 'No Web UI is configured for this namespace.', {
        hints: ['Configure webUiUrl of the namespace: docs/configuration.md'],
      });
    }
    if (output.isText) output.line(webUi);
    else output.json(workflow.links);
    if (terminal.stdout.isTTY && !options.print) await openInBrowser(webUi);
  },
});
