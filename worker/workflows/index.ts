/** Every workflow this release knows. The bundle that the worker loads is made from this file. */
export { cancellableOrder } from './cancellable-order';
export { repairableOrder } from './repairable-order';
export { wedgedOrder } from './wedged-order';
