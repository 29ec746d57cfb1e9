import * as z from 'zod/mini';

/*
 * The fields that requests share, over HTTP and in events. The text beside each says what is allowed; it is what a
 * caller reads when the field is refused.
 */

/** Temporal's own limit on ids, in bytes of UTF-8 (`limit.maxIDLength`). */
const MAX_ID_BYTES = 1000;

/** What a reason may take of the history event it is stored on, in characters. */
const MAX_REASON_CHARACTERS = 1000;

const workflowIdAllowed = `a string of 1 to ${MAX_ID_BYTES} bytes in UTF-8`;
const runIdAllowed = 'the UUID of a run, or left out for the latest run';
const firstExecutionRunIdAllowed = 'the UUID of the first run of a chain, as describe shows it, or left out';
const reasonAllowed = `a string of 1 to ${MAX_REASON_CHARACTERS} characters that are not all blank`;

/** A name that goes to the server, which fails on half a surrogate pair as if it were broken itself. */
export const nameIn = (allowed: string, longest: number) =>
  z
    .string(allowed)
    .check(z.refine((name) => name.length > 0 && name.length <= longest && name.isWellFormed(), allowed));

export const workflowId = z
  .string(workflowIdAllowed)
  .check(
    z.refine((id) => id.length > 0 && Buffer.byteLength(id) <= MAX_ID_BYTES && id.isWellFormed(), workflowIdAllowed),
  );

const uuid = /^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/;

/**
 * The UUID of a run in a field of its own meaning. In lower case, as Temporal writes it: some of its calls take a run id
 * in capitals, others do not, and we compare run ids ourselves.
 */
export const runIdIn = (allowed: string) =>
  z.optional(z.string(allowed).check(z.regex(uuid, allowed), z.toLowerCase()));

export const runId = runIdIn(runIdAllowed);

export const firstExecutionRunId = runIdIn(firstExecutionRunIdAllowed);

export const reason = z
  .string(reasonAllowed)
  .check(
    z.refine(
      (text) => text.trim() !== '' && text.length <= MAX_REASON_CHARACTERS && text.isWellFormed(),
      reasonAllowed,
    ),
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

const namespaceAllowed = 'the name of a namespace that Rewind serves';

export const namespace = z.string(namespaceAllowed).check(z.minLength(1, namespaceAllowed));
