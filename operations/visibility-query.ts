import { OperationFailure } from '../api/failures';
import type { TemporalRejection } from './temporal/errors';
import { COMPARABLE, incomparable } from './temporal/visibility-text';

/** A text or a name in quotes, as the server's own SQL parser reads them. */
export const quotedText = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`[^`]*`/gs;

/** A quote without its end, and what begins a comment or ends a statement, for the server's SQL parser. */
export const unsafeInQuery = /['"`;]|--|#|\/\*|\/\//;

/**
 * Most operators in a query. The development server's database fails on 1,000 nested conditions, and each operator of a
 * chain nests one deeper (observed on 1.29.1: UNAVAILABLE, "Expression tree is too large").
 */
const MAX_OPERATORS = 500;
const operator = /\b(?:and|or|not)\b|&&|\|\||!(?!=)/gi;

/** Texts as in {@link quotedText}, with those that follow without a space: a doubled quote is one in the text. */
const wholeText = /(?:'(?:[^'\\]|\\.)*')+|(?:"(?:[^"\\]|\\.)*")+|`[^`]*`/gs;

/** In a text, a backslash and what it stands for, or a doubled quote. */
const escape = /\\(?:[bnrtZ0]|(.))|(['"])\2/gs;

/** The first text that the server would not compare with what it stands for, and where it is; a name in backquotes is none. */
export function incomparableText(query: string): { text: string; index: number } | undefined {
  for (const { 0: text, index } of query.matchAll(wholeText)) {
    const value = text.slice(1, -1).replaceAll(escape, (_, plain?: string, quote?: string) => plain ?? quote ?? '\n');
    if (!text.startsWith('`') && incomparable.test(value)) return { text, index };
  }
  return undefined;
}

/**
 * Checks that a query stays within parentheses that are put around it: its own balance, and nothing in it is a comment or
 * ends the statement. And that it matches what it says: `!=` a text that the server does not compare with matches everything.
 *
 * @throws {OperationFailure} `invalid-request`, with positions in the query as the caller wrote it; the first character is 1
 */
export function checkQuery(query: string): void {
  const outsideQuotes = query.replaceAll(quotedText, (text) => ' '.repeat(text.length));
  const unsafe = unsafeInQuery.exec(outsideQuotes);
  if (unsafe) throw refusedQuery(query, `${nameOf(unsafe[0])} at position ${unsafe.index + 1}`);
  const open: number[] = [];
  for (const { 0: parenthesis, index } of outsideQuotes.matchAll(/[()]/g)) {
    if (parenthesis === '(') open.push(index);
    else if (open.pop() === undefined) throw refusedQuery(query, `")" at position ${index + 1} closes nothing`);
  }
  const unclosed = open.at(-1);
  if (unclosed !== undefined) throw refusedQuery(query, `"(" at position ${unclosed + 1} is not closed`);
  const text = incomparableText(query);
  if (text) {
    throw refusedQuery(
      query,
      `it compares with no text such as that at position ${text.index + 1}; one has to be ${COMPARABLE}`,
    );
  }
  const operators = outsideQuotes.match(operator)?.length ?? 0;
  if (operators > MAX_OPERATORS) {
    throw refusedQuery(
      query,
      `it has ${operators} operators, and at most ${MAX_OPERATORS} are allowed; IN (…) takes many values`,
    );
  }
}

export function refusedQuery(query: string, what: string, cause?: Error): OperationFailure {
  return new OperationFailure(
    'invalid-request',
    `Temporal does not understand the query: ${what}`,
    {
      field: 'query',
      value: query,
      allowed:
        "a condition of a visibility query, without comments, semicolons, ORDER BY, GROUP BY and LIMIT, such as: WorkflowType = 'order' AND BuildIds = 'bad'",
    },
    cause && { cause },
  );
}

/** What the server puts before a query when it parses it: its positions count that. */
const PARSER_PREFIX = 'select * from table1 where ';

/**
 * The server's words about a query, with positions in the query as the caller wrote it: where the parser stopped, behind the
 * word that it does not understand. The first character is 1.
 * @param before what Rewind put before the caller's query
 */
export function withCallersPositions(details: string, query: string, before = ''): string {
  return details.replaceAll(/ at position (\d+)/g, (_, position: string) => {
    const inQuery = Number(position) + 1 - PARSER_PREFIX.length - before.length;
    // Where the query ends too early, the parser is one further.
    return inQuery >= 1 && inQuery <= query.length + 2 ? ` at position ${Math.min(inQuery, query.length + 1)}` : '';
  });
}

/** The failure for a query that the server refused to list or count by, with positions in the query itself. */
export function refusedListing(rejection: TemporalRejection, query: string): OperationFailure {
  const details = withCallersPositions(rejection.details, query);
  return new OperationFailure(
    'invalid-request',
    `Temporal does not understand the query: ${details}`,
    { field: 'query', value: query, allowed: "a visibility query such as: WorkflowType = 'order'" },
    { cause: rejection },
  );
}

function nameOf(unsafe: string): string {
  if (unsafe === ';') return 'a semicolon';
  return /['"`]/.test(unsafe) ? 'a quote that is not closed' : `a comment (${unsafe})`;
}
