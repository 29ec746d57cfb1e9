import { sleep } from '@temporalio/workflow';
import { order } from './order';

export { completingOrder, failingOrder, restartableOrder } from './good';

/** What this release writes does not replay on the good one. */
export const wedgingOrder = (): Promise<string> => order('wedging', () => sleep('1 hour'));
