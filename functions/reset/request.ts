import * as z from 'zod/mini';
import { orphanActions } from '../../operations/reset/orphaned-children';
import type { ResetTarget } from '../../operations/reset/target';
import { reapplied } from '../../operations/temporal/namespace-client';
import type { VersioningOverride } from '../../operations/temporal/namespace-client';
import { nameIn, reason, runId, runIdIn, waitSeconds, workflowId } from '../request-fields';

const LONGEST_NAME = 1000;
const quoted = (names: readonly string[]) => names.map((name) => `"${name}"`).join(', ');
const name = (allowed: string) => z.optional(nameIn(allowed, LONGEST_NAME));

const places = ['firstWorkflowTask', 'lastWorkflowTask', 'lastContinuedAsNew'] as const;
const ends = ['first', 'last'] as const;
const allowed = {
  eventId: 'the eventId, an integer, of one of the points that GET …/workflows/reset-points lists',
  at: `one of ${quoted(places)}`,
  beforeActivity: 'an object with either "type" or "activityId", and perhaps "occurrence"',
  activityName: `a string of 1 to ${LONGEST_NAME} characters`,
  occurrence: 'a whole number from 1, counted from the first such activity, or "first" or "last"; "last" when left out',
  beforeFailure: `one of ${quoted(ends)}`,
  beforeTime: 'a time in RFC 3339 such as "2026-01-31T12:00:00Z", with its offset',
  buildId: `a build id of 1 to ${LONGEST_NAME} characters, as reset-points shows it`,
  back: 'a whole number of workflow tasks before the last one, from 0',
  target: 'an object with exactly one of eventId, at, beforeActivity, beforeFailure, beforeTime, buildId, back',
  ifCurrentRunId: 'the UUID of the run that has to be the current one, or left out',
  terminateRunId: 'the UUID of the live run that may be terminated when an older run is reset, or left out',
  excludeReapply: `a list of what not to carry over into the new run: ${quoted(reapplied)}`,
  versioningOverride: '"autoUpgrade" or {"pinned": {"deploymentName": "…", "buildId": "…"}}',
  orphanedChildren: `one of ${quoted(orphanActions)}; "leave" when left out`,
  dryRun: 'true or false',
};

const hasOneField = (object: object) => Object.keys(object).length === 1;

const beforeActivity = z
  .strictObject(
    {
      type: name(allowed.activityName),
      activityId: name(allowed.activityName),
      occurrence: z.optional(
        z.union(
          [z.int(allowed.occurrence).check(z.gte(1, allowed.occurrence)), z.enum(ends, allowed.occurrence)],
          allowed.occurrence,
        ),
      ),
    },
    allowed.beforeActivity,
  )
  .check(
    z.refine(({ type, activityId }) => (type === undefined) !== (activityId === undefined), allowed.beforeActivity),
  );

/** One object with all fields, and not a union: so that a refused field is named, and not only its target. */
export const target = z.pipe(
  z
    .strictObject(
      {
        eventId: z.optional(z.int(allowed.eventId)),
        at: z.optional(z.enum(places, allowed.at)),
        beforeActivity: z.optional(beforeActivity),
        beforeFailure: z.optional(z.enum(ends, allowed.beforeFailure)),
        beforeTime: z.optional(z.iso.datetime({ offset: true, error: allowed.beforeTime })),
        buildId: name(allowed.buildId),
        back: z.optional(z.int(allowed.back).check(z.gte(0, allowed.back))),
      },
      allowed.target,
    )
    .check(z.refine(hasOneField, allowed.target)),
  z.transform((fields) => fields as ResetTarget),
);

const pinned = z.strictObject({
  deploymentName: nameIn(allowed.versioningOverride, LONGEST_NAME),
  buildId: nameIn(allowed.versioningOverride, LONGEST_NAME),
});

export const resetRequest = z.strictObject({
  workflowId,
  runId,
  reason,
  target,
  ifCurrentRunId: runIdIn(allowed.ifCurrentRunId),
  terminateRunId: runIdIn(allowed.terminateRunId),
  excludeReapply: z.optional(z.array(z.enum(reapplied, allowed.excludeReapply), allowed.excludeReapply)),
  versioningOverride: z.optional(
    z.pipe(
      z.union([z.literal('autoUpgrade'), z.strictObject({ pinned })], allowed.versioningOverride),
      z.transform((override): VersioningOverride => override),
    ),
  ),
  orphanedChildren: z.optional(z.enum(orphanActions, allowed.orphanedChildren)),
  waitSeconds,
  dryRun: z.optional(z.boolean(allowed.dryRun)),
});
