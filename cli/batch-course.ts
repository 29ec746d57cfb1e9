import type { components } from '../client/openapi';
import { routes } from './contract';
import { flag, value } from './declaration';
import { secondsOf } from './durations';
import { CliError } from './exit-codes';
import { wholeNumber } from './options';

/* The options of what starts a batch operation: how fast it is, how it protects itself, and what it does after its resets. */

type BatchRequest = components['schemas']['StartBatchOperationRequest'];
type Course = Pick<
  BatchRequest,
  'followSeconds' | 'canary' | 'stopAtFailureRate' | 'ratePerSecond' | 'maxWorkflows' | 'expectMatched'
>;

const { fields } = routes.startBatchOperation;

export const courseOptions = {
  follow: value('--follow <duration>', `with reset: ${fields.followSeconds}`, secondsOf),
  canary: value('--canary <number>', 'do so many first, and go on only when these are well', wholeNumber),
  canaryWait: value('--canary-wait <duration>', 'how long they are followed: 30s when left out', secondsOf),
  canaryFailures: value('--canary-failures <share>', 'the share of them that may fail: 0 when left out', Number),
  stopAt: value('--stop-at <share>', 'stop once such a share of those done has failed, of 10 at least: 0.2', Number),
  rate: value('--rate <number>', `workflows a second: ${fields.ratePerSecond}`, Number),
  max: value('--max <number>', `refused if more match: ${fields.maxWorkflows}`, wholeNumber),
};

export const startControls = {
  expect: value('--expect <number>', 'refuse unless so many match; needed where there is no terminal', wholeNumber),
  watch: flag('--watch', 'show the progress until it has ended'),
  dryRun: flag('--dry-run', 'show what it would do, and stop'),
};

const DEFAULT_CANARY_WAIT_SECONDS = 30;

interface CourseOptions {
  rate?: number | undefined;
  max?: number | undefined;
  expect?: number | undefined;
  follow?: number | undefined;
  canary?: number | undefined;
  canaryWait?: number | undefined;
  canaryFailures?: number | undefined;
  stopAt?: number | undefined;
}

/** How it protects itself, and what it does after its resets. */
export function courseOf({ rate, max, expect, follow, canary, canaryWait, canaryFailures, stopAt }: CourseOptions) {
  if (canary === undefined && (canaryWait !== undefined || canaryFailures !== undefined)) {
    throw new CliError('usage', '--canary is missing: how many are done first.');
  }
  return {
    ...(follow !== undefined && { followSeconds: follow }),
    ...(canary !== undefined && {
      canary: {
        count: canary,
        waitSeconds: canaryWait ?? DEFAULT_CANARY_WAIT_SECONDS,
        ...(canaryFailures !== undefined && { maxFailureRate: canaryFailures }),
      },
    }),
    ...(stopAt !== undefined && { stopAtFailureRate: stopAt }),
    ...(rate !== undefined && { ratePerSecond: rate }),
    ...(max !== undefined && { maxWorkflows: max }),
    ...(expect !== undefined && { expectMatched: expect }),
  };
}

/** The flags that give these fields. */
export function courseFlags({
  followSeconds,
  canary,
  stopAtFailureRate,
  ratePerSecond,
  maxWorkflows,
  expectMatched,
}: Course): string[] {
  const given = {
    '--follow': followSeconds,
    '--canary': canary?.count,
    '--canary-wait': canary?.waitSeconds,
    '--canary-failures': canary?.maxFailureRate,
    '--stop-at': stopAtFailureRate,
    '--rate': ratePerSecond,
    '--max': maxWorkflows,
    '--expect': expectMatched,
  };
  return Object.entries(given).flatMap(([name, number]) => (number === undefined ? [] : [name, String(number)]));
}
