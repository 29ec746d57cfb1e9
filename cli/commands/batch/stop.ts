import { args, changeBatch } from '../../batch/changes';
import { asked } from '../../command-line/options';
import { startControls } from '../../batch/execution';
import { showStarted } from '../../batch/batch-operation';
import { routes } from '../../requests/contract';
import { choice, defineCommand, value } from '../../command-line/declaration';
import { flagsFor } from '../../command-line/flags';
import { resetTarget, targetText } from '../../reset/target';

const { choices } = routes.retryBatchOperation;

const retryOptions = {
  outcome: choice(
    '--outcome <outcome>',
    'repeat the workflows with this outcome; failed when left out',
    choices.outcome,
  ),
  to: value('--to <point>', 'another point to reset to, as "rewind reset --help" lists', resetTarget),
  watch: startControls.watch,
  ...asked,
};

export const batchStop = defineCommand({
  name: 'batch stop',
  summary: routes.cancelBatchOperation.summary,
  description: 'Workflows in flight are finished; changes that were made are not undone.',
  args,
  options: asked,
  examples: [{ line: 'rewind batch stop op-77b0c9d1e2f3405162738495a6b7c8d9 --reason enough', does: 'asks first' }],
  route: 'cancelBatchOperation',
  async run(session, given, [operationId = '']) {
    const result = await changeBatch(session, operationId, given, {
      verb: 'stop',
      route: 'cancelBatchOperation',
      action: 'Stop it',
    });
    const { output } = session;
    if (!output.isText) return output.json(result);
    const ended = result.outcome === 'alreadyClosed';
    output.line(ended ? `It had already ended. Nothing was done.` : `Stopping: workflows in flight are finished.`);
    return output.line(`Next: ${session.suggestion(['batch', 'show', operationId])}`);
  },
});

export const batchRetry = defineCommand({
  name: 'batch retry',
  summary: routes.retryBatchOperation.summary,
  description:
    'With --outcome, also workflows that it did not change, or whose new run failed again. The retry is a new batch operation.',
  args,
  options: retryOptions,
  examples: [
    {
      line: 'rewind batch retry op-77b0c9d1e2f3405162738495a6b7c8d9 --reason "the card service is back"',
      does: 'repeats only those that failed',
    },
    {
      line: 'rewind batch retry op-77b0c9d1e2f3405162738495a6b7c8d9 --outcome failedAgain --to before-activity=reserve --reason "second repair"',
      does: 'resets those that failed again to another point',
    },
  ],
  route: 'retryBatchOperation',
  async run(session, given, [operationId = '']) {
    const { outcome, to } = given;
    const started = await changeBatch(session, operationId, given, {
      verb: 'retry',
      route: 'retryBatchOperation',
      action: `Repeat those with the outcome ${outcome ?? 'failed'}`,
      flags: flagsFor({ '--outcome': outcome, '--to': to && targetText(to) }),
      fields: { outcome, target: to },
    });
    return showStarted(session, started, given.watch);
  },
});
