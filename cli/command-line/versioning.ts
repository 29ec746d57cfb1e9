import type { components } from '../../client/openapi';
import { CliError } from '../exit-codes';

type Overrides = NonNullable<components['schemas']['ResetWorkflowRequest']['versioningOverride']>;
export type Versioning = Exclude<Overrides, { oneTime: unknown }>;

/**
 * Parses `autoUpgrade` or `DEPLOYMENT:BUILD`.
 * @throws {CliError} for other texts
 */
export function versioningOverride(given: string): Versioning {
  if (given === 'autoUpgrade') return given;
  const pinned = deploymentVersion(given);
  if (pinned) return { pinned };
  throw new CliError('usage', `--versioning ${JSON.stringify(given)} is neither autoUpgrade nor DEPLOYMENT:BUILD.`);
}

/** Parses DEPLOYMENT:BUILD. Temporal accepts colons in build ids, but not in the names of deployments. */
export function deploymentVersion(given: string): { deploymentName: string; buildId: string } | undefined {
  const [, deploymentName, buildId] = /^([^:]+):(.+)$/s.exec(given) ?? [];
  return deploymentName !== undefined && buildId !== undefined ? { deploymentName, buildId } : undefined;
}

/** Parses `--versioning` of `update-options`. */
export const runVersioning = (given: string): Versioning | 'none' =>
  given === 'none' ? given : versioningOverride(given);

export const versioningText = (versioning: Versioning): string =>
  typeof versioning === 'string' ? versioning : `${versioning.pinned.deploymentName}:${versioning.pinned.buildId}`;
