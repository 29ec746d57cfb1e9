/**
 * What a person or service may do in a namespace, and the roles whose rights each role includes. Every role may read: a
 * workflow has to be looked at before and after a change. Terminating is a role of its own, because a terminated workflow
 * cleans nothing up. A batch operation cancels, terminates, resets or pauses as its body says, which IAM cannot see,
 * so a batch operator has those rights too. A redriver sends events again that senders of the configured triggers have sent before, and
 * sees their details.
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
