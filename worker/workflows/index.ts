/** Every workflow this release knows. The bundle that the worker loads is made from this file. */
export { batchOperation } from './batch-operation';
export { cancellableOrder } from './cancellable-order';
export { orderWithChild } from './order-with-child';
export { remindCustomer } from './remind-customer';
export { repairableOrder } from './repairable-order';
export { skipAfterCancellation } from './skip-after-cancellation';
export { studyCancellation } from './study-cancellation';
export { wedgedOrder } from './wedged-order';
