/**
 * Matches strings that visibility queries cannot compare with. After parsing a query, the server escapes some of these
 * characters with backslashes and removes quotes at the ends, and compares with the result (observed on 1.29.1 and 1.32.2). So
 * `=` matches no workflow or a wrong one, and `!=` and `NOT IN` exclude nothing. The other control
 * characters are included because IDs do not need them.
 */
export const incomparable = /["\\\p{Cc}\p{Cs}]|^'|'$/u;

/** Describes the strings that are not {@link incomparable}, for error messages. */
export const COMPARABLE =
  "without double quotes, backslashes and control characters, and without ' at the start and end";

/**
 * Quotes a string for a visibility query.
 * @throws for an {@link incomparable} string, which callers must refuse or handle without a query
 */
export function quoted(text: string): string {
  if (incomparable.test(text)) throw new Error('a visibility query cannot compare with this text');
  return `"${text}"`;
}
