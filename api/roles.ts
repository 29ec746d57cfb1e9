/**
 * Roles on a namespace, each with the roles that it includes. Every role may also read, because callers check a workflow
 * before and after a change. `terminator` is separate from `canceller` because a terminated workflow cannot clean up.
 * `batchOperator` includes the roles of all batch actions: the action is in the request body, which IAM does not evaluate.
 * A `redriver` can resend events that triggers rejected and can read their details.
 */
export const roles = {
  reader: [],
  canceller: [],
  terminator: ['canceller'],
  pauser: [],
  resetter: [],
  batchOperator: ['canceller', 'terminator', 'pauser', 'resetter'],
  redriver: [],
} as const;

export type Role = keyof typeof roles;
export const roleNames = Object.keys(roles) as [Role, ...Role[]];
