import type { components } from '../../client/openapi';
import { wholeNumber } from '../command-line/options';
import { CliError } from '../exit-codes';
import { deploymentVersion } from '../command-line/versioning';

export type ResetTarget = components['schemas']['ResetWorkflowRequest']['target'];

interface Form {
  /** The text after `--to`. */
  form: string;
  does: string;
  /** Returns undefined for a value that is not of this form. */
  target: (value: string) => ResetTarget | undefined;
}

/** Every form of `--to`. Some take a value after "=". */
const forms: readonly Form[] = [
  { form: 'EVENT', does: 'a point that "rewind points" lists', target: (id) => ({ eventId: wholeNumber(id) }) },
  { form: 'last', does: 'the last workflow task that completed', target: () => ({ at: 'lastWorkflowTask' }) },
  { form: 'first', does: 'from the start', target: () => ({ at: 'firstWorkflowTask' }) },
  {
    form: 'last-continued-as-new',
    does: 'the end of the previous run, which continued as new',
    target: () => ({ at: 'lastContinuedAsNew' }),
  },
  {
    form: 'before-failure[=first]',
    does: 'before the failure that ended it or blocks it: the last or the first',
    target: (end) => (/^(first|last|)$/.test(end) ? { beforeFailure: end === 'first' ? 'first' : 'last' } : undefined),
  },
  {
    form: 'before-activity=TYPE[#N]',
    does: 'before this activity was scheduled: the last time, the Nth time, or #first',
    target: (text) => {
      const [, type = '', occurrence] = occurrenceAtEnd.exec(text) ?? [];
      return { beforeActivity: { type, ...(occurrence !== undefined && { occurrence: occurrenceOf(occurrence) }) } };
    },
  },
  {
    form: 'before-activity-id=ID',
    does: 'before the activity with this id was scheduled',
    target: (activityId) => ({ beforeActivity: { activityId } }),
  },
  {
    form: 'before-time=TIME',
    does: 'before this time, such as 2026-01-31T12:00:00Z',
    target: (time) => ({ beforeTime: time }),
  },
  {
    form: 'build-id=BUILD',
    does: 'before a worker of this build completed a task',
    target: (buildId) => ({ buildId }),
  },
  {
    form: 'before-build=BUILD',
    does: 'the last point before this build, if the run started on another build',
    target: (beforeBuildId) => ({ beforeBuildId }),
  },
  {
    form: 'version=DEPLOYMENT:BUILD',
    does: 'like build-id, for the build of this worker deployment',
    target: (version) => deploymentVersion(version),
  },
  {
    form: 'before-version=DEPLOYMENT:BUILD',
    does: 'like before-build, for the build of this worker deployment',
    target: (version) => {
      const { buildId: beforeBuildId, deploymentName } = deploymentVersion(version) ?? {};
      return beforeBuildId !== undefined ? { beforeBuildId, deploymentName } : undefined;
    },
  },
  {
    form: 'back=N',
    does: 'N completed workflow tasks before the last one',
    target: (count) => (/^\d+$/.test(count) ? { back: Number(count) } : undefined),
  },
];

const occurrenceAtEnd = /^(.*?)(?:#(\d+|first|last))?$/s;

const occurrenceOf = (given: string): number | 'first' | 'last' =>
  given === 'first' || given === 'last' ? given : wholeNumber(given);

const nameOf = ({ form }: Form): string => /^[a-z-]+/.exec(form)?.[0] ?? '';
const takesValue = ({ form }: Form): boolean => form.includes('=') && !form.includes('[=');

/**
 * Parses `--to`.
 * @throws {CliError} with all forms, if the text is none of them
 */
export function resetTarget(given: string): ResetTarget {
  if (/^\d+$/.test(given)) return { eventId: wholeNumber(given) };
  const [, name = '', value] = /^([a-z-]+)(?:=(.*))?$/s.exec(given) ?? [];
  const found = name === '' ? undefined : forms.find((form) => nameOf(form) === name);
  const isMalformed =
    !found ||
    value === '' ||
    (takesValue(found) && value === undefined) ||
    (value !== undefined && !found.form.includes('='));
  const target = isMalformed ? undefined : found.target(value ?? '');
  if (target) return target;
  throw new CliError('usage', `--to ${JSON.stringify(given)} is not a reset point.`, { hints: formLines() });
}

/** The forms and what they mean, in 78 columns: the help is indented by two. */
export const formLines = (): string[] =>
  forms.flatMap(({ form, does }) =>
    (does.match(/\S.{0,37}(?!\S)/g) ?? []).map((part, index) => (index === 0 ? `--to ${form}` : '').padEnd(39) + part),
  );

/** Formats a target for `--to`. */
export function targetText(target: ResetTarget): string {
  if (target.eventId !== undefined) return String(target.eventId);
  if (target.at !== undefined) {
    return { firstWorkflowTask: 'first', lastWorkflowTask: 'last', lastContinuedAsNew: 'last-continued-as-new' }[
      target.at
    ];
  }
  if (target.beforeFailure !== undefined) return `before-failure=${target.beforeFailure}`;
  if (target.beforeTime !== undefined) return `before-time=${target.beforeTime}`;
  const { deploymentName } = target;
  if (target.buildId !== undefined && deploymentName !== undefined)
    return `version=${deploymentName}:${target.buildId}`;
  if (target.beforeBuildId !== undefined && deploymentName !== undefined) {
    return `before-version=${deploymentName}:${target.beforeBuildId}`;
  }
  if (target.buildId !== undefined) return `build-id=${target.buildId}`;
  if (target.beforeBuildId !== undefined) return `before-build=${target.beforeBuildId}`;
  if (target.back !== undefined) return `back=${target.back}`;
  const { type, activityId, occurrence } = target.beforeActivity ?? {};
  if (type === undefined) return `before-activity-id=${activityId ?? ''}`;
  // Without it, the end of such a type would be read as the occurrence of another.
  const implied = occurrenceAtEnd.exec(type)?.[2] === undefined ? undefined : 'last';
  const which = occurrence ?? implied;
  return `before-activity=${type}${which === undefined ? '' : `#${which}`}`;
}
