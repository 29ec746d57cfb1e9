import * as z from 'zod/mini';
import { nameIn } from './fields';

const MAX_NAME_CHARACTERS = 1000;

/** Which worker version a run is to use, whatever its workers' versioning behaviour. */
export type VersioningOverride = 'autoUpgrade' | { pinned: { deploymentName: string; buildId: string } };

const versioningOverrideAllowed = '"autoUpgrade" or {"pinned": {"deploymentName": "…", "buildId": "…"}}';

/** With the word that removes an override. */
export const anyOverrideAllowed = `${versioningOverrideAllowed}, or "none" to remove the override`;

/** @param words what may be said in place of a version */
export function versioningOverrideIn<const Word extends string>(words: readonly Word[], allowed: string) {
  const name = nameIn(allowed, MAX_NAME_CHARACTERS);
  const pinned = z.strictObject({ deploymentName: name, buildId: name });
  return z.union([z.enum(words as [Word, ...Word[]], allowed), z.strictObject({ pinned })], allowed);
}

/** The version for the next workflow task only. Servers up to 1.31 refuse it (observed on 1.29.1). */
export interface OneTimeOverride {
  oneTime: { deploymentName: string; buildId: string };
}

export const resetOverrideAllowed =
  '"autoUpgrade", {"pinned": {"deploymentName": "…", "buildId": "…"}} or, for the next workflow task only where the server has that, {"oneTime": {"deploymentName": "…", "buildId": "…"}}';

/** What a reset takes. @param words as in {@link versioningOverrideIn} */
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
