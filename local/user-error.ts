/** An error that the user can correct. The message says what is wrong and what to do; no stack is printed. */
export class UserError extends Error {
  override readonly name = 'UserError';
}
