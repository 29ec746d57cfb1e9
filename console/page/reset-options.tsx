import type { JSX } from 'preact';
import { routes } from '../../cli/requests/contract';
import { resetFields, resetVersioning } from '../../cli/reset/options';
import type { ResetFields } from '../../cli/reset/options';
import { Check, Select, TextField } from './parts';

/* Fields for the options of a reset, of one workflow or many. */

/** Kinds of events that a reset can carry over. */
export const reapplied = routes.resetWorkflow.choices.excludeReapply;
export type Reapplied = (typeof reapplied)[number];

const orphanChoices = [
  { value: 'leave', text: 'leave them running' },
  { value: 'cancel', text: 'cancel them first' },
  { value: 'terminate', text: 'terminate them first' },
] as const;

export interface ResetOptions {
  orphanedChildren: (typeof orphanChoices)[number]['value'];
  excludeReapply: Reapplied[];
  /** In the format of `--versioning`; '' for the server's default. */
  versioning: string;
}

/**
 * The fields of the request.
 * @throws {CliError} if the version is invalid
 */
export const resetFieldsOf = ({ orphanedChildren, excludeReapply, versioning }: ResetOptions): ResetFields =>
  resetFields({
    ...(orphanedChildren !== 'leave' && { orphans: orphanedChildren }),
    ...(excludeReapply.length > 0 && { exclude: excludeReapply }),
    ...(versioning !== '' && { versioning: resetVersioning(versioning) }),
  });

interface FieldProps {
  options: ResetOptions;
  onChange: (options: ResetOptions) => void;
}

export const OrphansField = ({ options, onChange }: FieldProps): JSX.Element => (
  <Select
    label="Orphaned children"
    value={options.orphanedChildren}
    choices={orphanChoices}
    onChange={(value) => onChange({ ...options, orphanedChildren: value as ResetOptions['orphanedChildren'] })}
  />
);

export function ReapplyField({ kind, options, onChange }: FieldProps & { kind: Reapplied }): JSX.Element {
  const { excludeReapply } = options;
  const excluded = (one: Reapplied, isCarried: boolean) => (one === kind ? !isCarried : excludeReapply.includes(one));
  return (
    <Check
      label={`Carry over ${kind === 'nexus' ? 'Nexus operations' : kind}`}
      checked={!excludeReapply.includes(kind)}
      onChange={(isCarried) =>
        onChange({ ...options, excludeReapply: reapplied.filter((one) => excluded(one, isCarried)) })
      }
    />
  );
}

/** Formats of the versioning override of a run. */
export const OVERRIDE_FORMS = 'autoUpgrade, DEPLOYMENT:BUILD or none';

/** Formats of the versioning override of a reset. */
export const VERSION_FORMS = 'autoUpgrade, DEPLOYMENT:BUILD or once=DEPLOYMENT:BUILD';

export const VersionField = ({ options, onChange }: FieldProps): JSX.Element => (
  <TextField
    label="Worker version of the new run"
    value={options.versioning}
    placeholder={VERSION_FORMS}
    onChange={(versioning) => onChange({ ...options, versioning })}
  />
);
