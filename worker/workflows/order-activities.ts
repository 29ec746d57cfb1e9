import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities';

/** The quick steps of an order: idempotent, so they may be tried again. */
export const { reserveStock, releaseStock, chargeCard, ship, notifyCustomer } = proxyActivities<Activities>({
  startToCloseTimeout: '10 seconds',
  retry: { maximumAttempts: 5 },
});
