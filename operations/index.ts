import { pauseActivity, resetActivity, unpauseActivity } from './activities';
import { batch } from './batch/start';
import { resume, suspend } from './batch/suspend';
import { cancel } from './cancel';
import { pause, unpause } from './pause';
import { reset } from './reset/reset';
import { restart } from './restart';
import { terminate } from './terminate';
import { updateOptions } from './update-options';
import type { AnyVerb, WorkflowVerbName } from './verb';

/** Everything Rewind does to workflows, by name. Reconciliation finds the verb of a record in here. */
export const verbs: Record<WorkflowVerbName, AnyVerb> = {
  cancel,
  terminate,
  reset,
  pause,
  unpause,
  restart,
  updateOptions,
  resetActivity,
  pauseActivity,
  unpauseActivity,
  batch,
  suspend,
  resume,
};
