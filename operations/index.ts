import type { VerbName } from '../api';
import { batch } from './batch/start';
import { resume, suspend } from './batch/suspend';
import { cancel } from './cancel';
import { reset } from './reset/reset';
import { terminate } from './terminate';
import type { AnyVerb } from './verb';

/** Everything Rewind does to workflows, by name. Reconciliation finds the verb of a record in here. */
export const verbs: Record<VerbName, AnyVerb> = { cancel, terminate, reset, batch, suspend, resume };
