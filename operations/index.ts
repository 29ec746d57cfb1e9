import { pauseActivity, resetActivity, unpauseActivity } from './activities';
import { batch } from './batch/start';
import { resume, suspend } from './batch/suspend';
import { cancel } from './cancel';
import { reset } from './reset/reset';
import { terminate } from './terminate';
import type { AnyVerb, WorkflowVerbName } from './verb';

/** Everything Rewind does to workflows, by name. Reconciliation finds the verb of a record in here. */
export const verbs: Record<WorkflowVerbName, AnyVerb> = {
  cancel,
  terminate,
  reset,
  resetActivity,
  pauseActivity,
  unpauseActivity,
  batch,
  suspend,
  resume,
};
