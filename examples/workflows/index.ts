/** The sample workflows, for a worker: `tsx worker/main.ts --workflows examples/workflows`. */
export { cancellableOrder } from './cancellable-order';
export { orderWithChild } from './order-with-child';
export { remindCustomer } from './remind-customer';
export { repairableOrder } from './repairable-order';
export { skipAfterCancellation } from './skip-after-cancellation';
export { studyCancellation } from './study-cancellation';
export { wedgedOrder } from './wedged-order';
