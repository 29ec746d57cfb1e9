/** Thrown when a deadline passes. The work itself is not cancelled. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

/**
 * Awaits a result until a deadline.
 * @param deadline milliseconds since the epoch; undefined for none
 * @throws {DeadlineError} when the deadline passes first
 */
export async function withDeadline<T>(deadline: number | undefined, result: Promise<T>): Promise<T> {
  if (deadline === undefined) return result;
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DeadlineError('the deadline has passed')), deadline - Date.now());
  });
  return Promise.race([result, timeout]).finally(() => clearTimeout(timer));
}
