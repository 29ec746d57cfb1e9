import * as z from 'zod/mini';

/*
 * The fields that requests share, over HTTP and in events. The text of each says what is allowed: it is the error of a
 * refused field, and the field's description in docs/openapi.json.
 */

/** Temporal's own limit on ids, in bytes of UTF-8 (`limit.maxIDLength`). */
const MAX_ID_BYTES = 1000;

/** What a reason may take of the history event it is stored on, in Unicode characters. */
const MAX_REASON_CHARACTERS = 1000;

const workflowIdAllowed = `a string of 1 to ${MAX_ID_BYTES} bytes in UTF-8`;
const runIdAllowed = 'the UUID of a run, or left out for the latest run';
const firstExecutionRunIdAllowed = 'the UUID of the first run of a chain, as describe shows it, or left out';
const reasonAllowed = `a string of 1 to ${MAX_REASON_CHARACTERS} characters that are not all blank`;

/** In Unicode characters, as JSON Schema counts them, and not in UTF-16 units. */
const characters = (text: string) => Array.from(text).length;

/**
 * What a refinement checks, for docs/openapi.json: a JSON Schema cannot be made from a function. Code that checks more,
 * such as bytes, says so in the field's text.
 */
const documented = (jsonSchema: { minLength?: number; maxLength?: number; pattern?: string }) => z.meta(jsonSchema);

/** A name of up to `max` characters. Temporal fails on half a surrogate pair, so it is refused here. */
export const nameIn = (allowed: string, max: number) =>
  z.string(allowed).check(
    z.refine((name) => name.length > 0 && characters(name) <= max && name.isWellFormed(), allowed),
    documented({ minLength: 1, maxLength: max }),
  );

export const workflowId = z.string(workflowIdAllowed).check(
  z.refine((id) => id.length > 0 && Buffer.byteLength(id) <= MAX_ID_BYTES && id.isWellFormed(), workflowIdAllowed),
  documented({ minLength: 1, maxLength: MAX_ID_BYTES }),
);

const uuid = /^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/;

/**
 * The UUID of a run in a field of its own meaning. In lower case, as Temporal writes it: only some of its calls accept
 * capitals, and Rewind compares run ids.
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
 * API Gateway waits 29 s for a function (`functionTimeout` in lib/constructs/rewind-function.ts); what is not spent
 * waiting is for the calls before and after.
 */
const MAX_WAIT_SECONDS = 25;

const waitSecondsAllowed = `a number of seconds from 0 to ${MAX_WAIT_SECONDS}`;

export const waitSeconds = z.optional(
  z.number(waitSecondsAllowed).check(z.gte(0, waitSecondsAllowed), z.lte(MAX_WAIT_SECONDS, waitSecondsAllowed)),
);

/** Items a page holds when the caller does not say, and at most. */
export const DEFAULT_PAGE_SIZE = 20;
export const MAX_PAGE_SIZE = 100;
const pageSizeAllowed = `a whole number from 1 to ${MAX_PAGE_SIZE}`;

/** As it comes in a query string: digits. */
export const pageSize = z.pipe(
  z._default(z.string(pageSizeAllowed).check(z.regex(/^([1-9]\d?|100)$/, pageSizeAllowed)), String(DEFAULT_PAGE_SIZE)),
  z.transform(Number),
);

const pageTokenAllowed = 'the nextPageToken of the page before, or left out for the first page';

export const pageToken = z.optional(z.string(pageTokenAllowed).check(z.minLength(1, pageTokenAllowed)));

/** A time, as the ledger writes times: in UTC, so that they compare as texts. */
export const instant = (allowed: string) =>
  z.optional(
    z.pipe(
      z.iso.datetime({ offset: true, error: allowed }),
      z.transform((given: string) => new Date(given).toISOString()),
    ),
  );

/** Whether a range of times does not end before it begins: DynamoDB refuses to look for one that does. */
export const isRange = ({
  since = '',
  until = '',
}: {
  since?: string | undefined;
  until?: string | undefined;
}): boolean => !(Date.parse(since) > Date.parse(until));

const namespaceAllowed = 'the name of a namespace that Rewind serves';

export const namespace = z.string(namespaceAllowed).check(z.minLength(1, namespaceAllowed));
