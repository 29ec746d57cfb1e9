import { OperationFailure } from '../api/failures';

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

/**
 * Checks that a query stays within parentheses that are put around it: its own balance, and nothing in it is a comment or
 * ends the statement.
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

function nameOf(unsafe: string): string {
  if (unsafe === ';') return 'a semicolon';
  return /['"`]/.test(unsafe) ? 'a quote that is not closed' : `a comment (${unsafe})`;
}
