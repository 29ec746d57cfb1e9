import { openApi } from '../../api';
import { startControls } from '../../batch-execution';
import { batchOperation, failures, showStarted } from '../../batches';
import { consent } from '../../consent';
import { routes } from '../../contract';
import { defineCommand, value } from '../../declaration';
import { idempotencyKey, reason, reasonFrom, yes } from '../../options';
import { commandLine, printable } from '../../quote';
import { forms, resetTarget, targetText } from '../../reset-target';
import type { Session } from '../../session';

export const args = [{ name: '<operation>', description: 'its id: op-…' }];
export const options = { reason, yes, idempotencyKey };

const retryOutcomes = ['failed', 'failedAgain', 'stuck', 'notBegun'] as const;
const retryOptions = {
  outcome: value(
    '--outcome <outcome>',
    routes.retryBatchOperation.fields.outcome,
    (given) => given as (typeof retryOutcomes)[number],
    { choices: retryOutcomes },
  ),
  to: value('--to <point>', `another point to reset to: ${forms.map(({ form }) => form).join(' | ')}`, resetTarget),
  watch: startControls.watch,
  ...options,
};

export const batchStop = defineCommand({
  name: 'batch stop',
  summary: routes.cancelBatchOperation.summary,
  description: 'Workflows in flight are finished; changes that were made are not undone.',
  args,
  options,
  examples: [{ line: 'rewind batch stop op-77b0c9d1e2f3405162738495a6b7c8d9 --reason enough', does: 'asks first' }],
  route: 'cancelBatchOperation',
  async run(session, given, [operationId = '']) {
    const why = await ask(session, operationId, given, 'Stop it');
    const api = await openApi(session);
    const change = changeOf('stop', operationId, why, given.idempotencyKey);
    const body = { reason: why };
    const result = await api.change({ ...change, route: 'cancelBatchOperation' }, (header) =>
      api.client.POST('/namespaces/{namespace}/batch-operations/{operationId}/cancel', {
        params: { path: { ...api.path, operationId }, header },
        body,
      }),
    );
    const { output } = session;
    if (!output.isText) output.json(result);
    else {
      const ended = result.outcome === 'alreadyClosed';
      output.line(ended ? `It had already ended. Nothing was done.` : `Stopping: workflows in flight are finished.`);
      output.line(`Next: ${commandLine(['batch', 'show', operationId])}`);
    }
    return 'done';
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
    const { outcome = 'failed', to } = given;
    const why = await ask(session, operationId, given, `Repeat those with the outcome ${outcome}`);
    const api = await openApi(session);
    const flags = [...(given.outcome ? ['--outcome', outcome] : []), ...(to ? ['--to', targetText(to)] : [])];
    const change = changeOf('retry', operationId, why, given.idempotencyKey, flags);
    const started = await api.change({ ...change, route: 'retryBatchOperation' }, (header) =>
      api.client.POST('/namespaces/{namespace}/batch-operations/{operationId}/retry', {
        params: { path: { ...api.path, operationId }, header },
        body: { reason: why, ...(given.outcome && { outcome }), ...(to && { target: to }) },
      }),
    );
    return showStarted(session, started, given.watch);
  },
});

export const changeOf = (
  verb: string,
  operationId: string,
  why: string,
  key: string | undefined,
  flags: string[] = [],
) => ({
  subject: `${verb} of ${operationId}`,
  repeat: ['batch', verb, operationId, ...flags, '--reason', why],
  idempotencyKey: key ?? crypto.randomUUID(),
});

/** @returns the reason */
export async function ask(
  session: Session,
  operationId: string,
  given: { reason?: string | undefined; yes?: boolean | undefined },
  question: string,
): Promise<string> {
  const why = await reasonFrom(session, given.reason);
  const lines = given.yes ? [`  batch operation ${operationId}`] : await describe(session, operationId);
  await consent(session, given.yes, { lines, question: `${question}? Reason: ${printable(why)}` });
  return why;
}

async function describe(session: Session, operationId: string): Promise<string[]> {
  const batch = await batchOperation(session, operationId);
  const { action, state, done, matched } = batch;
  return [
    `  batch ${action}, ${state}: ${done} of ${matched} done, ${failures(batch)} failed. ${printable(batch.reason)}`,
  ];
}
