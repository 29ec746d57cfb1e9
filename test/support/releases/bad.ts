import { sleep } from '@temporalio/workflow';
import { order } from './order';

export { completingOrder, failingOrder, restartableOrder } from './good';

/** Histories of this release do not replay on the good one. */
export const wedgingOrder = (): Promise<string> => order('wedging', () => sleep('1 hour'));
