import type { Workflow } from './describe';
import { commandLine } from './quote';
import { flagsOf } from './workflow-ids';

export interface Finding {
  /** What is wrong, as a sentence. */
  what: string;
  /** Command lines that help. */
  next: string[];
}

/** What is wrong with a workflow, and what helps. Nothing where nothing shows. */
export function findings(workflow: Workflow): Finding[] {
  const target = flagsOf({ workflowId: workflow.workflowId });
  const reset = commandLine(['reset', ...target, '--to', 'before-failure']);
  const points = commandLine(['points', ...target]);
  const found: Finding[] = [];
  if (workflow.status === 'Failed' || workflow.status === 'TimedOut') {
    found.push({ what: `It ${workflow.status === 'Failed' ? 'failed' : 'timed out'}.`, next: [reset, points] });
  }
  const attempt = workflow.pendingWorkflowTask?.attempt ?? 0;
  if (attempt > 1) {
    found.push({
      what: `Its code fails: attempt ${attempt} at the workflow task. Repair the code, or reset to before what broke it.`,
      next: [reset],
    });
  }
  for (const { activityType, attempt: tries, lastFailure } of workflow.pendingActivities) {
    if (lastFailure !== undefined && tries > 1) {
      found.push({ what: `Activity ${activityType} fails: attempt ${tries}, ${lastFailure}.`, next: [] });
    }
  }
  return found;
}
