import type { JSX } from 'preact';
import { resetFields, resetVersioning } from '../../cli/reset-options';
import type { ResetFields } from '../../cli/reset-options';
import { Check, Select, TextField } from './parts';

/* How the new run of a reset differs from the server's default: of one workflow, or of many. */

export const reapplied = ['signals', 'updates', 'nexus'] as const;
export type Reapplied = (typeof reapplied)[number];

const orphanChoices = [
  { value: 'leave', text: 'leave them running' },
  { value: 'cancel', text: 'cancel them first' },
  { value: 'terminate', text: 'terminate them first' },
] as const;

export interface ResetOptions {
  orphanedChildren: (typeof orphanChoices)[number]['value'];
  excludeReapply: Reapplied[];
  /** As `--versioning` takes it; '' for the server's default. */
  versioning: string;
}

/**
 * The fields of the request.
 * @throws {CliError} for a version that is none
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
    label="Children without a parent"
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

/** How the override of a run is written. */
export const OVERRIDE_FORMS = 'autoUpgrade, DEPLOYMENT:BUILD or none';

/** How `versioning` is written. */
export const VERSION_FORMS = 'autoUpgrade, DEPLOYMENT:BUILD or once=DEPLOYMENT:BUILD';

export const VersionField = ({ options, onChange }: FieldProps): JSX.Element => (
  <TextField
    label="Worker version of the new run"
    value={options.versioning}
    placeholder={VERSION_FORMS}
    onChange={(versioning) => onChange({ ...options, versioning })}
  />
);
