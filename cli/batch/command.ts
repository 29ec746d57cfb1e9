import type { components } from '../../client/openapi';
import { executionFlags } from './execution';
import { flagsFor } from '../command-line/flags';
import { resetFlags } from '../reset/options';
import { targetText } from '../reset/target';
import { flagsOf } from '../workflows/workflow-ids';

type BatchRequest = components['schemas']['StartBatchOperationRequest'];

/** Actions of batch operations: the API's name of each, by the name on the command line. */
export const actions = {
  cancel: 'cancel',
  terminate: 'terminate',
  reset: 'reset',
  pause: 'pause',
  unpause: 'unpause',
  'update-options': 'updateOptions',
} as const satisfies Record<string, BatchRequest['action']>;
export type ActionName = keyof typeof actions;
export const actionNames = Object.keys(actions) as ActionName[];

const nameOfAction = (action: BatchRequest['action']): string =>
  actionNames.find((name) => actions[name] === action) ?? action;

/** Arguments of `rewind` that start this batch operation. */
export function batchStartArguments(request: BatchRequest): string[] {
  const { action, query, workflows = [], exclude = [], target, until, engine, reason } = request;
  return [
    'batch',
    'start',
    nameOfAction(action),
    ...workflows.flatMap((workflowId) => flagsOf({ workflowId })),
    ...flagsFor({ '-q': query, '--to': target && targetText(target), '--until': until, '--reason': reason }),
    ...exclude.flatMap((id) => ['--except', id]),
    ...resetFlags(request),
    ...executionFlags(request),
    ...flagsFor({ '--engine': engine }),
  ];
}
