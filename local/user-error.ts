/** Something went wrong that a person can act on: the message says what, and where it can, what to do. No stack needed. */
export class UserError extends Error {
  override readonly name = 'ExplainedError';
}
