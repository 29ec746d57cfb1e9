import { CliError } from '../exit-codes';
import type { Exit } from '../exit-codes';
import { printable } from '../output/quote';
import type { Session } from '../session';
import { named } from './workflow-ids';
import type { Target } from './workflow-ids';

/** After these, the next workflow would probably fail too. */
const STOPPING: readonly Exit[] = ['failed', 'notAllowed', 'unknown', 'interrupted'];

export interface ChangeOutcome<Result> {
  result: Result;
  /** The result as text, a line each. */
  text: string[];
  exit?: Exit;
}

/** Makes one change after another, and prints each result as it comes. */
export async function changeEach<Result>(
  session: Session,
  targets: Target[],
  change: (target: Target) => Promise<ChangeOutcome<Result>>,
): Promise<Exit> {
  const { output } = session;
  const results: object[] = [];
  let worst: Exit = 'done';
  for (const [index, target] of targets.entries()) {
    const left = leftAfter(targets, index);
    const done = session.interruptible(session.hasChanged ? 'partlyFailed' : 'interrupted', ...left);
    try {
      const { result, text, exit = 'done' } = await change(target);
      if (output.isText) for (const line of text) output.line(line);
      else if (output.format === 'jsonl' || targets.length === 1) output.json(result);
      results.push(result as object);
      if (worst === 'done' || exit === 'partlyFailed') worst = exit;
    } catch (error) {
      if (targets.length === 1 || !(error instanceof CliError)) throw error;
      const isEnd = STOPPING.includes(error.exit);
      // After a change, it is not true that nothing was changed.
      worst = isEnd && (error.exit === 'unknown' || !session.hasChanged) ? error.exit : 'partlyFailed';
      const failed = { workflowId: target.workflowId, ...(error.details.problem ?? { detail: error.message }) };
      if (output.format === 'jsonl') output.json(failed);
      results.push(failed);
      report(session, `${named(target)}: ${error.message}`, error);
      if (!isEnd) continue;
      for (const line of left) output.note(line);
      break;
    } finally {
      done();
    }
  }
  if (output.format === 'json' && targets.length > 1) output.json(results);
  return worst;
}

/** What was not changed if the changes end with this one. */
function leftAfter(targets: Target[], index: number): string[] {
  const next = targets[index + 1];
  if (next === undefined) return [];
  const left = targets.length - index - 1;
  return [`${left} workflow${left === 1 ? ' was' : 's were'} not changed, from ${named(next)} on.`];
}

/** Prints an error with its hints. */
export function report({ output }: Session, message: string, { details: { hints = [] } }: CliError): void {
  output.note(`${output.noteStyle('red', '✘')} ${message}`);
  for (const hint of hints) output.note(`  ${printable(hint, { newlines: true })}`);
}
