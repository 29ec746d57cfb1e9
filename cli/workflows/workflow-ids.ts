import { CliError } from '../exit-codes';
import { flagsFor } from '../command-line/flags';
import { printable } from '../output/quote';
import type { Session } from '../session';

/** The workflow that a command changes or shows, with a run or a chain of runs if one was named or shown. */
export interface Target {
  workflowId: string;
  runId?: string;
  firstExecutionRunId?: string;
}

export interface Given {
  workflowId?: string[] | undefined;
  runId?: string | undefined;
  firstRunId?: string | undefined;
}

/**
 * The workflows that a command line names: arguments, `-w`, and with `-` the lines of standard input. A line is an id, or an
 * object with a `workflowId` as `rewind ls -o jsonl` prints it. The object's `runId` is used, too, so that only the
 * listed run is changed.
 */
export async function targetsOf(session: Session, args: string[], given: Given): Promise<Target[]> {
  const fromInput = args.includes('-') ? await linesOf(session.terminal.stdin) : [];
  const named = [...args.filter((id) => id !== '-'), ...(given.workflowId ?? [])].map((workflowId) => ({ workflowId }));
  const targets = distinct([...named, ...fromInput.map(targetOfLine)]);
  const [first] = targets;
  if (first === undefined)
    throw new CliError('usage', 'No workflow is named.', {
      hints: ['Give an id, which rewind ls lists, or "-" to read ids from standard input.'],
    });
  const { runId, firstRunId: firstExecutionRunId } = given;
  if (runId === undefined && firstExecutionRunId === undefined) return targets;
  if (targets.length > 1) {
    throw new CliError('usage', `${runId === undefined ? '--first-run-id' : '--run-id'} needs exactly one workflow.`);
  }
  return [{ ...first, ...(runId !== undefined && { runId }), ...(firstExecutionRunId && { firstExecutionRunId }) }];
}

/** The workflow of a command that takes exactly one. */
export async function targetOf(session: Session, args: string[], given: Given): Promise<Target> {
  const targets = await targetsOf(session, args, given);
  if (targets.length === 1 && targets[0]) return targets[0];
  throw new CliError('usage', `One workflow is needed, not ${targets.length}.`);
}

function targetOfLine(line: string): Target {
  if (!line.startsWith('{')) return { workflowId: line };
  try {
    const { workflowId, runId } = JSON.parse(line) as Partial<Target>;
    if (typeof workflowId !== 'string') return { workflowId: line };
    return { workflowId, ...(typeof runId === 'string' && { runId }) };
  } catch {
    return { workflowId: line };
  }
}

const distinct = (targets: Target[]): Target[] => [
  ...new Map(targets.map((target) => [JSON.stringify([target.workflowId, target.runId]), target])).values(),
];

async function linesOf(stdin: NodeJS.ReadStream): Promise<string[]> {
  stdin.setEncoding('utf8');
  let text = '';
  for await (const part of stdin) text += String(part);
  // Windows puts a byte order mark before the text of a file.
  return text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .map((line) => line.replace(/\r$/, ''))
    .filter((line) => line !== '');
}

/** Arguments that name a target, also for ids that begin with `-`. */
export const flagsOf = ({ workflowId, runId, firstExecutionRunId }: Target): string[] => [
  workflowId.startsWith('-') ? `--workflow-id=${workflowId}` : workflowId,
  ...flagsFor({ '-r': runId, '--first-run-id': firstExecutionRunId }),
];

export const named = ({ workflowId }: Target): string => printable(workflowId);
