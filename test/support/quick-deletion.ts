/**
 * A switch of the server, with which a workflow that has just closed can be deleted: a deletion waits until the server has
 * recorded how far it has processed, every half minute otherwise.
 */
export const quickDeletion = { 'history.transferProcessorUpdateAckInterval': '1s' };

/** The same, as the CLI's development server takes it. */
export const quickDeletionFlags = Object.entries(quickDeletion).map(
  ([name, value]) => `${name}=${JSON.stringify(value)}`,
);
