import type { components } from '../../client/openapi';
import { routes } from '../requests/contract';
import { flag, value } from '../command-line/declaration';
import { secondsOf } from '../output/durations';
import { CliError } from '../exit-codes';
import { flagsFor } from '../command-line/flags';
import { wholeNumber } from '../command-line/options';

/* Options of the commands that start a batch operation: its rate, its safeguards, and how long it follows new runs. */

type BatchRequest = components['schemas']['StartBatchOperationRequest'];
type ExecutionFields = Pick<
  BatchRequest,
  'followSeconds' | 'canary' | 'stopAtFailureRate' | 'ratePerSecond' | 'maxWorkflows' | 'expectMatched'
>;

const { fields } = routes.startBatchOperation;

export const executionOptions = {
  follow: value(
    '--follow <duration>',
    'of a reset: follow each new run this long, 1s to 10m, and report it',
    secondsOf,
  ),
  canary: value('--canary <number>', 'change this many first, and continue only if they succeed', wholeNumber),
  canaryWait: value('--canary-wait <duration>', 'how long to follow the canary: 30s when left out', secondsOf),
  canaryFailures: value(
    '--canary-failures <share>',
    'the share of the canary that may fail, such as 0.2; 0 when left out',
    Number,
  ),
  stopAt: value(
    '--stop-at <share>',
    'stop once this share has failed, such as 0.2, after at least 10 workflows',
    Number,
  ),
  rate: value('--rate <number>', `workflows per second: ${fields.ratePerSecond}`, Number),
  max: value('--max <number>', `refuse if more match: ${fields.maxWorkflows}`, wholeNumber),
};

export const startControls = {
  expect: value('--expect <number>', 'refuse unless this many match; required without a terminal', wholeNumber),
  watch: flag('--watch', 'show the progress until it has ended'),
  dryRun: flag('--dry-run', 'show what it would do, and stop'),
};

const DEFAULT_CANARY_WAIT_SECONDS = 30;

type ExecutionOptions = Partial<Record<keyof typeof executionOptions | 'expect', number | undefined>>;

/** The fields of the request that these options set. */
export function executionFields({
  rate,
  max,
  expect,
  follow,
  canary,
  canaryWait,
  canaryFailures,
  stopAt,
}: ExecutionOptions) {
  if (canary === undefined && (canaryWait !== undefined || canaryFailures !== undefined)) {
    throw new CliError('usage', '--canary is missing: how many workflows to change first.');
  }
  return {
    followSeconds: follow,
    canary:
      canary === undefined
        ? undefined
        : { count: canary, waitSeconds: canaryWait ?? DEFAULT_CANARY_WAIT_SECONDS, maxFailureRate: canaryFailures },
    stopAtFailureRate: stopAt,
    ratePerSecond: rate,
    maxWorkflows: max,
    expectMatched: expect,
  };
}

/** The options that set these fields. */
export function executionFlags({
  followSeconds,
  canary,
  stopAtFailureRate,
  ratePerSecond,
  maxWorkflows,
  expectMatched,
}: ExecutionFields): string[] {
  return flagsFor({
    '--follow': followSeconds,
    '--canary': canary?.count,
    '--canary-wait': canary?.waitSeconds,
    '--canary-failures': canary?.maxFailureRate,
    '--stop-at': stopAtFailureRate,
    '--rate': ratePerSecond,
    '--max': maxWorkflows,
    '--expect': expectMatched,
  });
}
