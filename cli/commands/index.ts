import type { Command } from '../declaration';
import { cancel } from './cancel';
import { contextAdd, contextLs, contextRm, contextUse } from './context';
import { count } from './count';
import { ls } from './ls';
import { points } from './points';
import { reset } from './reset';
import { show } from './show';
import { terminate } from './terminate';

/** Commands that hold others. */
export const groups: Record<string, string> = {
  context: 'Choose which API commands call',
};

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  ls,
  count,
  show,
  points,
  cancel,
  terminate,
  reset,
  contextAdd,
  contextLs,
  contextUse,
  contextRm,
];
