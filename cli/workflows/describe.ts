import type { components } from '../../client/openapi';
import { openApi } from '../requests/client';
import { routes } from '../requests/contract';
import type { RouteName } from '../requests/contract';
import { ago } from '../output/durations';
import { CliError } from '../exit-codes';
import { printable, quoted } from '../output/quote';
import type { Session } from '../session';
import type { Target } from './workflow-ids';

export type Workflow = components['schemas']['Workflow'];

/** Describes a workflow. If it is not found, the error lists workflows whose ids begin with the given id. */
export async function workflowDescription(session: Session, { workflowId, runId }: Target): Promise<Workflow> {
  const api = await openApi(session);
  const params = { path: api.path, query: { workflowId, runId } };
  try {
    return await api.read('describeWorkflow', api.client.GET('/namespaces/{namespace}/workflows/describe', { params }));
  } catch (error) {
    throw await withSimilar(session, workflowId, error);
  }
}

const SIMILAR = 5;

/** Adds similar ids as hints to a `workflow-not-found` error. They are only shown, never used. */
export async function withSimilar(session: Session, workflowId: string, error: unknown): Promise<unknown> {
  if (!(error instanceof CliError) || !isNotFound(error.details.problem)) return error;
  const api = await openApi(session);
  const params = { path: api.path, query: { query: startsWith(workflowId), pageSize: SIMILAR + 1 } };
  const { data } = await api.client.GET('/namespaces/{namespace}/workflows', { params });
  const ids = [...new Set(data?.workflows.map((found) => found.workflowId))].filter((id) => id.startsWith(workflowId));
  if (ids.length === 0)
    return new CliError(error.exit, error.message, {
      ...error.details,
      hints: [`Look for it: ${session.suggestion(['ls', '-q', startsWith(beginningOf(workflowId))])}`],
    });
  const shown = ids.slice(0, SIMILAR).map((id) => printable(quoted(id)));
  const hints = [`Ids that begin with it: ${shown.join(', ')}${ids.length > SIMILAR ? ', …' : ''}`];
  return new CliError(error.exit, error.message, { ...error.details, hints });
}

/** Visibility queries cannot compare with double quotes, backslashes and control characters: the text before the first one is used. */
const startsWith = (beginning: string): string =>
  `WorkflowId STARTS_WITH "${/^[^"\\\p{Cc}]*/u.exec(beginning)?.[0] ?? ''}"`;

/** The id without its last part, or its first half: that finds ids that end differently. */
const beginningOf = (workflowId: string): string =>
  /^.+[^\p{L}\p{N}](?=.)/u.exec(workflowId)?.[0] ?? workflowId.slice(0, Math.ceil(workflowId.length / 2));

const isNotFound = (problem: object | undefined): boolean =>
  problem !== undefined && 'type' in problem && problem.type === 'urn:rewind:problem:workflow-not-found';

const SAMPLES = 3;

/** Workflows as shown to the user for confirmation. */
export interface Shown {
  /** The first few, a line each. */
  lines: string[];
  /** Each with the chain of runs that was shown, or the run if the route takes no chain, so that only what was confirmed is changed. */
  targets: Target[];
}

/**
 * Describes the first few workflows, and pins each to what was shown.
 * @param yes whether no confirmation is needed; then nothing is described
 */
export async function describeTargets(
  session: Session,
  yes: boolean | undefined,
  route: RouteName,
  targets: Target[],
): Promise<Shown> {
  if (yes) return { lines: [], targets };
  const workflows = await Promise.all(targets.slice(0, SAMPLES).map((target) => workflowDescription(session, target)));
  const lines = workflows.map(
    ({ workflowId, workflowType, status, startTime, scheduleId }) =>
      `  ${printable(workflowId)}  ${printable(workflowType)}, ${status}, started ${ago(startTime)}${scheduleId === undefined ? '' : ` by schedule ${printable(scheduleId)}`}`,
  );
  const more = targets.length - SAMPLES;
  return {
    lines: [...lines, ...(more > 0 ? [`  and ${more} more`] : [])],
    targets: targets.map((target, index) => pinned(route, target, workflows[index])),
  };
}

function pinned(route: RouteName, target: Target, workflow: Workflow | undefined): Target {
  if (workflow === undefined || target.runId !== undefined || target.firstExecutionRunId !== undefined) return target;
  const { runId, firstExecutionRunId } = workflow;
  return 'firstExecutionRunId' in routes[route].fields ? { ...target, firstExecutionRunId } : { ...target, runId };
}
