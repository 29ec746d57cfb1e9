import { OperationFailure } from '../api/failures';
import type { TemporalRejection } from './temporal/errors';
import { COMPARABLE, incomparable } from './temporal/visibility-text';

/** A quoted string or name, as the server's SQL parser reads it. */
export const quotedText = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`[^`]*`/gs;

/** Outside of quoted text: an unclosed quote, the start of a comment, or the end of a statement. */
export const unsafeInQuery = /['"`;]|--|#|\/\*|\/\//;

/**
 * Maximum operators in a query. The development server's database fails on 1,000 nested conditions, and each operator of a
 * chain adds a level of nesting (observed on 1.29.1: UNAVAILABLE, "Expression tree is too large").
 */
const MAX_OPERATORS = 500;
const operator = /\b(?:and|or|not)\b|&&|\|\||!(?!=)/gi;

/** Like {@link quotedText}, but with doubled quotes, each of which stands for a quote in the string. */
const wholeText = /(?:'(?:[^'\\]|\\.)*')+|(?:"(?:[^"\\]|\\.)*")+|`[^`]*`/gs;

/** An escape sequence or a doubled quote in a quoted string. */
const escape = /\\(?:[bnrtZ0]|(.))|(['"])\2/gs;

/** Returns the first string in a query that the server cannot compare with, and its index. Names in backquotes do not count. */
export function incomparableText(query: string): { text: string; index: number } | undefined {
  for (const { 0: text, index } of query.matchAll(wholeText)) {
    const value = text.slice(1, -1).replaceAll(escape, (_, plain?: string, quote?: string) => plain ?? quote ?? '\n');
    if (!text.startsWith('`') && incomparable.test(value)) return { text, index };
  }
  return undefined;
}

/** Returns the query with spaces in place of quoted text, so that positions stay the same. */
const withoutQuoted = (query: string): string => query.replaceAll(quotedText, (text) => ' '.repeat(text.length));

/**
 * Checks that a query cannot escape from parentheses around it: its own parentheses are balanced, and it contains no comment
 * and no end of the statement. Also checks that it has no text that the server cannot compare with, because `!=` would then
 * match everything.
 *
 * @throws {OperationFailure} `invalid-request`, with positions in the caller's query, counted from 1
 */
export function checkQuery(query: string): void {
  const outsideQuotes = withoutQuoted(query);
  const unsafe = unsafeInQuery.exec(outsideQuotes);
  if (unsafe) throw refusedQuery(query, `${nameOf(unsafe[0])} at position ${unsafe.index + 1}`);
  const open: number[] = [];
  for (const { 0: parenthesis, index } of outsideQuotes.matchAll(/[()]/g)) {
    if (parenthesis === '(') open.push(index);
    else if (open.pop() === undefined)
      throw refusedQuery(query, `")" at position ${index + 1} has no opening parenthesis`);
  }
  const unclosed = open.at(-1);
  if (unclosed !== undefined) throw refusedQuery(query, `"(" at position ${unclosed + 1} is not closed`);
  const text = incomparableText(query);
  if (text) {
    throw refusedQuery(
      query,
      `it cannot compare with the string at position ${text.index + 1}; strings must be ${COMPARABLE}`,
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

/** What the server prepends to a query before it parses it. Positions in its errors include it. */
const PARSER_PREFIX = 'select * from table1 where ';

/**
 * Converts positions in the server's error to positions in the caller's query, counted from 1. The position is where the
 * parser stopped, after the word that it does not understand.
 * @param before what Rewind prepended to the caller's query
 */
export function withCallersPositions(details: string, query: string, before = ''): string {
  return details.replaceAll(/ at position (\d+)/g, (_, position: string) => {
    const inQuery = Number(position) + 1 - PARSER_PREFIX.length - before.length;
    // At an unexpected end of the query, the parser's position is one further.
    return inQuery >= 1 && inQuery <= query.length + 2 ? ` at position ${Math.min(inQuery, query.length + 1)}` : '';
  });
}

/**
 * Refuses a query that groups, for a list: server 1.32.2 can list everything instead of refusing it, as 1.29.1 does.
 * @throws {OperationFailure} `invalid-request`
 */
export function refuseGroups(query: string): void {
  const groups = /\bgroup\s+by\b/i.exec(withoutQuoted(query));
  if (groups)
    throw refusedQuery(query, `GROUP BY at position ${groups.index + 1}: a list has no groups, only a count has`);
}

/** Returns the failure for a query that the server rejected in a list or count. */
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
