import { heartbeatOnceMore, ignoreCancellation, listenForCancellation } from './answers-to-cancellation';
import { createOrderActivities } from './orders';
import type { OrderActivitiesDependencies } from './orders';
import { packOrder } from './pack-order';

/** Every activity the worker registers, by the name workflows call it. */
export const createActivities = (dependencies: OrderActivitiesDependencies) => ({
  ...createOrderActivities(dependencies),
  packOrder,
  listenForCancellation,
  ignoreCancellation,
  heartbeatOnceMore,
});

/** For `proxyActivities<Activities>` in workflow code. */
export type Activities = ReturnType<typeof createActivities>;
