import { routes } from './requests/contract';
import { CliError } from './exit-codes';
import { printable } from './output/quote';
import type { Session } from './session';

export interface Consent {
  yes?: boolean | undefined;
  reason?: string | undefined;
}

export interface Question {
  /** What will change, a line each. */
  lines: string[];
  /** The change as an imperative, without a full stop. */
  action: string;
  /** The id or the count to type, for a change that ends workflows. */
  type?: string | undefined;
}

/**
 * Shows what will change, asks for the reason unless it was given, and asks for confirmation unless `--yes` was given.
 * @returns the reason
 * @throws {CliError} if the answer is no, or if there is no terminal and the reason or `--yes` is missing
 */
export async function consent(
  session: Session,
  { yes, reason }: Consent,
  { lines, action, type }: Question,
): Promise<string> {
  const { output, prompts } = session;
  output.note(output.noteStyle('bold', session.place));
  for (const line of lines) output.note(line);
  const why = await reasonFrom(session, reason);
  if (yes) return why;
  if (!prompts.possible) {
    throw new CliError('usage', 'There is no terminal to ask on.', {
      hints: ['Add --yes to make the change without confirmation.'],
    });
  }
  const question = `${action}? Reason: ${printable(why)}`;
  if (type === undefined) await prompts.confirm(question);
  else {
    output.note(question);
    await prompts.type(type, `Type ${type}`);
  }
  return why;
}

/** Returns the given reason, or prompts for one. */
export async function reasonFrom(session: Session, given: string | undefined): Promise<string> {
  if (given !== undefined) return given;
  if (session.prompts.possible)
    return session.prompts.text('Why? It goes into the ledger and the history.', 'bad deploy');
  throw new CliError('usage', '--reason is missing: every change needs one.', {
    hints: [`It is ${routes.resetWorkflow.fields.reason}.`],
  });
}
