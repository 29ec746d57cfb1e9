import type { components } from '../../client/openapi';
import { consent } from '../consent';
import type { Consent } from '../consent';
import { CliError } from '../exit-codes';
import { countsText } from '../output/print-fields';
import { printable } from '../output/quote';
import { previewLine } from '../reset/preview';
import type { Session } from '../session';

export type BatchPreview = components['schemas']['BatchPreview'];

export interface Confirmation extends Consent {
  expect?: number | undefined;
  max?: number | undefined;
  dryRun?: boolean | undefined;
}

/** Texts of a question. */
export interface QuestionTexts {
  /** Title of the preview: `Batch cancel`. */
  what: string;
  /** Verb of the question: `cancel`. */
  verb: string;
}

/** With lines about other batch operations that have not ended. */
type PreviewTexts = QuestionTexts & { others: string[] };

/**
 * Shows a preview and asks the user to type the number of workflows.
 * @returns what was confirmed, as fields of the request; undefined if there is nothing to start
 */
export async function confirmPreview(
  session: Session,
  preview: BatchPreview,
  texts: PreviewTexts,
  given: Confirmation,
): Promise<{ reason: string; expectMatched: number; maxWorkflows: number } | undefined> {
  const lines = previewLines(texts, preview);
  const { output } = session;
  const { expect, dryRun } = given;
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
  if (given.yes && expect === undefined && !session.prompts.possible) {
    throw new CliError('usage', 'Without a terminal, a batch operation needs --expect as well as --yes.', {
      hints: [`${preview.matched} match now: --expect ${preview.matched}`],
    });
  }
  const { matched } = preview;
  const action = `${texts.verb} ${matched} workflows`;
  const reason = await consent(session, given, { lines, action, type: String(matched) });
  return { reason, expectMatched: matched, maxWorkflows: given.max ?? matched };
}

function previewLines({ what, others }: PreviewTexts, preview: BatchPreview): string[] {
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
    ...others,
  ];
}
