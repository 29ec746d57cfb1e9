import type { Command } from '../command-line/declaration';
import { activityPause, activityReset, activityUnpause } from './activity';
import { batchItems } from './batch/items';
import { batchLs } from './batch/ls';
import { batchShow, batchWatch } from './batch/show';
import { batchStart } from './batch/start';
import { batchRetry, batchStop } from './batch/stop';
import { batchResume, batchSuspend } from './batch/suspend';
import { cancel } from './cancel';
import { completion } from './completion';
import { consoleCommand } from './console';
import { contextAdd, contextLs, contextRm, contextUse } from './context';
import { count } from './count';
import { deployCheck } from './deploy-check';
import { eventsLs } from './events/ls';
import { eventsRedrive } from './events/redrive';
import { history } from './history';
import { ls } from './ls';
import { op } from './op';
import { open } from './open';
import { ops } from './ops';
import { pause, unpause } from './pause';
import { points } from './points';
import { reset } from './reset';
import { restart } from './restart';
import { rollback } from './rollback';
import { show } from './show';
import { terminate } from './terminate';
import { updateOptions } from './update-options';

/** Groups of commands, with a summary each. */
export const groups: Record<string, string> = {
  activity: 'Execute pending activities now, or pause them',
  batch: 'Change many workflows: start, watch, suspend, stop, retry',
  events: 'Rejected events: list, redrive',
  context: 'Choose the API that commands call',
};

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  ls,
  count,
  show,
  history,
  points,
  cancel,
  terminate,
  reset,
  pause,
  unpause,
  restart,
  updateOptions,
  activityReset,
  activityPause,
  activityUnpause,
  batchStart,
  batchLs,
  batchShow,
  batchWatch,
  batchItems,
  batchSuspend,
  batchResume,
  batchStop,
  batchRetry,
  eventsLs,
  eventsRedrive,
  rollback,
  ops,
  op,
  open,
  consoleCommand,
  contextAdd,
  contextLs,
  contextUse,
  contextRm,
  deployCheck,
  completion,
];
