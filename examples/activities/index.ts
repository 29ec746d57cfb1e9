/** The sample activities, by the name that workflows call them. */
export { heartbeatOnceMore, ignoreCancellation, listenForCancellation } from './answers-to-cancellation';
export { chargeCard, notifyCustomer, releaseStock, reserveStock, ship } from './orders';
export { packOrder } from './pack-order';
