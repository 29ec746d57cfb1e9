import type { components } from '../client/openapi';
import { CliError } from './exit-codes';

type Overrides = NonNullable<components['schemas']['ResetWorkflowRequest']['versioningOverride']>;
export type Versioning = Exclude<Overrides, { oneTime: unknown }>;

export function versioningOverride(given: string): Versioning {
  if (given === 'autoUpgrade') return given;
  const at = given.lastIndexOf(':');
  if (at > 0) return { pinned: { deploymentName: given.slice(0, at), buildId: given.slice(at + 1) } };
  throw new CliError('usage', `--versioning ${JSON.stringify(given)} is neither autoUpgrade nor DEPLOYMENT:BUILD.`);
}

/** Parses `--versioning` of `update-options`. */
export const runVersioning = (given: string): Versioning | 'none' =>
  given === 'none' ? given : versioningOverride(given);

export const versioningText = (versioning: Versioning): string =>
  typeof versioning === 'string' ? versioning : `${versioning.pinned.deploymentName}:${versioning.pinned.buildId}`;
