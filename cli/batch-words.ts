import type { components } from '../client/openapi';
import { courseFlags } from './batch-course';
import { resetFlags } from './reset-options';
import { targetText } from './reset-target';
import { flagsOf } from './workflow-ids';

type BatchRequest = components['schemas']['StartBatchOperationRequest'];

/** What can be done to many workflows: the names of the API, by the command's own. */
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

export const nameOfAction = (action: BatchRequest['action']): string =>
  actionNames.find((name) => actions[name] === action) ?? action;

/** Words of the command line that starts this batch operation. */
export function batchStartWords(request: BatchRequest): string[] {
  const { action, query, workflows = [], exclude = [], target, until, engine, reason } = request;
  return [
    'batch',
    'start',
    nameOfAction(action),
    ...workflows.flatMap((workflowId) => flagsOf({ workflowId })),
    ...(query === undefined ? [] : ['-q', query]),
    ...(target === undefined ? [] : ['--to', targetText(target)]),
    ...(until === undefined ? [] : ['--until', until]),
    '--reason',
    reason,
    ...exclude.flatMap((id) => ['--except', id]),
    ...resetFlags(request),
    ...courseFlags(request),
    ...(engine === undefined ? [] : ['--engine', engine]),
  ];
}
