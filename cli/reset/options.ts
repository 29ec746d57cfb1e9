import type { components } from '../../client/openapi';
import { routes } from '../requests/contract';
import { choice, value } from '../command-line/declaration';
import { CliError } from '../exit-codes';
import { flagsFor } from '../command-line/flags';
import { versioningOverride, versioningText } from '../command-line/versioning';

/* The options of a reset, of one workflow or of many. */

type ResetRequest = components['schemas']['ResetWorkflowRequest'];
type ResetVersioning = NonNullable<ResetRequest['versioningOverride']>;
export type ResetFields = Pick<ResetRequest, 'orphanedChildren' | 'excludeReapply' | 'versioningOverride'>;

const { fields, choices } = routes.resetWorkflow;

/** Prefix of a version that applies only to the next workflow task. */
const ONCE = 'once=';

export const resetOptions = {
  orphans: choice(
    '--orphans <action>',
    'what to do with running children that the new run does not have; leave when left out',
    choices.orphanedChildren,
  ),
  exclude: value(
    '--exclude <types>',
    'what not to carry over, separated by commas: signals, updates, nexus',
    reapplyTypes,
  ),
  versioning: value(
    '--versioning <version>',
    'autoUpgrade, DEPLOYMENT:BUILD to pin the new run to, or once=DEPLOYMENT:BUILD for its next workflow task only',
    resetVersioning,
  ),
};

interface Given {
  orphans?: ResetFields['orphanedChildren'];
  exclude?: ResetFields['excludeReapply'];
  versioning?: ResetVersioning | undefined;
}

/** The fields of the request that these options set. */
export const resetFields = ({ orphans, exclude, versioning }: Given): ResetFields => ({
  orphanedChildren: orphans,
  excludeReapply: exclude,
  versioningOverride: versioning,
});

/** The options that set these fields. */
export const resetFlags = ({
  orphanedChildren,
  excludeReapply,
  versioningOverride: versioning,
}: Omit<ResetFields, 'versioningOverride'> & { versioningOverride?: ResetVersioning | 'none' }): string[] =>
  flagsFor({
    '--orphans': orphanedChildren,
    '--exclude': excludeReapply?.join(','),
    '--versioning': versioning && resetVersioningText(versioning),
  });

function reapplyTypes(given: string): ('signals' | 'updates' | 'nexus')[] {
  const types = given.split(',').map((type) => type.trim());
  const isType = (type: string) => type === 'signals' || type === 'updates' || type === 'nexus';
  if (types.every(isType)) return types;
  throw new CliError('usage', `--exclude ${JSON.stringify(given)}: it is ${fields.excludeReapply}.`);
}

/**
 * Parses `--versioning` of a reset: `autoUpgrade`, `DEPLOYMENT:BUILD`, or `once=DEPLOYMENT:BUILD` for the next workflow task only.
 * @throws {CliError} if the text is not a version
 */
export function resetVersioning(given: string): ResetVersioning {
  if (!given.startsWith(ONCE)) return versioningOverride(given);
  const version = versioningOverride(given.slice(ONCE.length));
  if (typeof version === 'string') return version;
  return { oneTime: version.pinned };
}

/**
 * Parses `--versioning` of a batch operation.
 * @throws {CliError} if the text is not a version
 */
export const batchVersioning = (given: string): ResetVersioning | 'none' =>
  given === 'none' ? given : resetVersioning(given);

function resetVersioningText(versioning: ResetVersioning | 'none'): string {
  if (versioning === 'none') return versioning;
  if (typeof versioning === 'object' && 'oneTime' in versioning) {
    return ONCE + versioningText({ pinned: versioning.oneTime });
  }
  return versioningText(versioning);
}
