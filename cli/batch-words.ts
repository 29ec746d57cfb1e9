import type { components } from '../client/openapi';
import { courseFlags } from './batch-course';
import { resetFlags } from './reset-options';
import { targetText } from './reset-target';
import { flagsOf } from './workflow-ids';

type BatchRequest = components['schemas']['StartBatchOperationRequest'];

/** Words of the command line that starts this batch operation. */
export function batchStartWords(request: BatchRequest): string[] {
  const { action, query, workflows = [], exclude = [], target, engine, reason } = request;
  return [
    'batch',
    'start',
    action,
    ...workflows.flatMap((workflowId) => flagsOf({ workflowId })),
    ...(query === undefined ? [] : ['-q', query]),
    ...(target === undefined ? [] : ['--to', targetText(target)]),
    '--reason',
    reason,
    ...exclude.flatMap((id) => ['--except', id]),
    ...resetFlags(request),
    ...courseFlags(request),
    ...(engine === undefined ? [] : ['--engine', engine]),
  ];
}
