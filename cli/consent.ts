import { CliError } from './exit-codes';
import type { Session } from './session';

export interface Question {
  /** What will change, a line each. */
  lines: string[];
  question: string;
  /** The id or the count to type, for a change that ends workflows. */
  type?: string | undefined;
}

/**
 * Shows what will change, and asks unless `--yes` was given.
 * @throws {CliError} if the answer is no, or if there is neither a terminal nor `--yes`
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
      hints: ['Add --yes to make the change without confirmation.'],
    });
  }
  if (type === undefined) return prompts.confirm(question);
  output.note(question);
  return prompts.type(type, `Type ${type}`);
}
