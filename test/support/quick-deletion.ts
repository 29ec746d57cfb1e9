/**
 * Dynamic configuration of the server that speeds up deletion of closed workflows: a deletion waits until the server
 * saves its transfer queue position, every half minute by default.
 */
export const quickDeletion = { 'history.transferProcessorUpdateAckInterval': '1s' };

/** The same as flags of the CLI's development server. */
export const quickDeletionFlags = Object.entries(quickDeletion).map(
  ([name, value]) => `${name}=${JSON.stringify(value)}`,
);
