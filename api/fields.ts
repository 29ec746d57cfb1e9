import * as z from 'zod/mini';

/*
 * Fields that several requests have, over HTTP and in events. The text of a field describes its valid values. It is both the
 * validation error and the field's description in docs/openapi.json.
 */

/** Temporal's limit on ids (`limit.maxIDLength`), in bytes of UTF-8. */
const MAX_ID_BYTES = 1000;

/** In Unicode code points. Bounds the size of the history event that stores the reason. */
const MAX_REASON_CHARACTERS = 1000;

const workflowIdAllowed = `a string of 1 to ${MAX_ID_BYTES} bytes in UTF-8`;
const runIdAllowed = 'the UUID of a run; the latest run when left out';
const firstExecutionRunIdAllowed =
  'the UUID of the first run of the workflow execution chain, as describe returns it; any chain when left out';
const reasonAllowed = `a string of 1 to ${MAX_REASON_CHARACTERS} characters that are not all blank`;

/** The values of an enumeration, in a text. */
export const quoted = (values: readonly string[]): string => values.map((value) => `"${value}"`).join(', ');

/** The text for a time, before its condition. */
export const TIME = 'a time in RFC 3339 such as "2026-01-31T12:00:00Z", with its offset';

/** Maximum length of the names of activities, signals, builds and deployments: Temporal's limit on ids (`limit.maxIDLength`). */
export const MAX_NAME_CHARACTERS = 1000;

/** Counts Unicode code points, as JSON Schema does for `maxLength`, not UTF-16 code units. */
const characters = (text: string) => Array.from(text).length;

/**
 * Adds JSON Schema keywords for a refinement, which is a function and so cannot be converted to JSON Schema. A check that
 * JSON Schema cannot express, such as a number of bytes, is described in the field's text.
 */
const documented = (jsonSchema: { minLength?: number; maxLength?: number; pattern?: string }) => z.meta(jsonSchema);

/** A name of 1 to `max` code points. Lone surrogates are invalid, because Temporal fails on them. */
export const nameIn = (allowed: string, max: number) =>
  z.string(allowed).check(
    z.refine((name) => name.length > 0 && characters(name) <= max && name.isWellFormed(), allowed),
    documented({ minLength: 1, maxLength: max }),
  );

/** A number from `least` to `most`. */
export const numberIn = (allowed: string, least: number, most: number) =>
  z.number(allowed).check(z.gte(least, allowed), z.lte(most, allowed));

/** A whole number from `least` to `most`. */
export const integerIn = (allowed: string, least: number, most: number) =>
  z.int(allowed).check(z.gte(least, allowed), z.lte(most, allowed));

export const workflowId = z.string(workflowIdAllowed).check(
  z.refine((id) => id.length > 0 && Buffer.byteLength(id) <= MAX_ID_BYTES && id.isWellFormed(), workflowIdAllowed),
  documented({ minLength: 1, maxLength: MAX_ID_BYTES }),
);

/** A list of 1 to `most` workflow ids. */
export const workflowIdsIn = (allowed: string, most: number) =>
  z.array(workflowId, allowed).check(z.minLength(1, allowed), z.maxLength(most, allowed));

const uuid = /^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/;

/**
 * An optional run id with its own text. It is converted to lower case, Temporal's spelling: only some RPCs accept capitals,
 * and Rewind compares run ids.
 */
export const runIdIn = (allowed: string) =>
  z.optional(z.string(allowed).check(z.regex(uuid, allowed), z.toLowerCase()));

export const runId = runIdIn(runIdAllowed);

export const firstExecutionRunId = runIdIn(firstExecutionRunIdAllowed);

export const reason = z.string(reasonAllowed).check(
  z.refine(
    (text) => text.trim() !== '' && characters(text) <= MAX_REASON_CHARACTERS && text.isWellFormed(),
    reasonAllowed,
  ),
  documented({ minLength: 1, maxLength: MAX_REASON_CHARACTERS, pattern: '\\S' }),
);

/**
 * API Gateway waits 29 s for a function (`functionTimeout` in lib/constructs/rewind-function.ts). The other 4 s are for the
 * calls before and after the wait.
 */
const MAX_WAIT_SECONDS = 25;

const waitSecondsAllowed = `a number of seconds from 0 to ${MAX_WAIT_SECONDS}`;

export const waitSeconds = z.optional(numberIn(waitSecondsAllowed, 0, MAX_WAIT_SECONDS));

/** Items per page when `pageSize` is left out. */
export const DEFAULT_PAGE_SIZE = 20;
export const MAX_PAGE_SIZE = 100;
const pageSizeAllowed = `a whole number from 1 to ${MAX_PAGE_SIZE}`;

/** A string of digits, because it is a query parameter. */
export const pageSize = z.pipe(
  z._default(z.string(pageSizeAllowed).check(z.regex(/^([1-9]\d?|100)$/, pageSizeAllowed)), String(DEFAULT_PAGE_SIZE)),
  z.transform(Number),
);

const pageTokenAllowed = 'the nextPageToken of the previous page; the first page when left out';

export const pageToken = z.optional(z.string(pageTokenAllowed).check(z.minLength(1, pageTokenAllowed)));

/** The range of four-digit years. An offset can move a time out of it, and `toISOString` then writes the year with a sign. */
const FIRST_INSTANT = Date.parse('0000-01-01T00:00:00Z');
const LAST_INSTANT = Date.parse('9999-12-31T23:59:59.999Z');

/** A time with any offset, converted to UTC: the ledger compares times as strings. */
export const instant = (allowed: string) =>
  z.optional(
    z.pipe(
      z.iso.datetime({ offset: true, error: allowed }),
      z.transform((given: string) =>
        new Date(Math.min(Math.max(Date.parse(given), FIRST_INSTANT), LAST_INSTANT)).toISOString(),
      ),
    ),
  );

/** Returns false if `until` is before `since`: DynamoDB rejects a query for such a range. */
export const isRange = ({
  since = '',
  until = '',
}: {
  since?: string | undefined;
  until?: string | undefined;
}): boolean => !(Date.parse(since) > Date.parse(until));

const namespaceAllowed = 'the name of a namespace that Rewind serves';

export const namespace = z.string(namespaceAllowed).check(z.minLength(1, namespaceAllowed));
