import type { components } from '../../../client/openapi';
import { openApi } from '../../api';
import { courseOf, courseOptions, startControls } from '../../batch-course';
import { confirmPreview } from '../../batch-preview';
import type { BatchPreview, Confirmation } from '../../batch-preview';
import { batchStartWords } from '../../batch-words';
import { confirmAndStart } from '../../batches';
import { routes } from '../../contract';
import { defineCommand, texts, value } from '../../declaration';
import { CliError } from '../../exit-codes';
import { idempotencyKey, query, reason, reasonFrom, workflowIds, yes } from '../../options';
import { resetFields, resetOptions } from '../../reset-options';
import { forms, resetTarget } from '../../reset-target';
import type { Session } from '../../session';
import { targetsOf } from '../../workflow-ids';

type BatchRequest = components['schemas']['StartBatchOperationRequest'];
type BatchStarted = components['schemas']['BatchStarted'];

const actions = ['cancel', 'terminate', 'reset'] as const;
const engines = ['worker', 'server'] as const;
const { fields } = routes.startBatchOperation;

const startOptions = {
  query,
  workflowId: workflowIds,
  except: texts('--except <id>', `a workflow that is left as it is; may be repeated: ${fields.exclude}`),
  to: value('--to <point>', `with reset, where to: ${forms.map(({ form }) => form).join(' | ')}`, resetTarget),
  reason,
  ...resetOptions,
  ...courseOptions,
  engine: value('--engine <engine>', fields.engine, (given) => given as (typeof engines)[number], { choices: engines }),
  ...startControls,
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
      ...(options.except && { exclude: options.except }),
      ...(options.to && { target: options.to }),
      ...resetFields(options),
      ...courseOf(options),
      ...(options.engine && { engine: options.engine }),
    };
    return confirmAndStart(session, options, {
      request,
      confirm: (asked) => confirm(session, asked, options),
      send: (confirmed) => start(session, confirmed, options.idempotencyKey),
    });
  },
});

/** @returns the request for no more than what was confirmed; undefined when there is nothing to start */
async function confirm(
  session: Session,
  request: BatchRequest,
  given: Confirmation,
): Promise<BatchRequest | undefined> {
  const { action, reason: why, maxWorkflows } = request;
  const preview = await previewOf(session, request);
  const matched = await confirmPreview(session, preview, { what: `Batch ${action}`, verb: action, why }, given);
  if (matched === undefined) return undefined;
  return { ...request, expectMatched: matched, maxWorkflows: maxWorkflows ?? matched };
}

/** By the route of the action: that takes no role for batch operations. */
async function previewOf(session: Session, request: BatchRequest): Promise<BatchPreview> {
  const api = await openApi(session);
  const params = { path: api.path };
  const { action, engine, query: given, workflows, exclude, maxWorkflows } = request;
  const body = {
    ...(engine && { engine }),
    ...(given === undefined ? { workflows } : { query: given }),
    ...(exclude && { exclude }),
    ...(maxWorkflows !== undefined && { maxWorkflows }),
  };
  if (action !== 'reset' || !request.target) {
    return action === 'terminate'
      ? api.read(
          'previewBatchTermination',
          api.client.POST('/namespaces/{namespace}/batch-previews/terminate', { params, body }),
        )
      : api.read(
          'previewBatchCancellation',
          api.client.POST('/namespaces/{namespace}/batch-previews/cancel', { params, body }),
        );
  }
  const { target, excludeReapply, versioningOverride, orphanedChildren } = request;
  const reset = {
    ...body,
    target,
    ...(excludeReapply && { excludeReapply }),
    ...(versioningOverride && { versioningOverride }),
    ...(orphanedChildren && { orphanedChildren }),
  };
  return api.read(
    'previewBatchReset',
    api.client.POST('/namespaces/{namespace}/batch-previews/reset', { params, body: reset }),
  );
}

async function start(session: Session, body: BatchRequest, key: string | undefined): Promise<BatchStarted> {
  const api = await openApi(session);
  const change = {
    route: 'startBatchOperation' as const,
    subject: `the batch operation`,
    repeat: batchStartWords(body),
    idempotencyKey: key ?? crypto.randomUUID(),
  };
  const started = await api.change(change, (header) =>
    api.client.POST('/namespaces/{namespace}/batch-operations', { params: { path: api.path, header }, body }),
  );
  return started as BatchStarted;
}
