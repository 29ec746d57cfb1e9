import { flagsOf } from '../../cli/workflow-ids';
import type { ChangeForm } from './change-dialog';

interface Target {
  namespace: string;
  workflowId: string;
  runId: string;
}

type Command = (...words: string[]) => string;

const bodyOf = ({ workflowId, runId }: Target, reason: string) => ({ workflowId, runId, reason });

export const cancelForm = (target: Target, command: Command): ChangeForm => ({
  title: `Request cancellation of ${target.workflowId}`,
  lines: ['The workflow’s code decides how it ends.'],
  change: (reason) => ({
    namespace: target.namespace,
    path: 'workflows/cancel',
    body: { ...bodyOf(target, reason), waitSeconds: 3 },
  }),
  command: (reason) => command('cancel', ...flagsOf(target), '--reason', reason),
});

export const terminateForm = (target: Target, command: Command): ChangeForm => ({
  title: `Terminate ${target.workflowId}`,
  lines: ['It ends at once. Its code does not run again, and cleans nothing up.'],
  type: target.workflowId,
  danger: true,
  change: (reason) => ({ namespace: target.namespace, path: 'workflows/terminate', body: bodyOf(target, reason) }),
  command: (reason) => command('terminate', ...flagsOf(target), '--reason', reason),
});
