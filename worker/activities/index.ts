import { heartbeatOnceMore, ignoreCancellation, listenForCancellation } from './answers-to-cancellation';
import { createBatchActivities } from './batch';
import type { BatchDependencies } from './batch';
import { createOrderActivities } from './orders';
import type { OrderActivitiesDependencies } from './orders';
import { packOrder } from './pack-order';

/** Every activity the worker registers, by the name workflows call it. */
export const createActivities = ({
  batch,
  ...orders
}: OrderActivitiesDependencies & { batch?: BatchDependencies }) => ({
  ...createOrderActivities(orders),
  ...createBatchActivities(batch),
  packOrder,
  listenForCancellation,
  ignoreCancellation,
  heartbeatOnceMore,
});

/** For `proxyActivities<Activities>` in workflow code. */
export type Activities = ReturnType<typeof createActivities>;
