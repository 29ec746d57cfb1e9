/** An error that the user can fix. The message says what is wrong and what to do; no stack trace is printed. */
export class UserError extends Error {
  override readonly name = 'UserError';
}
