/** The sample activities, exported by their activity types. */
export { heartbeatOnceMore, ignoreCancellation, listenForCancellation } from './answers-to-cancellation';
export { chargeCard, notifyCustomer, releaseStock, reserveStock, ship } from './orders';
export { packOrder } from './pack-order';
