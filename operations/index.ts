import { pauseActivity, resetActivity, unpauseActivity } from './activities';
import { batch } from './batch/start';
import { completingStop } from './batch/stop';
import { resume, suspend } from './batch/suspend';
import { cancel } from './cancel';
import { pause, unpause } from './pause';
import { reset } from './reset/reset';
import { restart } from './restart';
import { terminate } from './terminate';
import { updateOptions } from './update-options';
import type { AnyVerb, WorkflowVerbName } from './verb';

/** Implementation of each verb, by name. Reconciliation uses it to find the verb of a record. */
export const verbs: Record<WorkflowVerbName, AnyVerb> = {
  // Cancels no workflow of a batch operation, but completes a recorded stop of one.
  cancel: completingStop(cancel),
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
