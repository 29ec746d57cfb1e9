/**
 * What no text in a visibility query may have, to be found: the server writes some of these with a backslash once it has parsed the
 * query, takes quotes off the ends, and compares with that (observed on 1.29.1 and 1.32.2). So `=` matches no workflow or
 * another one, and `!=` and `NOT IN` leave nothing out. Other control characters are no part of an id that people type.
 */
export const incomparable = /["\\\p{Cc}\p{Cs}]|^'|'$/u;

/** What a text has to be, in words. */
export const COMPARABLE =
  "without double quotes, backslashes and control characters, and without ' at its beginning and end";

/**
 * A text in a visibility query.
 * @throws for one that the server would not find: whoever makes a query of it refuses it before, or compares by itself
 */
export function quoted(text: string): string {
  if (incomparable.test(text)) throw new Error('a visibility query cannot compare with this text');
  return `"${text}"`;
}
