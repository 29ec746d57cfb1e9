import type { components } from '../../client/openapi';
import { consent } from '../consent';
import { CliError } from '../exit-codes';
import { countsText } from '../output/print-fields';
import { printable } from '../output/quote';
import { previewLine } from '../reset/preview';
import type { Session } from '../session';

export type BatchPreview = components['schemas']['BatchPreview'];

export interface Confirmation {
  expect?: number | undefined;
  dryRun?: boolean | undefined;
  yes?: boolean | undefined;
}

/** Texts of a question. */
interface QuestionTexts {
  /** Title of the preview: `Batch cancel`. */
  what: string;
  /** Verb of the question: `cancel`. */
  verb: string;
  /** The reason for the change. */
  why: string;
}

/**
 * Shows a preview and asks the user to type the number of workflows.
 * @returns the confirmed number; undefined if there is nothing to start
 */
export async function confirmPreview(
  session: Session,
  preview: BatchPreview,
  texts: QuestionTexts,
  { expect, dryRun, yes: given }: Confirmation,
): Promise<number | undefined> {
  const lines = previewLines(texts, preview);
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
  const question = `${texts.verb} ${preview.matched} workflows? Reason: ${printable(texts.why)}`;
  await consent(session, given, { lines, question, type: String(preview.matched) });
  return preview.matched;
}

function previewLines({ what }: QuestionTexts, preview: BatchPreview): string[] {
  const { matched, sample, limitations = [], engine, reexecutedActivities = {} } = preview;
  const again = countsText(reexecutedActivities);
  const samples = sample.map(({ workflowId, runId, reset, refused }) => {
    if (reset) return previewLine(reset);
    return `  ${printable(workflowId)}  ${printable(refused ?? runId ?? '')}`;
  });
  const more = matched - sample.length;
  return [
    `${what}: ${matched} match, by the engine "${engine}"`,
    ...samples,
    ...(more > 0 ? [`  and ${more} more`] : []),
    ...(again ? [`  in these, activities run again: ${printable(again)}`] : []),
    ...limitations.map((limitation) => `  ${limitation}`),
  ];
}
