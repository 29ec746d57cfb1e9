import type { components } from '../../../client/openapi';
import { openApi } from '../../api';
import { exitOf, printBatch, printStarted, watch } from '../../batches';
import { consent } from '../../consent';
import { routes } from '../../contract';
import { defineCommand, flag, value } from '../../declaration';
import { CliError } from '../../exit-codes';
import type { Exit } from '../../exit-codes';
import { idempotencyKey, query, reason, reasonFrom, wholeNumber, workflowIds, yes } from '../../options';
import { printable } from '../../quote';
import { previewLine } from '../../reset-preview';
import { forms, resetTarget, targetText } from '../../reset-target';
import type { Session } from '../../session';
import { flagsOf, targetsOf } from '../../workflow-ids';

type BatchRequest = components['schemas']['StartBatchOperationRequest'];
type BatchPreview = components['schemas']['BatchPreview'];
type BatchStarted = components['schemas']['BatchStarted'];

const actions = ['cancel', 'terminate', 'reset'] as const;
const engines = ['worker', 'server'] as const;
const { fields } = routes.startBatchOperation;

const startOptions = {
  query,
  workflowId: workflowIds,
  to: value('--to <point>', `with reset, where to: ${forms.map(({ form }) => form).join(' | ')}`, resetTarget),
  reason,
  rate: value('--rate <number>', `workflows a second: ${fields.ratePerSecond}`, Number),
  max: value('--max <number>', `refused if more match: ${fields.maxWorkflows}`, wholeNumber),
  engine: value('--engine <engine>', fields.engine, (given) => given as (typeof engines)[number], { choices: engines }),
  expect: value('--expect <number>', 'refuse unless so many match; needed where there is no terminal', wholeNumber),
  watch: flag('--watch', 'show the progress until it has ended'),
  dryRun: flag('--dry-run', 'show what it would do, and stop'),
  yes,
  idempotencyKey,
};

export const batchStart = defineCommand({
  name: 'batch start',
  summary: routes.startBatchOperation.summary,
  description:
    'Either all that a query matches, or those named. It first shows how many match and some of them, with what a reset does to each; then the number has to be typed. Without a terminal, --yes and --expect are needed. No more than that number are changed.',
  args: [
    { name: '<action>', description: 'what to do to each', choices: actions },
    { name: '[id...]', description: 'workflows, instead of a query; "-" reads a line each from standard input' },
  ],
  options: startOptions,
  examples: [
    {
      line: `rewind batch start reset -q "WorkflowType = 'order' AND ExecutionStatus = 'Failed'" --to before-failure --reason "bad deploy" --watch`,
      does: 'repairs what a bad deployment broke',
    },
    {
      line: `rewind batch start cancel -q "CustomerId = '7'" --reason deleted --yes --expect 12`,
      does: 'in a script',
    },
  ],
  route: 'startBatchOperation',
  async run(session, options, [given = '', ...ids]) {
    const action = given as (typeof actions)[number];
    if ((action === 'reset') !== (options.to !== undefined)) {
      throw new CliError('usage', action === 'reset' ? '--to is missing.' : `--to is for reset, not for ${action}.`);
    }
    const named = ids.length > 0 || options.workflowId !== undefined;
    if (named === (options.query !== undefined)) {
      throw new CliError('usage', 'Give either --query or workflow ids.', { hints: [`A query is ${fields.query}.`] });
    }
    const workflows = named ? (await targetsOf(session, ids, options)).map(({ workflowId }) => workflowId) : undefined;
    const why = options.dryRun ? 'preview' : await reasonFrom(session, options.reason);
    const request: BatchRequest = {
      action,
      reason: why,
      ...(workflows === undefined ? { query: options.query } : { workflows }),
      ...(options.to && { target: options.to }),
      ...(options.rate !== undefined && { ratePerSecond: options.rate }),
      ...(options.max !== undefined && { maxWorkflows: options.max }),
      ...(options.engine && { engine: options.engine }),
    };
    const isRepetition = options.idempotencyKey !== undefined && options.yes === true;
    const confirmed = isRepetition ? request : await confirm(session, request, options);
    if (confirmed === undefined) return 'done';
    const started = await start(session, confirmed, options.idempotencyKey);
    if (!options.watch || session.output.isText) printStarted(session, started);
    return options.watch && started.outcome === 'started' ? follow(session, started.operationId) : 'done';
  },
});

interface Confirmation {
  expect?: number | undefined;
  dryRun?: boolean | undefined;
  yes?: boolean | undefined;
}

/** @returns the request for no more than what was confirmed; undefined when there is nothing to start */
async function confirm(
  session: Session,
  request: BatchRequest,
  { expect, dryRun, yes: given }: Confirmation,
): Promise<BatchRequest | undefined> {
  const api = await openApi(session);
  const body = { ...request, dryRun: true };
  const preview = (await api.read(
    'startBatchOperation',
    api.client.POST('/namespaces/{namespace}/batch-operations', { params: { path: api.path }, body }),
  )) as BatchPreview;
  const lines = previewLines(request, preview);
  const { output } = session;
  if (dryRun) {
    if (output.isText) for (const line of lines) output.line(line);
    else output.json(preview);
    return undefined;
  }
  if (preview.tooMany) {
    throw new CliError('refused', `${preview.matched} match, more than --max allows. Nothing was done.`, {
      hints: [`Add --max ${preview.matched}, or narrow the query.`],
    });
  }
  if (expect !== undefined && expect !== preview.matched) {
    throw new CliError('refused', `${preview.matched} match, not the ${expect} of --expect. Nothing was done.`);
  }
  if (preview.matched === 0) {
    output.note('Nothing matches. Nothing was done.');
    return undefined;
  }
  if (given && expect === undefined && !session.prompts.possible) {
    throw new CliError('usage', 'Without a terminal, a batch operation needs --expect as well as --yes.', {
      hints: [`${preview.matched} match now: --expect ${preview.matched}`],
    });
  }
  const question = `${request.action} ${preview.matched} workflows? Reason: ${printable(request.reason)}`;
  await consent(session, given, { lines, question, type: String(preview.matched) });
  return { ...request, maxWorkflows: request.maxWorkflows ?? preview.matched };
}

function previewLines(request: BatchRequest, { matched, sample, limitations = [], engine }: BatchPreview): string[] {
  const samples = sample.map(({ workflowId, runId, reset, refused }) => {
    if (reset) return previewLine(reset);
    return `  ${printable(workflowId)}  ${printable(refused ?? runId ?? '')}`;
  });
  const more = matched - sample.length;
  return [
    `Batch ${request.action}: ${matched} match, by the engine "${engine}"`,
    ...samples,
    ...(more > 0 ? [`  and ${more} more`] : []),
    ...limitations.map((limitation) => `  ${limitation}`),
  ];
}

async function start(session: Session, body: BatchRequest, key: string | undefined): Promise<BatchStarted> {
  const api = await openApi(session);
  const { action, query: given, workflows = [], target, ratePerSecond, maxWorkflows, engine } = body;
  const change = {
    route: 'startBatchOperation' as const,
    subject: `the batch operation`,
    repeat: [
      'batch',
      'start',
      action,
      ...workflows.flatMap((workflowId) => flagsOf({ workflowId })),
      ...(given === undefined ? [] : ['-q', given]),
      ...(target === undefined ? [] : ['--to', targetText(target)]),
      '--reason',
      body.reason,
      ...(ratePerSecond === undefined ? [] : ['--rate', String(ratePerSecond)]),
      ...(maxWorkflows === undefined ? [] : ['--max', String(maxWorkflows)]),
      ...(engine === undefined ? [] : ['--engine', engine]),
    ],
    idempotencyKey: key ?? crypto.randomUUID(),
  };
  const started = await api.change(change, (header) =>
    api.client.POST('/namespaces/{namespace}/batch-operations', { params: { path: api.path, header }, body }),
  );
  return started as BatchStarted;
}

async function follow(session: Session, operationId: string): Promise<Exit> {
  const batch = await watch(session, operationId);
  if (session.output.isText) printBatch(session, batch);
  else session.output.json(batch);
  return exitOf(batch);
}
