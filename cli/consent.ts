import { CliError } from './exit-codes';
import type { Session } from './session';

export interface Question {
  /** What is acted on and what will change, a line each. */
  lines: string[];
  question: string;
  /** For what ends things: the id or the count that has to be typed. */
  type?: string;
}

/**
 * Shows what a change is made to, and asks. Without a terminal, `--yes` is needed.
 * @throws {CliError} when the answer is no, or there is no terminal to ask on
 */
export async function consent(
  session: Session,
  yes: boolean | undefined,
  { lines, question, type }: Question,
): Promise<void> {
  const { output, prompts } = session;
  output.note(output.noteStyle('bold', session.place));
  for (const line of lines) output.note(line);
  if (yes) return;
  if (!prompts.possible) {
    throw new CliError('usage', 'There is no terminal to ask on.', {
      hints: ['Add --yes to make the change without a question.'],
    });
  }
  if (type === undefined) return prompts.confirm(question);
  output.note(question);
  return prompts.type(type, `Type ${type}`);
}
