import * as z from 'zod/mini';
import { nameIn } from './fields';

const MAX_NAME_CHARACTERS = 1000;

/** Which worker version a run is to use, whatever its workers' versioning behaviour. */
export type VersioningOverride = 'autoUpgrade' | { pinned: { deploymentName: string; buildId: string } };

export const versioningOverrideAllowed = '"autoUpgrade" or {"pinned": {"deploymentName": "…", "buildId": "…"}}';

/** @param words what may be said in place of a version */
export function versioningOverrideIn<const Word extends string>(words: readonly Word[], allowed: string) {
  const name = nameIn(allowed, MAX_NAME_CHARACTERS);
  const pinned = z.strictObject({ deploymentName: name, buildId: name });
  return z.union([z.enum(words as [Word, ...Word[]], allowed), z.strictObject({ pinned })], allowed);
}
