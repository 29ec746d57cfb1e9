import { setTimeout as pause } from 'node:timers/promises';
import type { components } from '../../client/openapi';
import { read } from '../requests/client';
import { routes } from '../requests/contract';
import type { RouteName } from '../requests/contract';
import { ago } from '../output/durations';
import { CliError } from '../exit-codes';
import { countsText } from '../output/print-fields';
import { printable, quoted } from '../output/quote';
import type { Session } from '../session';
import { flagsOf, named } from './workflow-ids';
import type { Target } from './workflow-ids';

export type Workflow = components['schemas']['Workflow'];

/** Describes a workflow. If it is not found, the error lists workflows whose ids begin with the given id. */
export async function workflowDescription(session: Session, target: Target): Promise<Workflow> {
  try {
    return await readWorkflow(session, target);
  } catch (error) {
    throw await withSimilar(session, target.workflowId, error);
  }
}

const readWorkflow = (session: Session, { workflowId, runId }: Target): Promise<Workflow> =>
  read(session, 'describeWorkflow', { query: { workflowId, runId } });

/** The command that shows who has requested the cancellation of a run, with Rewind or without. */
export const requestedBy = (
  session: Session,
  { workflowId, runId }: { workflowId: string; runId?: string | undefined },
): string =>
  `Requested by: ${session.suggestion(['history', ...flagsOf({ workflowId, ...(runId !== undefined && { runId }) })])}`;

const SIMILAR = 5;

/** Adds similar ids as hints to a `workflow-not-found` error. They are only shown, never used. */
export async function withSimilar(session: Session, workflowId: string, error: unknown): Promise<unknown> {
  if (!(error instanceof CliError) || !hasType(error, 'workflow-not-found')) return error;
  const query = { query: startsWith(workflowId), pageSize: SIMILAR + 1 };
  const { workflows } = await read(session, 'listWorkflows', { query }).catch(() => ({ workflows: [] }));
  const ids = [...new Set(workflows.map((found) => found.workflowId))].filter((id) => id.startsWith(workflowId));
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

const hasType = ({ details: { problem } }: CliError, type: string): boolean =>
  problem !== undefined && 'type' in problem && problem.type === `urn:rewind:problem:${type}`;

const SAMPLES = 3;

/** Workflows as shown to the user for confirmation. */
export interface Shown {
  /** The first few, a line each, and a summary of the others. */
  lines: string[];
  /** Each with the chain of runs that was read, or the run if the route takes no chain, so that only what was confirmed is changed. */
  targets: Target[];
}

/**
 * Describes the workflows, and pins each to what was read.
 * @param yes whether no confirmation is needed; then nothing is described
 */
export async function describeTargets(
  session: Session,
  yes: boolean | undefined,
  route: RouteName,
  targets: Target[],
): Promise<Shown> {
  if (yes) return { lines: [], targets };
  const [only] = targets;
  const described =
    only && targets.length === 1
      ? [{ target: only, workflow: await workflowDescription(session, only) }]
      : await describeAll(session, targets);
  const workflows = described.map(({ workflow }) => workflow);
  return {
    lines: [...workflows.slice(0, SAMPLES).map(shownLine), ...summary(workflows.slice(SAMPLES))],
    targets: described.map(({ target, workflow }) => pinned(route, target, workflow)),
  };
}

const shownLine = ({ workflowId, workflowType, status, startTime, scheduleId }: Workflow): string =>
  `  ${printable(workflowId)}  ${printable(workflowType)}, ${status}, started ${ago(startTime)}${scheduleId === undefined ? '' : ` by schedule ${printable(scheduleId)}`}`;

function summary(others: Workflow[]): string[] {
  if (others.length === 0) return [];
  const counts: Record<string, number> = {};
  for (const { status } of others) counts[status] = (counts[status] ?? 0) + 1;
  return [`  and ${others.length} more: ${countsText(counts)}`];
}

/**
 * Workflows to read at once, and the shortest time for it, in milliseconds: 20 per second, since the API takes 50 requests per second
 * of all callers unless it is configured otherwise.
 */
const AT_ONCE = 5;
const SHORTEST_MS = 250;

interface Described {
  target: Target;
  workflow: Workflow;
}

/** @throws {CliError} if any is not found, because a workflow that starts under its id meanwhile was not shown */
async function describeAll(session: Session, targets: Target[]): Promise<Described[]> {
  const described: Described[] = [];
  const missing: { target: Target; error: CliError }[] = [];
  const describe = async (target: Target): Promise<Described[]> => {
    try {
      return [{ target, workflow: await readWorkflow(session, target) }];
    } catch (error) {
      if (!(error instanceof CliError) || !isNotFound(error)) throw error;
      missing.push({ target, error });
      return [];
    }
  };
  for (let start = 0; start < targets.length; start += AT_ONCE) {
    const page = targets.slice(start, start + AT_ONCE);
    session.output.progress(`Reading workflows: ${start} of ${targets.length}`);
    const isLast = start + AT_ONCE >= targets.length;
    const [found] = await Promise.all([Promise.all(page.map(describe)), isLast || pause(SHORTEST_MS)]);
    described.push(...found.flat());
  }
  session.output.endProgress();
  if (missing.length > 0) throw notFound(missing, targets.length);
  return described;
}

const isNotFound = (error: CliError): boolean =>
  hasType(error, 'workflow-not-found') || hasType(error, 'run-not-found');

const MAX_NAMED = 10;

function notFound(missing: { target: Target; error: CliError }[], asked: number): CliError {
  const ids = missing.slice(0, MAX_NAMED).map(({ target }) => named(target));
  const [first] = missing;
  return new CliError(
    first?.error.exit ?? 'refused',
    `${missing.length} of ${asked} workflows were not found: ${ids.join(', ')}${missing.length > MAX_NAMED ? ', …' : ''}. Nothing was done.`,
    {
      hints: ['Leave them out; or add --yes, which changes the others without showing them.'],
      ...(first?.error.details.problem && { problem: first.error.details.problem }),
    },
  );
}

function pinned(route: RouteName, target: Target, { runId, firstExecutionRunId }: Workflow): Target {
  if (target.runId !== undefined || target.firstExecutionRunId !== undefined) return target;
  return 'firstExecutionRunId' in routes[route].fields ? { ...target, firstExecutionRunId } : { ...target, runId };
}
