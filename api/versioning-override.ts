import * as z from 'zod/mini';
import { MAX_NAME_CHARACTERS, nameIn } from './fields';

/** Overrides the versioning behavior that a run's workers declare. */
export type VersioningOverride = 'autoUpgrade' | { pinned: { deploymentName: string; buildId: string } };

const versioningOverrideAllowed = '"autoUpgrade" or {"pinned": {"deploymentName": "…", "buildId": "…"}}';

/** Text for fields that also accept `none`, which removes the override. */
export const anyOverrideAllowed = `${versioningOverrideAllowed}, or "none" to remove the override`;

/**
 * Returns the schema of a versioning override.
 * @param words accepted strings, in place of a version
 */
export function versioningOverrideIn<const Word extends string>(words: readonly Word[], allowed: string) {
  const name = nameIn(allowed, MAX_NAME_CHARACTERS);
  const pinned = z.strictObject({ deploymentName: name, buildId: name });
  return z.union([z.enum(words as [Word, ...Word[]], allowed), z.strictObject({ pinned })], allowed);
}

/** Overrides the version for the next workflow task only. Servers up to 1.31 reject it (observed on 1.29.1). */
export interface OneTimeOverride {
  oneTime: { deploymentName: string; buildId: string };
}

export const resetOverrideAllowed =
  '"autoUpgrade", {"pinned": {"deploymentName": "…", "buildId": "…"}} or, for the next workflow task only and if the server supports it, {"oneTime": {"deploymentName": "…", "buildId": "…"}}';

/** Returns the schema of a reset's versioning override. @param words as in {@link versioningOverrideIn} */
export function resetOverrideIn<const Word extends string>(words: readonly Word[], allowed: string) {
  const name = nameIn(allowed, MAX_NAME_CHARACTERS);
  const version = z.strictObject({ deploymentName: name, buildId: name });
  return z.union(
    [
      z.enum(words as [Word, ...Word[]], allowed),
      z.strictObject({ pinned: version }),
      z.strictObject({ oneTime: version }),
    ],
    allowed,
  );
}
